use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use clap::{Args, ValueHint};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use isospin_host::{Component, Limits, Route, Source};

use super::build::ProfileChoice;
use super::serve::variable;
use super::up::set_up;
use crate::app;
use crate::bench::run::shortest_time;
use crate::bench::{Asked, Ledger, Machine, Measure, Options, Subject, chart, measure, table};
use crate::files;
use crate::pipeline;
use crate::report::table::width_of_stdout;
use crate::report::{Code, Error, Event, JsonLines, Manner, Report as _, Result, print_data};
use crate::serving;

/// Measure cold start, requests and memory
///
/// Each component is measured in several rounds, in turn with the others: its
/// size; how long it takes to be compiled, loaded from compiled code and
/// instantiated; when its answers begin and are whole, each from a fresh instance
/// and from one that is reused; how many it gives in a second; and its memory. No
/// figure is shown with more digits than the noise between the rounds allows.
///
/// The load is a closed loop on this machine: each connection sends its next
/// request when it has the whole answer to the last.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  isospin bench examples/hello --chart hello.svg\n  isospin bench new.wasm --vs old.wasm --path /orders --header 'accept: text/plain'"
)]
pub struct Bench {
    /// A component's file, or an app's folder or manifest, which is built first [default: the nearest app]
    path: Option<PathBuf>,
    /// Measure only the component of this name
    #[arg(long, value_name = "NAME")]
    component: Option<String>,
    /// Another component's file, measured in the same rounds: shows ratios to it
    #[arg(long, value_name = "FILE.wasm", value_hint = ValueHint::FilePath)]
    vs: Option<PathBuf>,
    /// Draws the figures into this file
    #[arg(long, value_name = "FILE.svg", value_hint = ValueHint::FilePath)]
    chart: Option<PathBuf>,
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    rounds: RoundOptions,
    /// Install the tools that are missing, without asking
    #[arg(long)]
    setup: bool,
    #[command(flatten)]
    profile: ProfileChoice,
    /// A variable for single files: NAME=VALUE
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, String)>,
    /// An address that single files may call, such as "https://example.com"
    #[arg(long, value_name = "ADDRESS")]
    outbound: Vec<String>,
}

/// What is asked.
#[derive(Debug, Args)]
struct RequestOptions {
    /// Path and query to ask for; of an app's component, below its route [default: /]
    #[arg(long = "path", value_name = "PATH", value_parser = path_and_query)]
    target: Option<String>,
    /// The request's method [default: GET, or POST with `--data`]
    #[arg(long, value_name = "METHOD")]
    method: Option<Method>,
    /// A field of the request's head: "NAME: VALUE"
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// The request's body; `@FILE` takes it from a file
    #[arg(long, visible_alias = "body", value_name = "TEXT|@FILE")]
    data: Option<String>,
}

/// How long, how often, and with how many clients.
#[derive(Debug, Args)]
struct RoundOptions {
    /// Rounds; with fewer than six, less is known of the noise
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..=999))]
    rounds: u16,
    /// Seconds of load on each component, all rounds together
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = super::serve::seconds)]
    duration: f64,
    /// Connections at once with which requests per second are measured
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_values_t = [1, 16, 64], value_parser = clap::value_parser!(u16).range(1..=256))]
    connections: Vec<u16>,
    /// Requests that a reused instance answers, one after the other
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..))]
    reuse: u32,
    /// Memory that an instance may have, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..=4096))]
    memory: u64,
}

impl Bench {
    /// # Errors
    /// If a component does not build, cannot be loaded, or gives no good answer;
    /// or if the chart cannot be written.
    pub fn run(self, manner: Manner) -> Result<()> {
        let options = self.rounds.options()?;
        // Known before anything is measured, not after.
        self.chart.as_deref().map_or(Ok(()), files::check_writable)?;
        let other = self.vs.as_deref().map(|file| self.file(file)).transpose()?;
        let mut subjects = self.subjects(manner)?;
        let other = other.map(|other| renamed(other, &subjects));
        let compared = other.is_some();
        // The one that all are compared with is the first.
        subjects.splice(0..0, other);
        let machine = Machine::before();
        if machine.is_debug() {
            manner.say("bench: this isospin is a debug build; its figures are not for publication");
        }
        let turns = subjects.len() * options.rounds;
        let gauge = manner.gauge(turns);
        let records = measure(subjects, &options, move |done, text| gauge.show(done, text))?;
        let machine = machine.after();
        let other = records.first().filter(|_| compared);
        let ledgers: Vec<Ledger> = records
            .iter()
            .enumerate()
            .map(|(index, record)| Ledger::new(record, &options, other.filter(|_| index > 0)))
            .collect();
        print(&ledgers, &options, &machine, manner);
        match &self.chart {
            Some(path) => draw(path, &ledgers, &options, &machine, manner),
            None => Ok(()),
        }
    }

