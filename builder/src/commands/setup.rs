use clap::Args;

use super::{LanguageNames, choose};
use crate::pipeline::{self, Options};
use crate::report::{Event, Manner, Result, Silent, human};
use crate::toolchain::{self, Finder, HOSTS};
use crate::{app, create, files, suite};

/// Every host.
const ALL: &str = "all";

/// Install the tools that are missing
///
/// Each goes into a folder of its own among your files, pinned by version and
/// digest. What will be done is said first.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  isospin setup rust zig --hosts=jco\n  isospin setup c --prepare"
)]
pub struct Setup {
    #[command(flatten)]
    languages: LanguageNames,
    /// Also install the hosts that `isospin conform` can run components on, or one of them
    #[arg(long, value_name = "HOST", num_args = 0..=1, require_equals = true, default_missing_value = ALL)]
    hosts: Option<String>,
    /// Also build a first app in each language: what tools compile once, such as C's library and
    /// the JavaScript engine, is then there before your own first build
    #[arg(long)]
    prepare: bool,
}

impl Setup {
    /// # Errors
    /// If a tool is missing afterwards.
    pub fn run(self, manner: Manner) -> Result<()> {
        let finder = Finder::of_user()?;
        let hosts = match self.hosts.as_deref() {
            None => Vec::new(),
            Some(ALL) => HOSTS.to_vec(),
            Some(name) => suite::tools_of_host(name)?,
        };
        let needs = toolchain::needs(&self.languages.users(), &hosts);
        let plan = toolchain::plan(&finder, &needs)?;
        let nothing_to_do = plan.is_empty();
        let report = manner.report();
        for sentence in plan.sentences(&finder) {
            report.event(&Event::Note { text: &sentence });
        }
        let start = std::time::Instant::now();
        let done = plan.run(&finder, report.as_ref())?;
        let all = match done.len() {
            1 => "the tool is there".to_owned(),
            count => format!("{count} tools are there"),
        };
        manner.say(&if nothing_to_do {
            format!("{all}, nothing to do")
        } else {
            format!("{all}, after {}", human::duration(start.elapsed()))
        });
        if self.prepare {
            self.languages.users().iter().try_for_each(|user| prepare(user.name, manner))?;
        }
        Ok(())
    }
}

/// Builds the first template of a language, and throws the app away.
fn prepare(language: &str, manner: Manner) -> Result<()> {
    let what = "builds a first app, so that what is compiled once is there";
    manner.report().event(&Event::Doing { tool: language, text: what });
    let start = std::time::Instant::now();
    let folder = files::temporary_folder()?;
    let path = folder.path().join("first");
    create::new_app(&path, "first", &choose::start(Some(language), None, None)?)?;
    pipeline::build(&app::load(Some(&path))?, &Options::default(), &Silent)?;
    manner.say(&format!("{language}: prepared in {}", human::duration(start.elapsed())));
    Ok(())
}
