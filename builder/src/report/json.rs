//! One JSON object per line on stdout, for machines. `schema/events.schema.json`
//! is made of these types.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::event::shown;
use super::render::{Failure, failure};
use super::{Answered, Built, Created, Event, Installed, Prepared, Report, Stage, milliseconds};
use crate::bench::{Ledger, Machine};

/// What a command with `--json` tells while it runs: one object on each line. More
/// kinds of events, and more fields, may come with later versions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
#[schemars(title = "Event")]
pub enum Line<'a> {
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
    Failed { component: &'a str, error: Failure<'a> },
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
    /// A project is there now.
    Created(&'a Created),
    /// A tool is there now.
    Tool(&'a Installed),
    /// A language is ready for first builds: what its tools compile once is there.
    Prepared(&'a Prepared),
    /// A tool could not be installed.
    NotInstalled { tool: &'a str, error: Failure<'a> },
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
    Error { error: Failure<'a> },
}

pub struct JsonLines;

impl Report for JsonLines {
    fn event(&self, event: &Event) {
        print_line(&line(event));
    }
}

/// Prints a line for machines, in one piece: several components may be built at once.
pub fn print_line(line: &Line) {
    let mut text = serde_json::to_vec(line).unwrap_or_default();
    text.push(b'\n');
    // A command goes on although nobody listens any more.
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(&text).and_then(|()| stdout.flush());
}

/// The JSON schema of a line, as text.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Line)).unwrap_or_default();
    text.push('\n');
    text
}

fn line<'a>(event: &Event<'a>) -> Line<'a> {
    match *event {
        Event::Building { components, jobs } => Line::Building { components, jobs },
        Event::Stage { component, stage, cached } => Line::Stage { component, stage, cached },
        Event::Output { component, text } => Line::Output { component, text },
        Event::Built(built) => Line::Built(built),
        Event::Created(created) => Line::Created(created),
        Event::Installed(installed) => Line::Tool(installed),
        Event::Prepared(prepared) => Line::Prepared(prepared),
        Event::Doing { subject, what } => Line::Doing { tool: subject, text: what },
        Event::NotInstalled { tool, error } => Line::NotInstalled { tool, error: failure(error) },
        Event::Failed { component, error } => Line::Failed { component, error: failure(error) },
        Event::Swapped { component, first, took } => Line::Swapped { component, first, took },
        Event::Log { component, text } => Line::Log { component, text },
        Event::Answered(answered) => Line::Answered(answered),
        Event::Note(text) => Line::Note { text },
    }
}
