//! What one more instance takes of this process's memory.

use http::{StatusCode, Uri};
use isospin_host::{Held, Probe};

use super::load::Asked;

/// The most instances that are held at once, and the most memory for them.
const MOST_INSTANCES: u64 = 32;
const MOST_MEMORY: u64 = 64 << 20;
/// Fewer than these, and a page more or less decides.
const FEWEST: u64 = 2;

/// Bytes that an instance has after it has answered one request.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// All its linear memories together: what it may touch.
    pub linear: u64,
    /// What it has touched, with all that the host keeps for it. Nothing where
    /// the system does not tell.
    pub resident: Option<f64>,
}

/// Lets instances of a new probe answer, and keeps them. A probe that had
/// instances before would give their memory to new ones.
///
/// # Errors
/// If the component fails.
pub fn measure(probe: &Probe, asked: &Asked) -> Result<Memory, isospin_host::Error> {
    let mut request = asked.request("localhost");
    *request.uri_mut() = whole(&asked.target);
    let mut held = Held::none();
    let ask = |held: &mut Held| -> Result<StatusCode, isospin_host::Error> {
        probe.hold(held, request.clone())
    };
    // The first touches what all share: code, and the image of the memory.
    let before = proportional_set();
    ask(&mut held)?;
    let first = proportional_set();
    let cost = first.zip(before).map_or(0, |(first, before)| first.saturating_sub(before));
    let count = (MOST_MEMORY / cost.max(1)).clamp(FEWEST, MOST_INSTANCES);
    for _ in 0..count {
        ask(&mut held)?;
    }
    let resident = proportional_set().zip(first).map(|(after, first)| {
        // Other threads may have given some back meanwhile.
        after.saturating_sub(first) as f64 / count as f64
    });
    Ok(Memory { linear: held.linear_memory(), resident })
}

/// The target as a guest without a server must be given it.
fn whole(target: &Uri) -> Uri {
    let path = target.path_and_query().map_or("/", |path| path.as_str());
    format!("http://localhost{path}").parse().unwrap_or_else(|_| target.clone())
}

/// Bytes of this process that are in memory; a page that is mapped several times,
/// as those are that instances have not written yet, counts once.
fn proportional_set() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes << 10)
}
