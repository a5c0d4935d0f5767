//! What happens during a command, as data.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::Error;
use crate::bench::{Ledger, Machine};

/// A stage of the pipeline, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    Resolve,
    Compile,
    Snapshot,
    Componentize,
    Check,
}

impl Stage {
    pub fn name(self) -> &'static str {
        match self {
            Stage::Resolve => "resolve",
            Stage::Compile => "compile",
            Stage::Snapshot => "snapshot",
            Stage::Componentize => "componentize",
            Stage::Check => "check",
        }
    }
}

/// How long a stage took.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct StageTime {
    pub stage: Stage,
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    #[schemars(with = "f64")]
    pub duration: Duration,
    /// An earlier build had done it: nothing was done.
    pub cached: bool,
}

/// A finished component as it is reported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Built {
    pub component: String,
    pub language: &'static str,
    #[serde(serialize_with = "shown")]
    #[schemars(with = "String")]
    pub path: PathBuf,
    /// Bytes of the file.
    pub size: u64,
    pub sha256: String,
    /// Nothing had changed, so nothing was done.
    pub unchanged: bool,
    /// An earlier build made the same, here or elsewhere: it was taken from there.
    pub cached: bool,
    pub stages: Vec<StageTime>,
}

/// A project that was made of a template, as it is reported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Created {
    /// The app's or component's name.
    pub name: String,
    #[serde(serialize_with = "shown")]
    #[schemars(with = "String")]
    pub path: PathBuf,
    pub template: String,
    /// The languages of its components, in the manifest's order.
    pub languages: Vec<&'static str>,
    /// Commands that come before the first build.
    pub before: Vec<String>,
}

/// A tool that a set-up installed or found, as it is reported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Installed {
    pub tool: &'static str,
    pub version: String,
    #[serde(serialize_with = "shown")]
    #[schemars(with = "String")]
    pub path: PathBuf,
    /// Where it was found, in one word.
    pub origin: &'static str,
    /// It was there already: nothing was done.
    pub unchanged: bool,
    /// Bytes of the folder that was made for it.
    pub size: u64,
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    #[schemars(with = "f64")]
    pub took: Duration,
}

/// A language whose tools have compiled what they compile once, as it is reported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Prepared {
    pub language: &'static str,
    /// It was prepared before: nothing was done.
    pub unchanged: bool,
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    #[schemars(with = "f64")]
    pub took: Duration,
}

/// A request and its answer, as they are reported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Answered {
    /// Nothing if no route leads there.
    pub component: Option<String>,
    pub method: String,
    pub target: String,
    pub status: u16,
    /// Whether an instance was made for it; nothing if no component had part in it.
    pub cold: Option<bool>,
    /// Until the answer began.
    #[serde(rename = "first_milliseconds", serialize_with = "milliseconds")]
    #[schemars(with = "f64")]
    pub first: Duration,
    /// Until it ended.
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    #[schemars(with = "f64")]
    pub total: Duration,
    pub bytes: u64,
}

/// What a command tells while it runs. With `--json` it is one object on each line. More
/// kinds of events, and more fields, may come with later versions.
// `schema/events.schema.json` is made of this type.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A build begins.
    Building {
        components: usize,
        /// How many of them at once, at the most.
        jobs: usize,
    },
    /// A component's stage begins.
    Stage {
        component: &'a str,
        stage: Stage,
        /// An earlier build has done it: it is over at once.
        cached: bool,
    },
    /// What tools printed although they succeeded, of one component: warnings.
    Output { component: &'a str, text: &'a str },
    /// A component is finished.
    Built(&'a Built),
    /// A component could not be built, or its app could not be read (the component
    /// is then empty).
    Failed { component: &'a str, error: &'a Error },
    /// New code of a component answers from now on.
    Swapped {
        component: &'a str,
        /// There was none before.
        first: bool,
        /// Since the edit.
        #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
        #[schemars(with = "f64")]
        took: Duration,
    },
    /// A component, or the host about it, wrote a line.
    Log { component: &'a str, text: &'a str },
    /// A request was answered.
    Answered(&'a Answered),
    /// A sentence about what is being done.
    Note { text: &'a str },
    /// Something that takes a while is done to a tool, or by those of a language.
    Doing { tool: &'a str, text: &'a str },
    /// A language is ready for first builds: what its tools compile once is there.
    Prepared(&'a Prepared),
    /// A project is there now.
    Created(&'a Created),
    /// A tool is there now.
    #[serde(rename = "tool")]
    Installed(&'a Installed),
    /// A tool could not be installed.
    NotInstalled { tool: &'a str, error: &'a Error },
    /// A component is served.
    Serving { component: &'a str, route: &'a str, address: &'a str },
    /// Where the dashboard of `isospin dev` is.
    Dashboard { address: &'a str },
    /// What builds made is removed.
    Cleaned {
        #[serde(serialize_with = "shown")]
        #[schemars(with = "String")]
        path: &'a Path,
        /// Bytes that were freed.
        size: u64,
    },
    /// What was measured of a component.
    Ledger(&'a Ledger),
    /// Where it was measured.
    Machine(&'a Machine),
    /// The command ends with this failure.
    Error { error: &'a Error },
}

impl Event<'_> {
    /// The JSON schema of an event, as text.
    pub fn schema() -> String {
        let schema = schemars::schema_for!(Event);
        let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Receives events; each kind of surroundings (terminal, pipe, machine) has its own.
pub trait Report: Send + Sync {
    fn event(&self, event: &Event);

    /// Takes away what is shown of work under way: it was given up.
    fn clear(&self) {}

    /// Whether tools should print colours.
    fn colour(&self) -> bool {
        false
    }
}

/// Says nothing.
pub struct Silent;

impl Report for Silent {
    fn event(&self, _event: &Event) {}
}

/// A path as people read it, which need not be UTF-8.
pub fn shown<S: serde::Serializer>(
    path: impl AsRef<Path>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.as_ref().to_string_lossy())
}

/// Milliseconds with three decimals, as machines read them.
pub fn milliseconds<S: serde::Serializer>(
    duration: &Duration,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_f64((duration.as_secs_f64() * 1e6).round() / 1e3)
}
