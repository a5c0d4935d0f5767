//! What figures were taken on: without it they mean nothing.

use schemars::JsonSchema;
use serde::Serialize;

/// The programs and the machine of a run. Beside the figures as data it is an
/// object of its own, with `"event": "machine"`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Machine {
    /// Version of this program, which is the host.
    pub isospin: &'static str,
    /// `release`, or `debug`: then the figures are not for publication.
    pub build: &'static str,
    /// Version of the runtime.
    pub wasmtime: &'static str,
    pub system: String,
    /// The processor's own name, where it can be known.
    pub processor: Option<String>,
    /// How many processors may be used.
    pub processors: usize,
    /// Load average over a minute, before the first round and after the last.
    pub load_before: Option<f64>,
    pub load_after: Option<f64>,
}

impl Machine {
    /// As it is now; [`Machine::after`] completes it.
    pub fn before() -> Machine {
        Machine {
            isospin: env!("CARGO_PKG_VERSION"),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            wasmtime: isospin_host::WASMTIME_VERSION,
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            processor: processor(),
            processors: std::thread::available_parallelism().map_or(1, |count| count.get()),
            load_before: load_average(),
            load_after: None,
        }
    }

    #[must_use]
    pub fn after(self) -> Machine {
        Machine { load_after: load_average(), ..self }
    }

    /// Whether figures of it may be shown to others.
    pub fn is_debug(&self) -> bool {
        self.build == "debug"
    }
}

/// In one line.
impl std::fmt::Display for Machine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Machine { isospin, build, wasmtime, system, processors, .. } = self;
        let warning = if self.is_debug() { ": not for publication" } else { "" };
        write!(
            formatter,
            "isospin {isospin} ({build} build{warning}), Wasmtime {wasmtime}, {system}"
        )?;
        if let Some(processor) = &self.processor {
            write!(formatter, ", {processor}")?;
        }
        let plural = if *processors == 1 { "" } else { "s" };
        write!(formatter, ", {processors} processor{plural}")?;
        match (self.load_before, self.load_after) {
            (Some(before), Some(after)) => {
                write!(formatter, ", load average {before:.1} to {after:.1}")
            }
            _ => Ok(()),
        }
    }
}

/// Nothing where the system does not tell.
fn load_average() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
