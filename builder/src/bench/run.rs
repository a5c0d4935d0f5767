//! The rounds of a run: who is measured when, and for how long.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use isospin_host::{Component, Configuration, Limits, Line, Probe, Server, Source};

use super::load::{Asked, Bad, Load, load};
use super::measure::{Measure, Mode, Moment};
use super::memory;
use crate::files;
use crate::process;
use crate::report::{Code, Error, Result};
use crate::serving::failure;

/// A component that is measured.
#[derive(Clone, Debug)]
pub struct Subject {
    pub component: Component,
    /// What it is asked under load.
    pub asked: Asked,
}

/// How a run is made.
#[derive(Clone, Debug)]
pub struct Options {
    pub rounds: usize,
    /// Of load on each component, all rounds together.
    pub time: Duration,
    /// Requests per second are measured with each of these; latencies with one.
    pub connections: Vec<usize>,
    /// Requests that a reused instance answers.
    pub reuse: u32,
    pub limits: Limits,
}

/// What a run has measured of a component.
#[derive(Clone, Debug)]
pub struct Record {
    pub subject: Subject,
    /// As the component names it, if it does.
    pub language: Option<String>,
    /// Bytes of the file, as it is and compressed as servers do (gzip, level 6).
    pub size: u64,
    pub gzip: u64,
    /// Bytes of linear memory after one request, the most of all rounds.
    pub linear_memory: u64,
    pub rounds: Vec<BTreeMap<Measure, f64>>,
}

/// Part of a turn of load that warms up and is not counted.
const WARMING: f64 = 0.2;
/// A turn with one connection is so much longer than the others: quantiles need
/// many requests.
const LATENCY_TURN: u32 = 2;
/// A step that is shorter is repeated for this long, and its median taken.
const SHORT: Duration = Duration::from_millis(30);
const MOST_REPEATS: usize = 200;

/// Measures all of them, round by round. Before each turn `step` is told how many
/// turns are done, of as many as there are subjects times rounds, and in words what
/// comes now. An interruption ends it at once.
///
/// # Errors
/// If a component cannot be loaded, or does not answer with success.
pub fn measure(
    subjects: Vec<Subject>,
    options: &Options,
    step: impl Fn(usize, &str) + Send + 'static,
) -> Result<Vec<Record>> {
    let folder = files::temporary_folder()?;
    let (done, finished) = mpsc::channel();
    let (options, cache) = (options.clone(), folder.path().to_owned());
    // What runs there cannot be broken off: it ends with the program.
    let working = move || {
        let records = Run { options, cache }.all(subjects, &step);
        // Nobody waits after an interruption.
        let _ = done.send(records);
    };
    std::thread::Builder::new().name("bench".to_owned()).spawn(working).map_err(|error| {
        Error::new(Code::MeasureFailed, "bench: it cannot start a thread").cause(error.to_string())
    })?;
    loop {
        match finished.recv_timeout(Duration::from_millis(20)) {
            Ok(records) => return records,
            Err(RecvTimeoutError::Timeout) if !process::interrupted() => {}
            Err(RecvTimeoutError::Timeout) => return Err(process::interruption()),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::new(Code::MeasureFailed, "bench: its thread has ended early"));
            }
        }
    }
}

struct Run {
    options: Options,
    /// Compiled code, for this run alone.
    cache: PathBuf,
}

