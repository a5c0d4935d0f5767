mod properties;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use isospin_conformance::case::{Case, Mode};
use isospin_conformance::{GuestBuild, Host, Progress, Report, Selection, corpus};

use crate::report::table::width_of_stdout;
use crate::report::{Code, Error, Manner, Result, print_data};
use crate::suite::{
    build_guests, choose_hosts, component_guest, expectations_file, failed, greet, running_host,
};
use crate::{app, files};

/// The app that holds the guests, in the repository.
const GUESTS: &str = "conformance/guests";

/// Run the conformance suite
///
/// Cases and expectations are inside this program. The guests that it builds are in
/// Isospin's repository: run it there, or name the folder. `--component` and `--url`
/// need no sources.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  isospin conform --language rust --case 'outbound/*'
  isospin conform ../isospin/conformance/guests --host all
  isospin conform --component guest.wasm --host myhost.toml --html report.html
  isospin conform --url http://127.0.0.1:8080
  isospin conform --properties --count 1000")]
pub struct Conform {
    /// The app that holds the guests [default: conformance/guests, as in Isospin's repository]
    path: Option<PathBuf>,
    /// Only guests in this language
    #[arg(long = "language", value_name = "LANGUAGE", value_parser = crate::commands::language_names())]
    languages: Vec<String>,
    /// On this host: a name, a file that describes it, a folder of such files, or `all` that are installed [default: embedded]
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// Only cases whose name matches: `topic/name`, a glob of it (`{methods,headers}/*`), or a topic
    #[arg(long = "case", value_name = "GLOB", default_value = "**")]
    case: String,
    /// Only with instances of this kind
    #[arg(long, value_name = "MODE")]
    mode: Option<ModeName>,
    /// A finished guest instead of building ours
    #[arg(long = "component", value_name = "FILE", conflicts_with_all = ["path", "languages"])]
    components: Vec<PathBuf>,
    /// Its environment guest
    #[arg(long, value_name = "FILE", requires = "components")]
    environment_component: Option<PathBuf>,
    /// A host that is running already and serves the guest at its root; `--mode` says which instances it has
    #[arg(long, value_name = "URL", conflicts_with_all = ["path", "languages", "hosts", "components"])]
    url: Option<String>,
    /// Failures that are known of your guest or host, in a file
    #[arg(long, value_name = "FILE")]
    expectations: Vec<PathBuf>,
    /// Write the results as JUnit XML too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the results as one page for browsers too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    properties: properties::Properties,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ModeName {
    Fresh,
    Reused,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Mode {
        match name {
            ModeName::Fresh => Mode::Fresh,
            ModeName::Reused => Mode::Reused,
        }
    }
}

impl Conform {
    /// # Errors
    /// If a guest does not build, a host is missing, or a case fails unexpectedly.
    pub fn run(self, manner: Manner) -> Result<()> {
        let given = self.given_guests()?;
        let guests = || given.map_or_else(|| self.built_guests(manner), Ok);
        if self.properties.are_wanted() {
            return self.properties.run(&guests()?, &self.hosts, manner);
        }
        let cases = self.cases()?;
        let mut expectations = corpus::expectations().map_err(failed)?;
        for file in &self.expectations {
            expectations.extend(expectations_file(file)?);
        }
        let hosts = self.hosts(manner)?;
        let modes = self.mode.map_or_else(Mode::all, |mode| vec![mode.into()]);
        let guests = guests()?;
        // Whoever runs already was greeted when its address was taken.
        if let (None, Some(host)) = (&self.url, hosts.first()) {
            greet(&guests, host.as_ref(), &modes)?;
        }
        let selection = Selection {
            guests,
            hosts: hosts.iter().map(AsRef::as_ref).collect(),
            cases,
            modes,
            expectations,
            stopped: crate::process::interrupted,
        };
        let report = isospin_conformance::run(&selection, &mut Follow { manner });
        self.write(&report, manner)?;
        if crate::process::interrupted() {
            return Err(crate::process::interruption());
        }
        if report.is_good() { Ok(()) } else { Err(failure(&report)) }
    }

