//! What is measured in each round: the rows of the ledger.

use schemars::JsonSchema;
use serde::Serialize;

use super::noise::Figure;

/// How instances are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Each request has an instance of its own.
    Fresh,
    /// An instance answers many requests, one after the other.
    Reused,
}

impl Mode {
    pub const ALL: [Mode; 2] = [Mode::Fresh, Mode::Reused];

    pub fn name(self) -> &'static str {
        match self {
            Mode::Fresh => "fresh",
            Mode::Reused => "reused",
        }
    }
}

/// A moment of an answer, seen from a client that has one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Its head is there; the median of the requests.
    FirstByte,
    /// It is whole, for half of the requests at least.
    P50,
    /// For nine in ten.
    P90,
    /// For 99 in a hundred.
    P99,
}

impl Moment {
    pub const ALL: [Moment; 4] = [Moment::FirstByte, Moment::P50, Moment::P90, Moment::P99];

    fn key(self) -> &'static str {
        match self {
            Moment::FirstByte => "first_byte",
            Moment::P50 => "p50",
            Moment::P90 => "p90",
            Moment::P99 => "p99",
        }
    }
}

/// One thing that a round measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// From the component's bytes to code that can be instantiated.
    Compile,
    /// The same when the compiled code is in the cache.
    Load,
    /// A new instance with all that it needs to live.
    Instantiate,
    /// Memory of this process for one more instance that has answered a request.
    ResidentMemory,
    Answer(Mode, Moment),
    /// Answers in a second, with so many connections.
    Requests(Mode, usize),
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Unit {
    #[serde(rename = "ms")]
    Milliseconds,
    #[serde(rename = "bytes")]
    Bytes,
    #[serde(rename = "1/s")]
    PerSecond,
}

impl Unit {
    /// The figure in the unit that people read best, with that unit.
    pub fn shown(self, figure: Figure) -> String {
        let (factor, name) = match self {
            Unit::Milliseconds if figure.value >= 1e3 => (1e-3, " s"),
            // Answers stay in one unit; instances take less by far.
            Unit::Milliseconds if figure.value < 0.02 => (1e3, " µs"),
            Unit::Milliseconds => (1.0, " ms"),
            Unit::Bytes if figure.value >= 1e6 => (1e-6, " MB"),
            Unit::Bytes => (1e-3, " KB"),
            Unit::PerSecond => (1.0, "/s"),
        };
        format!("{}{name}", figure.scaled(factor))
    }
}

impl Measure {
    /// All of them, in the order of the ledger.
    pub fn all(connections: &[usize]) -> Vec<Measure> {
        let mut all =
            vec![Measure::Compile, Measure::Load, Measure::Instantiate, Measure::ResidentMemory];
        for mode in Mode::ALL {
            all.extend(Moment::ALL.map(|moment| Measure::Answer(mode, moment)));
            all.extend(connections.iter().map(|count| Measure::Requests(mode, *count)));
        }
        all
    }

    /// As data name it.
    pub fn key(self) -> String {
        match self {
            Measure::Compile => "compile".to_owned(),
            Measure::Load => "load".to_owned(),
            Measure::Instantiate => "instantiate".to_owned(),
            Measure::ResidentMemory => "resident_memory".to_owned(),
            Measure::Answer(mode, moment) => format!("{}_{}", mode.name(), moment.key()),
            Measure::Requests(mode, connections) => {
                format!("{}_requests_at_{connections}", mode.name())
            }
        }
    }

    /// As people read it.
    pub fn label(self) -> String {
        match self {
            Measure::ResidentMemory => "memory, resident".to_owned(),
            Measure::Answer(mode, moment) => {
                format!("{}, {}", mode.name(), moment.key().replace('_', " "))
            }
            Measure::Requests(mode, 1) => format!("{}, 1 connection", mode.name()),
            Measure::Requests(mode, connections) => {
                format!("{}, {connections} connections", mode.name())
            }
            _ => self.key(),
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Measure::ResidentMemory => Unit::Bytes,
            Measure::Requests(..) => Unit::PerSecond,
            _ => Unit::Milliseconds,
        }
    }
}