impl Run {
    fn all(&self, subjects: Vec<Subject>, step: &dyn Fn(usize, &str)) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        for subject in subjects {
            step(0, &format!("{}: compiling", subject.component.name));
            records.push(self.prepare(subject)?);
        }
        let mut done = 0;
        for round in 1..=self.options.rounds {
            let mut turns: Vec<&mut Record> = records.iter_mut().collect();
            // Forth and back: what gets slower during a run does so for all.
            if round % 2 == 0 {
                turns.reverse();
            }
            for record in turns {
                step(done, &format!("{}: round {round}", record.subject.component.name));
                self.round(record)?;
                done += 1;
            }
        }
        Ok(records)
    }

    /// Compiles the component and asks it once, so that what is wrong with any of
    /// them is known before the first round.
    fn prepare(&self, subject: Subject) -> Result<Record> {
        let bytes = match &subject.component.source {
            Source::File(path) => files::read(path)?,
            Source::Bytes(bytes) => bytes.clone(),
            Source::Nowhere => Vec::new(),
        };
        let served = Served::start(self, &subject, Mode::Fresh)?;
        served.load(&subject, 1, Duration::ZERO)?;
        served.server.shutdown();
        Ok(Record {
            subject,
            language: crate::component::language(&bytes),
            size: bytes.len() as u64,
            gzip: gzip(&bytes),
            linear_memory: 0,
            rounds: Vec::new(),
        })
    }

    fn round(&self, record: &mut Record) -> Result<()> {
        let mut measured = BTreeMap::new();
        self.steps(record, &mut measured)?;
        for mode in Mode::ALL {
            self.loads(&record.subject, mode, &mut measured)?;
        }
        record.rounds.push(measured);
        Ok(())
    }

    /// What happens before the first request, and what it leaves in memory.
    fn steps(&self, record: &mut Record, measured: &mut BTreeMap<Measure, f64>) -> Result<()> {
        let fails = |error: isospin_host::Error| failure(&error);
        let log = Arc::new(LastLines::default());
        let configuration = self.configuration(Mode::Fresh, log.clone());
        let subject = &record.subject;
        let probe = Probe::new(&subject.component, &configuration).map_err(fails)?;
        // Before anything else has touched memory for instances.
        let memory = memory::measure(&probe, &subject.asked)
            .map_err(|error| log.add_to(no_answer(subject, &error.to_string())))?;
        record.linear_memory = record.linear_memory.max(memory.linear);
        measured.extend(memory.resident.map(|bytes| (Measure::ResidentMemory, bytes)));
        if self.compiles_again(&record.rounds) {
            measured.insert(Measure::Compile, milliseconds(probe.compile().map_err(fails)?));
        }
        let load = repeated(|| probe.load()).map_err(fails)?;
        measured.insert(Measure::Load, load);
        let instantiate = repeated(|| probe.instantiate()).map_err(fails)?;
        measured.insert(Measure::Instantiate, instantiate);
        // Code that could not be kept was compiled again: no load was measured.
        match log.first_about_host() {
            None => Ok(()),
            Some(line) => Err(Error::new(
                Code::MeasureFailed,
                format!("{}: it cannot be measured", subject.component.name),
            )
            .cause(self.without_folder(&line))
            .hint("Compiled code is kept in the folder for temporary files: see whether it is full, or name another one with TMPDIR.")),
        }
    }

    /// What the host says of the cache, without a name that nobody has given.
    fn without_folder(&self, line: &str) -> String {
        let words = line.split(" at path ").next().unwrap_or_default();
        words.replace(&self.cache.display().to_string(), "for this run")
    }

    /// A large component takes seconds to compile: then not in every round.
    fn compiles_again(&self, rounds: &[BTreeMap<Measure, f64>]) -> bool {
        let spent: f64 = rounds.iter().filter_map(|round| round.get(&Measure::Compile)).sum();
        spent < milliseconds(self.options.time) / 2.0
    }

    fn loads(
        &self,
        subject: &Subject,
        mode: Mode,
        measured: &mut BTreeMap<Measure, f64>,
    ) -> Result<()> {
        let served = Served::start(self, subject, mode)?;
        let others = self.options.connections.iter().filter(|count| **count != 1);
        let parts = LATENCY_TURN as usize + others.clone().count();
        let part =
            self.options.time.div_f64((self.options.rounds * Mode::ALL.len() * parts) as f64);
        let alone = served.load(subject, 1, part * LATENCY_TURN)?;
        let moments = [
            (Moment::FirstByte, Some(alone.first_byte)),
            (Moment::P50, Some(alone.p50)),
            (Moment::P90, alone.p90),
            (Moment::P99, alone.p99),
        ];
        for (moment, time) in moments {
            measured.extend(time.map(|time| (Measure::Answer(mode, moment), time)));
        }
        measured.insert(Measure::Requests(mode, 1), alone.rate);
        for connections in others {
            let load = served.load(subject, *connections, part)?;
            measured.insert(Measure::Requests(mode, *connections), load.rate);
        }
        served.server.shutdown();
        Ok(())
    }

    fn configuration(&self, mode: Mode, log: Arc<LastLines>) -> Configuration {
        Configuration {
            limits: self.options.limits.clone(),
            reuse: match mode {
                Mode::Fresh => 1,
                Mode::Reused => self.options.reuse,
            },
            cache: Some(self.cache.clone()),
            // Whatever is still under way then is not waited for.
            grace: Duration::from_secs(1),
            log,
            ..Configuration::default()
        }
    }
}