    fn cases(&self) -> Result<Vec<Case>> {
        let cases = corpus::cases(&self.case).map_err(failed)?;
        if cases.is_empty() {
            return Err(Error::new(
                Code::Usage,
                format!("--case {}: no case has such a name", self.case),
            ));
        }
        Ok(cases)
    }

    /// Guests that need no build, if such are named.
    fn given_guests(&self) -> Result<Option<Vec<GuestBuild>>> {
        if self.url.is_some() {
            // Which it is cannot be known.
            return Ok(Some(vec![GuestBuild {
                language: "guest".to_owned(),
                component: PathBuf::new(),
                environment: None,
            }]));
        }
        if self.components.is_empty() {
            return Ok(None);
        }
        let environment = self.environment_component.as_deref();
        let guest = |file: &PathBuf| component_guest(file, environment);
        self.components.iter().map(guest).collect::<Result<_>>().map(Some)
    }

    fn built_guests(&self, manner: Manner) -> Result<Vec<GuestBuild>> {
        let app = app::load(Some(self.guests_folder()?))?;
        build_guests(&app, &self.languages, manner)
    }

    /// Where the sources of the guests are.
    fn guests_folder(&self) -> Result<&Path> {
        let default = Path::new(GUESTS);
        match &self.path {
            Some(path) => Ok(path),
            None if default.exists() => Ok(default),
            None => Err(Error::new(
                Code::FileMissing,
                format!("{GUESTS}: the sources of the guests are not here"),
            )
            .cause("they are in Isospin's repository, not in this program")
            .hint("Name their folder: `isospin conform REPOSITORY/conformance/guests`. `--component` and `--url` need no sources.")),
        }
    }

    fn hosts(&self, manner: Manner) -> Result<Vec<Box<dyn Host>>> {
        match &self.url {
            Some(url) => Ok(vec![running_host(url, self.mode.map(Mode::from))?]),
            None => choose_hosts(&self.hosts, &|note| manner.say(note)),
        }
    }

    /// The results, on stdout and in the files that are asked for.
    fn write(&self, report: &Report, manner: Manner) -> Result<()> {
        if manner.json {
            print_data(&serde_json::to_string(report).unwrap_or_default());
        } else {
            print_data(&report.display(width_of_stdout()));
        }
        if let Some(file) = &self.junit {
            files::write(file, report.junit().map_err(failed)?.as_bytes())?;
        }
        if let Some(file) = &self.html {
            files::write(file, report.page().map_err(failed)?.as_bytes())?;
            manner.say(&format!("{}: the page of this run", file.display()));
        }
        Ok(())
    }
}

fn failure(report: &Report) -> Error {
    let summary = &report.summary;
    if summary.failed + summary.unexpected_passes == 0 {
        return Error::new(Code::ConformFailed, "the suite: no case was run")
            .hint("The report says of each case why it does not apply.");
    }
    Error::new(
        Code::ConformFailed,
        format!(
            "the suite: {} cases failed, {} passed although a failure is expected, {} passed",
            summary.failed, summary.unexpected_passes, summary.passed
        ),
    )
}

/// Tells of each failure when it happens, if that is wanted.
struct Follow {
    manner: Manner,
}

impl Progress for Follow {
    fn begin(&mut self, total: usize) {
        self.manner.say(&format!("{total} cases"));
    }

    fn down(&mut self, place: &str, failed: usize, said: &str) {
        self.manner.say(&format!(
            "{place}: the host went down; {failed} cases are tried again, one after the other"
        ));
        if self.manner.verbose {
            said.lines().for_each(|line| self.manner.say(&format!("    {line}")));
        }
    }

    fn done(&mut self, outcome: &isospin_conformance::Outcome) {
        if self.manner.verbose || outcome.is_bad() {
            let (verdict, place) = (outcome.verdict.name(), outcome.place());
            self.manner
                .say(&format!("{verdict:<16} {} on {place}  {}", outcome.language, outcome.case));
        }
    }
}
