use clap::Args;

use super::LanguageNames;
use crate::prepare::{identity, prepare};
use crate::report::{Event, Manner, Result, human};
use crate::suite;
use crate::toolchain::{self, Finder, HOSTS};

/// Every host.
const ALL: &str = "all";

/// Install the tools that are missing
///
/// Each goes into a folder of its own among your files, pinned by version and
/// digest. What will be done is said first. Then a first app is built and thrown
/// away: what tools compile once, such as C's library and the JavaScript engine, is
/// there before your own first build.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin setup rust zig --hosts=jco")]
pub struct Setup {
    #[command(flatten)]
    languages: LanguageNames,
    /// Also install the hosts that `isospin conform` can run components on, or one of them
    #[arg(long, value_name = "HOST", num_args = 0..=1, require_equals = true, default_missing_value = ALL)]
    hosts: Option<String>,
    /// Only install: leave to the first build what tools compile once
    #[arg(long)]
    no_prepare: bool,
}

impl Setup {
    /// # Errors
    /// If a tool is missing afterwards, or a language cannot build a first app.
    pub fn run(self, manner: Manner) -> Result<()> {
        let finder = Finder::of_user()?;
        let hosts = match self.hosts.as_deref() {
            None => Vec::new(),
            Some(ALL) => HOSTS.to_vec(),
            Some(name) => suite::tools_of_host(name)?,
        };
        let needs = toolchain::needs(&self.languages.users(), &hosts);
        let plan = toolchain::plan(&finder, &needs)?;
        let mut nothing_to_do = plan.is_empty();
        let report = manner.report();
        for sentence in plan.sentences(&finder) {
            report.event(&Event::Note { text: &sentence });
        }
        let start = std::time::Instant::now();
        let done = plan.run(&finder, report.as_ref())?;
        let mut there = match done.len() {
            1 => "the tool is there".to_owned(),
            count => format!("{count} tools are there"),
        };
        if !self.no_prepare {
            let tools: Vec<_> =
                done.iter().map(|tool| (tool.tool, identity(&tool.version, &tool.path))).collect();
            let prepared = prepare(&self.languages.names(), &tools, report.as_ref())?;
            nothing_to_do &= prepared.iter().all(|language| language.unchanged);
            there.push_str(&match prepared.len() {
                1 => ", the language is prepared".to_owned(),
                count => format!(", {count} languages are prepared"),
            });
        }
        manner.say(&if nothing_to_do {
            format!("{there}: nothing to do")
        } else {
            format!("{there}, after {}", human::duration(start.elapsed()))
        });
        Ok(())
    }
}
