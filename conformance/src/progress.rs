//! How a run is followed while it goes on.

use crate::report::Outcome;

/// Is told what happens. All of it may be ignored.
pub trait Progress {
    /// So many runs of cases are to come.
    fn begin(&mut self, total: usize) {
        let _ = total;
    }

    /// A host went down while cases talked to it: those that failed, so many, are
    /// tried again, one after the other. `place` is the language and the host,
    /// `said` the last that the host printed.
    fn down(&mut self, place: &str, failed: usize, said: &str) {
        let _ = (place, failed, said);
    }

    /// A case is done with.
    fn done(&mut self, outcome: &Outcome) {
        let _ = outcome;
    }
}

/// Says nothing.
pub struct Silent;

impl Progress for Silent {}
