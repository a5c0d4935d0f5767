//! What the builder tells people and machines. Data goes to stdout, words for
//! people to stderr; only this folder knows which of the two a terminal is.

mod ask;
mod bars;
mod code;
mod error;
mod event;
mod gauge;
pub mod human;
mod json;
mod lines;
mod render;
pub mod table;

use std::io::{IsTerminal, Write};

pub use ask::{Ask, break_off_question};
pub use bars::Bars;
pub use code::Code;
pub use error::{Error, Result, Snippet};
pub use event::{
    Answered, Built, Created, Event, Installed, Prepared, Report, Silent, Stage, StageTime,
    milliseconds,
};
pub use gauge::Gauge;
pub use json::JsonLines;
pub use lines::Lines;
pub use render::render;

/// How much is said, and to whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    pub json: bool,
    pub quiet: bool,
    pub verbose: bool,
}

impl Manner {
    /// The report that fits the surroundings.
    pub fn report(self) -> Box<dyn Report> {
        if self.json {
            Box::new(JsonLines)
        } else if !self.quiet && terminal() {
            Box::new(Bars::new(self.verbose))
        } else {
            Box::new(Lines { verbose: self.verbose, quiet: self.quiet })
        }
    }

    /// Shows how far work of so many steps has come, where somebody sees it.
    pub fn gauge(self, steps: usize) -> Gauge {
        Gauge::new(steps, !self.json && !self.quiet && terminal())
    }

    /// Who can be asked: a person at a terminal, unless a machine reads along.
    pub fn ask(self) -> Option<Ask> {
        let person = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        (person && !self.json && !self.quiet).then(Ask::new)
    }

    /// Shows a failure that ends the command.
    pub fn fail(self, error: &Error) {
        if self.json {
            JsonLines.event(&Event::Error { error });
        } else {
            anstream::eprint!("{}", render(error, terminal()));
        }
    }

    /// A sentence for people; nothing when quiet or speaking to a machine.
    pub fn say(self, text: &str) {
        if !self.quiet && !self.json {
            anstream::eprintln!("{text}");
        }
    }
}

/// Data on stdout: the one thing that a pipe should carry.
pub fn print_data(text: &str) {
    // A command goes on although nobody listens any more.
    let _ = writeln!(anstream::stdout(), "{}", text.trim_end());
}

/// The text without the colours that a tool gave it.
pub fn without_colours(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Whether a person reads stderr on a terminal that shows colours.
pub fn terminal() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none()
        && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}