/// A server with one component.
struct Served {
    server: Server,
    log: Arc<LastLines>,
}

impl Served {
    fn start(run: &Run, subject: &Subject, mode: Mode) -> Result<Served> {
        let log = Arc::new(LastLines::default());
        let configuration = run.configuration(mode, log.clone());
        let server = Server::start(configuration, std::slice::from_ref(&subject.component))
            .map_err(|error| failure(&error))?;
        Ok(Served { server, log })
    }

    fn load(&self, subject: &Subject, connections: usize, time: Duration) -> Result<Load> {
        // One thread, so that the server has the other processors.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Error::new(Code::MeasureFailed, "bench: it cannot make load").cause(error.to_string())
        })?;
        let warming = time.mul_f64(WARMING);
        let (address, asked) = (self.server.local_address(), &subject.asked);
        let load = load(address, asked, connections, warming, time - warming);
        runtime.block_on(load).map_err(|bad| self.log.add_to(wrong(subject, &bad)))
    }
}

/// An answer that is no success, told with what was asked.
fn wrong(subject: &Subject, bad: &Bad) -> Error {
    match bad {
        Bad::Status(_, text) if !text.trim().is_empty() => {
            no_answer(subject, &bad.to_string()).cause(format!("it says: {}", text.trim()))
        }
        _ => no_answer(subject, &bad.to_string()),
    }
}

fn no_answer(subject: &Subject, why: &str) -> Error {
    let Subject { component, asked, .. } = subject;
    Error::new(Code::AnswerWrong, format!("{}: no good answer to {asked}", component.name))
        .cause(why)
        .hint("Only answers of success are measured: mend the handler, or ask for something else with `--path`, `--method`, `--header` or `--data`.")
}

/// The last lines of a log; what a component writes under load nobody could read.
#[derive(Default)]
struct LastLines(Mutex<VecDeque<(isospin_host::Origin, String)>>);

impl LastLines {
    const KEPT: usize = 20;

    fn add_to(&self, error: Error) -> Error {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        if text.is_empty() { error } else { error.output(text.join("\n")) }
    }

    fn first_about_host(&self) -> Option<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = lines.iter();
        lines
            .find(|(origin, _)| *origin == isospin_host::Origin::Host)
            .map(|(_, text)| text.clone())
    }
}

impl isospin_host::Log for LastLines {
    fn line(&self, line: Line<'_>) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LastLines::KEPT {
            lines.pop_front();
        }
        lines.push_back((line.origin, line.text.to_owned()));
    }
}

/// Milliseconds of a step: the median of many where it is short.
fn repeated<E>(
    mut step: impl FnMut() -> std::result::Result<Duration, E>,
) -> std::result::Result<f64, E> {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.is_empty() || (times.len() < MOST_REPEATS && begun.elapsed() < SHORT) {
        times.push(step()?);
    }
    times.sort_unstable();
    Ok(milliseconds(times[times.len() / 2]))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Bytes of a file that is compressed as servers do.
pub fn gzip(bytes: &[u8]) -> u64 {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Memory takes everything.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.map_or(0, |compressed| compressed.len() as u64)
}

/// The shortest time of load in which each turn of it means something.
pub fn shortest_time(rounds: usize, connections: &[usize]) -> Duration {
    /// Of one part of a turn.
    const PART: Duration = Duration::from_millis(5);
    let others = connections.iter().filter(|count| **count != 1).count();
    let parts = rounds * Mode::ALL.len() * (LATENCY_TURN as usize + others);
    PART * u32::try_from(parts).unwrap_or(u32::MAX)
}
