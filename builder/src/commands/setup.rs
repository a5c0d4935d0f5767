use clap::Args;

use super::LanguageNames;
use crate::report::{Event, Manner, Result};
use crate::suite;
use crate::toolchain::{self, Finder, HOSTS};

/// Every host.
const ALL: &str = "all";

/// Install the tools that are missing
///
/// Each goes into a folder of its own among your files, pinned by version and
/// digest. What will be done is said first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin setup rust zig --hosts=jco")]
pub struct Setup {
    #[command(flatten)]
    languages: LanguageNames,
    /// Also install the hosts that `isospin conform` can run components on, or one of them
    #[arg(long, value_name = "HOST", num_args = 0..=1, require_equals = true, default_missing_value = ALL)]
    hosts: Option<String>,
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
            report.event(&Event::Note(&sentence));
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
            format!("{all}, after {}", crate::report::human::duration(start.elapsed()))
        });
        Ok(())
    }
}