    /// A file, or the app's components after they were built.
    fn subjects(&self, manner: Manner) -> Result<Vec<Subject>> {
        let is_file = |path: &&Path| path.is_file() && !path.ends_with(app::MANIFEST);
        if let Some(file) = self.path.as_deref().filter(is_file) {
            if self.component.is_some() {
                return Err(usage("`--component` is for an app", "A file holds one component."));
            }
            return Ok(vec![self.file(file)?]);
        }
        if !self.env.is_empty() || !self.outbound.is_empty() {
            let hint = "An app says in its isospin.toml what each component gets.";
            return Err(usage("`--env` and `--outbound` are for a single file", hint));
        }
        let app = app::load(self.path.as_deref())?;
        set_up(&app, self.setup, manner)?;
        let (profile, only) = (self.profile.profile(), self.component.clone());
        let options = pipeline::Options { profile, only, ..pipeline::Options::default() };
        let built = pipeline::build(&app, &options, manner.report().as_ref())?;
        let chosen = app
            .components
            .iter()
            .filter(|component| built.iter().any(|built| built.component == component.name));
        chosen
            .map(|component| {
                Ok(Subject {
                    component: serving::mount(&app, component)?,
                    asked: self.request.asked(&component.route)?,
                })
            })
            .collect()
    }

    fn file(&self, path: &Path) -> Result<Subject> {
        let environment: BTreeMap<String, String> = self.env.iter().cloned().collect();
        let component = serving::single(path, environment, self.outbound.clone());
        // What cannot be read is told before anything else is done.
        files::read(path)?;
        Ok(Subject { component, asked: self.request.asked(&Route::everything())? })
    }
}

impl RequestOptions {
    /// The request for a component with this route.
    fn asked(&self, route: &Route) -> Result<Asked> {
        let body = match self.data.as_deref() {
            None => Bytes::new(),
            Some(data) => match data.strip_prefix('@') {
                Some(file) => files::read(Path::new(file))?.into(),
                None => Bytes::from(data.to_owned()),
            },
        };
        let fallback = if self.data.is_some() { Method::POST } else { Method::GET };
        let below = self.target.as_deref();
        let target = match route {
            Route::Prefix(path) => format!("{path}{}", below.unwrap_or("/")),
            Route::Exact(path) => format!("{path}{}", below.unwrap_or_default()),
        };
        let target = if target.starts_with('/') { target } else { format!("/{target}") };
        let asked = Asked::path(&target).map_err(|error| {
            usage(
                &format!("--path: `{target}` cannot be asked for ({error})"),
                "Percent-encode what is no ASCII.",
            )
        })?;
        let headers: HeaderMap = self.header.iter().cloned().collect();
        Ok(Asked { method: self.method.clone().unwrap_or(fallback), headers, body, ..asked })
    }
}

impl RoundOptions {
    fn options(&self) -> Result<Options> {
        let mut connections: Vec<usize> =
            self.connections.iter().copied().map(usize::from).collect();
        connections.sort_unstable();
        connections.dedup();
        let (rounds, time) = (usize::from(self.rounds), Duration::from_secs_f64(self.duration));
        let shortest = shortest_time(rounds, &connections);
        if time < shortest {
            let message = format!("--duration {}: too short for {rounds} rounds", self.duration);
            let hint = format!("These rounds need {:.2} s at least.", shortest.as_secs_f64());
            return Err(usage(&message, &hint));
        }
        let most = connections.last().copied().unwrap_or(1);
        let limits = Limits::default();
        let limits = Limits {
            memory: self.memory << 20,
            // No connection waits for a place: the guests are measured, not the queue.
            concurrent: limits.concurrent.max(most),
            ..limits
        };
        Ok(Options { rounds, time, connections, reuse: self.reuse, limits })
    }
}

fn print(ledgers: &[Ledger], options: &Options, machine: &Machine, manner: Manner) {
    if manner.json {
        ledgers.iter().for_each(|ledger| JsonLines.event(&Event::Ledger(ledger)));
        JsonLines.event(&Event::Machine(machine));
        return;
    }
    let measures = Measure::all(&options.connections);
    print_data(&table::render(ledgers, &measures, width_of_stdout()));
    print_data(&format!("\n{}\n{machine}", table::legend(ledgers, options.rounds, options.reuse)));
}

fn draw(
    path: &Path,
    ledgers: &[Ledger],
    options: &Options,
    machine: &Machine,
    manner: Manner,
) -> Result<()> {
    let picture = chart::draw(ledgers, &options.connections, machine).map_err(|error| {
        Error::new(Code::MeasureFailed, format!("{}: it cannot be drawn", path.display()))
            .cause(error.to_string())
    })?;
    files::write(path, picture.as_bytes())?;
    manner.say(&format!("bench: drawn into {}", path.display()));
    Ok(())
}

/// A build of the same component in another folder is called by its path.
fn renamed(other: Subject, subjects: &[Subject]) -> Subject {
    let name = &other.component.name;
    if subjects.iter().all(|subject| subject.component.name != *name) {
        return other;
    }
    let Source::File(path) = &other.component.source else { return other };
    let component = Component { name: path.display().to_string(), ..other.component.clone() };
    Subject { component, ..other }
}

fn usage(message: &str, hint: &str) -> Error {
    Error::new(Code::Usage, message).hint(hint)
}

fn path_and_query(text: &str) -> std::result::Result<String, String> {
    if text.starts_with('/') || text.starts_with('?') {
        Ok(text.to_owned())
    } else {
        Err("a path begins with `/`, a query with `?`".to_owned())
    }
}

fn header(text: &str) -> std::result::Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("write it as `NAME: VALUE`")?;
    let name = name.trim().parse().map_err(|error| format!("{error}"))?;
    let value = HeaderValue::from_str(value.trim()).map_err(|error| error.to_string())?;
    Ok((name, value))
}
