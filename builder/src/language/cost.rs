use std::time::Duration;

/// What the build of a component needs of the machine. An estimate: it decides what
/// is built first and beside what, never what comes of it.
///
/// The figures in this folder are of the components of `examples/rosetta`, each built
/// alone on two cores with the caches of its tools empty: the largest sum of the
/// proportional set sizes of all processes (`Pss` in `/proc/PID/smaps_rollup`), read
/// 20 times a second, rounded. The times only put them in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Bytes that the tools and start-up take at the most at one time.
    pub memory: u64,
    /// How long a first build takes.
    pub time: Duration,
    /// What a build has for itself while it runs, by a name: builds of one app with
    /// the same name wait for each other.
    pub held: Option<&'static str>,
}

impl Cost {
    /// Megabytes and seconds.
    pub const fn new(megabytes: u64, seconds: u64) -> Cost {
        let time = Duration::from_secs(seconds);
        Cost { memory: megabytes * 1_000_000, time, held: None }
    }
}
