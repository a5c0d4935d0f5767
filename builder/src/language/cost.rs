use std::time::Duration;

/// What the build of a component needs of the machine. An estimate: it decides what
/// is built first and beside what, never what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Bytes that the tools and start-up take at the most at one time.
    pub memory: u64,
    /// How long a first build takes.
    pub time: Duration,
    /// Builds of the same app and language wait for each other.
    pub one_at_a_time: bool,
}

impl Cost {
    /// Megabytes and seconds.
    pub const fn new(megabytes: u64, seconds: u64) -> Cost {
        let time = Duration::from_secs(seconds);
        Cost { memory: megabytes * 1_000_000, time, one_at_a_time: false }
    }
}
