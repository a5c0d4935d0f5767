use std::path::PathBuf;

use clap::{Args, ValueEnum};
use isospin_conformance::case::Mode;
use isospin_conformance::host::RunningHost;
use isospin_conformance::{GuestBuild, Host, Progress, Selection, corpus};

use crate::app;
use crate::report::{Code, Error, Manner, Result, print_data};
use crate::suite::{build_guests, embedded_host, failed, installed_host};

/// Run the conformance suite
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  isospin conform --language rust --host embedded --case 'outbound/*'"
)]
pub struct Conform {
    /// The app that holds the guests [default: conformance/guests]
    path: Option<PathBuf>,
    /// Only guests in this language
    #[arg(long = "language", value_name = "LANGUAGE", value_parser = super::language_names())]
    languages: Vec<String>,
    /// Only on this host [default: the embedded one and all that are installed]
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// Only cases whose name matches: `topic/name`, a glob of it, or a topic
    #[arg(long = "case", value_name = "GLOB", default_value = "**")]
    case: String,
    /// Only with instances of this kind
    #[arg(long, value_name = "MODE")]
    mode: Option<ModeName>,
    /// A finished guest instead of building ours
    #[arg(long, value_name = "FILE", conflicts_with_all = ["path", "languages"])]
    component: Option<PathBuf>,
    /// Its environment guest
    #[arg(long, value_name = "FILE", requires = "component")]
    environment_component: Option<PathBuf>,
    /// A host that is running already and serves the guest at its root
    #[arg(long, value_name = "URL", conflicts_with_all = ["path", "languages", "hosts", "component"])]
    url: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ModeName {
    Fresh,
    Reused,
}

impl Conform {
    /// # Errors
    /// If a guest does not build, a host is missing, or a case fails unexpectedly.
    pub fn run(self, manner: Manner) -> Result<()> {
        let cases = corpus::cases(&self.case).map_err(failed)?;
        if cases.is_empty() {
            return Err(Error::new(
                Code::Usage,
                format!("--case {}: no case has such a name", self.case),
            ));
        }
        let hosts = self.hosts()?;
        let modes = match self.mode {
            None => Mode::all(),
            Some(ModeName::Fresh) => vec![Mode::Fresh],
            Some(ModeName::Reused) => vec![Mode::Reused],
        };
        let selection = Selection {
            guests: self.guests(manner)?,
            hosts: hosts.iter().map(AsRef::as_ref).collect(),
            cases,
            modes,
            expectations: corpus::expectations().map_err(failed)?,
            stopped: crate::process::interrupted,
        };
        let report = isospin_conformance::run(&selection, &mut Follow { manner });
        if manner.json {
            print_data(&serde_json::to_string(&report).unwrap_or_default());
        } else {
            print_data(&report.display());
        }
        if crate::process::interrupted() {
            return Err(crate::process::interruption());
        }
        if report.is_good() {
            return Ok(());
        }
        let summary = &report.summary;
        Err(Error::new(
            Code::ConformFailed,
            format!(
                "the suite: {} cases failed, {} passed although a failure is expected, {} passed",
                summary.failed, summary.unexpected_passes, summary.passed
            ),
        ))
    }

    fn guests(&self, manner: Manner) -> Result<Vec<GuestBuild>> {
        if let Some(url) = &self.url {
            return Ok(vec![GuestBuild {
                language: url.clone(),
                component: PathBuf::new(),
                environment: None,
            }]);
        }
        if let Some(file) = &self.component {
            let language = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let absolute =
                |file: &PathBuf| std::path::absolute(file).unwrap_or_else(|_| file.clone());
            let environment = self.environment_component.as_ref().map(absolute);
            return Ok(vec![GuestBuild { language, component: absolute(file), environment }]);
        }
        let default = PathBuf::from("conformance/guests");
        let app = app::load(Some(self.path.as_ref().unwrap_or(&default)))?;
        build_guests(&app, &self.languages, manner)
    }

    fn hosts(&self) -> Result<Vec<Box<dyn Host>>> {
        if let Some(url) = &self.url {
            let mode = if matches!(self.mode, Some(ModeName::Reused)) {
                Mode::Reused
            } else {
                Mode::Fresh
            };
            let host = RunningHost::new(url, mode)
                .map_err(|error| Error::new(Code::Usage, format!("--url {error:#}")))?;
            return Ok(vec![Box::new(host)]);
        }
        let adapters = corpus::adapters().map_err(failed)?;
        let known =
            |name: &String| name == "embedded" || adapters.iter().any(|(other, _)| other == name);
        if let Some(unknown) = self.hosts.iter().find(|name| !known(name)) {
            let names: Vec<&str> = adapters.iter().map(|(name, _)| name.as_str()).collect();
            return Err(Error::new(
                Code::Usage,
                format!("--host {unknown}: there is no such host"),
            )
            .hint(format!("There are embedded, {}.", names.join(", "))));
        }
        let wanted =
            |name: &str| self.hosts.is_empty() || self.hosts.iter().any(|other| other == name);
        let mut hosts: Vec<Box<dyn Host>> = Vec::new();
        if wanted("embedded") {
            hosts.push(embedded_host()?);
        }
        for (name, adapter) in adapters {
            if !wanted(&name) {
                continue;
            }
            match installed_host(&name, adapter) {
                Ok(host) => hosts.push(host),
                // Unasked, only what is installed is used.
                Err(error) if self.hosts.is_empty() && error.code() != Code::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(hosts)
    }
}

/// Tells of each failure when it happens, if that is wanted.
struct Follow {
    manner: Manner,
}

impl Progress for Follow {
    fn begin(&mut self, total: usize) {
        self.manner.say(&format!("{total} cases"));
    }

    fn done(&mut self, outcome: &isospin_conformance::Outcome) {
        if self.manner.verbose || outcome.is_bad() {
            let (mode, verdict) = (outcome.mode.name(), outcome.verdict.name());
            self.manner.say(&format!(
                "{verdict:<16} {} on {} ({mode})  {}",
                outcome.language, outcome.host, outcome.case
            ));
        }
    }
}
