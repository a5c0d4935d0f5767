use std::path::{Path, PathBuf};

use clap::Args;

use super::choose::{self, name_in};
use super::language_names;
use crate::create;
use crate::report::{Ask, Code, Error, Event, Manner, Result};

/// The name that is proposed where it is free.
const PROPOSED: &str = "hello";

/// Begin an app
///
/// On a terminal it asks what is not said.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin new hello --language rust --template api")]
pub struct New {
    /// The folder to make, which is called as the app
    name: Option<PathBuf>,
    /// The language of its component
    #[arg(long, value_name = "LANGUAGE", value_parser = language_names())]
    language: Option<String>,
    /// What to begin with: a template of ours, or a folder, .tar.gz or .zip of yours [default: hello]
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
}

impl New {
    /// # Errors
    /// If something is missing or wrong; nothing is then made.
    pub fn run(self, manner: Manner) -> Result<()> {
        let ask = manner.ask();
        let folder = match (self.name, &ask) {
            (Some(name), _) => name,
            (None, Some(ask)) => ask_name(ask)?,
            (None, None) => return Err(no_name()),
        };
        let name = name_in(&folder)?;
        // Before anything is asked in vain.
        create::check_free(&folder)?;
        let start =
            choose::start(self.language.as_deref(), self.template.as_deref(), ask.as_ref())?;
        let created = create::new_app(&folder, &name, &start)?;
        manner.report().event(&Event::Created(&created));
        let enter = format!("cd {}", folder.display());
        let steps = [enter].into_iter().chain(created.before.iter().cloned());
        let steps: String = steps.map(|step| format!("  {step}\n")).collect();
        manner.say(&format!("\nBuild and serve it:\n{steps}  isospin up"));
        Ok(())
    }
}

fn ask_name(ask: &Ask) -> Result<PathBuf> {
    let is_wrong = |text: &str| {
        let folder = Path::new(text);
        name_in(folder).and_then(|_| create::check_free(folder)).err()
    };
    let check = |text: &str| match is_wrong(text) {
        None => Ok(()),
        Some(error) => Err(format!("{error}. {}", error.advice().unwrap_or_default())),
    };
    let numbered = (2..100).map(|number| format!("{PROPOSED}-{number}"));
    let mut proposals = [PROPOSED.to_owned()].into_iter().chain(numbered);
    let proposed = proposals.find(|name| is_wrong(name).is_none());
    ask.text("Name", proposed.as_deref().unwrap_or(PROPOSED), check).map(PathBuf::from)
}

fn no_name() -> Error {
    Error::new(Code::Usage, "the name is missing, and there is no terminal to ask on")
        .hint("Say it: `isospin new hello --language LANGUAGE`.")
}
