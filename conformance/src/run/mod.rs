//! Runs cases × languages × hosts × modes.

mod ask;
mod check;
mod compare;
mod exchange;
mod failure;
mod greet;
mod one;
pub mod pattern;
mod peer;
mod plan;
mod steps;

pub use ask::{Answer, ask, bytes_of};
pub use failure::Failure;
pub use greet::{Stranger, greet};

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{Sender, channel};
use std::time::Instant;

use crate::case::{Case, Mode};
use crate::expectation::Expectation;
use crate::host::{Host, LogBuffer, Served, Serving};
use crate::progress::Progress;
use crate::report::{About, Outcome, Report, Verdict};
use one::Ran;
use plan::{Job, Task};

/// A language's guests, built.
#[derive(Clone, Debug)]
pub struct GuestBuild {
    /// The name in reports and expectations; a language or whatever the guest is called.
    pub language: String,
    /// The guest that most cases talk to.
    pub component: PathBuf,
    /// The one that imports `wasi:cli/environment`; without it, its cases are skipped.
    pub environment: Option<PathBuf>,
}

/// What is to be run.
pub struct Selection<'a> {
    pub guests: Vec<GuestBuild>,
    pub hosts: Vec<&'a dyn Host>,
    pub cases: Vec<Case>,
    /// Of these, each host's own.
    pub modes: Vec<Mode>,
    pub expectations: Vec<Expectation>,
    /// Whether the user wants it to end: no further case is begun then.
    pub stopped: fn() -> bool,
}

/// Components that are served at the same time.
const SERVERS: usize = 2;
/// Cases that run at the same time against one of them.
const WORKERS: usize = 6;

/// Runs everything that is selected. Each server is started for the cases that
/// want it served alike, and stopped after them.
pub fn run(selection: &Selection<'_>, progress: &mut dyn Progress) -> Report {
    let begun = Instant::now();
    let (jobs, mut outcomes) = plan::plan(selection);
    progress.begin(outcomes.len() + jobs.iter().map(|job| job.tasks.len()).sum::<usize>());
    outcomes.iter().for_each(|outcome| progress.done(outcome));
    let queue = Mutex::new(jobs.iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        for _ in 0..SERVERS {
            let sender = sender.clone();
            scope.spawn(move || {
                while let Some(job) = next() {
                    serve(job, selection.stopped, &sender);
                }
            });
        }
        drop(sender);
        for news in receiver {
            match news {
                News::Done(outcome) => {
                    progress.done(&outcome);
                    outcomes.push(*outcome);
                }
                News::Down { place, failed, said } => progress.down(&place, failed, &said),
            }
        }
    });
    Report::new(About::of(selection), outcomes, begun.elapsed())
}

/// What the threads tell.
enum News {
    Done(Box<Outcome>),
    Down { place: String, failed: usize, said: String },
}

fn tell(sender: &Sender<News>, outcome: Outcome) {
    // Nobody listens any more if the run was given up.
    let _ = sender.send(News::Done(Box::new(outcome)));
}

/// Serves a component and runs the cases that want it like this. If the host
/// goes down under them, those that failed are tried again, one after the
/// other, so that the one that brought it down is known.
fn serve(job: &Job<'_>, stopped: fn() -> bool, sender: &Sender<News>) {
    if stopped() {
        return;
    }
    let mut failed = Vec::new();
    let Some(served) = start(job, &job.tasks, sender) else { return };
    let queue = Mutex::new(job.tasks.iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        let work = || {
            let mut failed = Vec::new();
            while let Some(task) = next().filter(|_| !stopped()) {
                let outcome = attempt(job, task, served.as_ref());
                match outcome.failure {
                    Some(_) => failed.push((*task, outcome)),
                    None => tell(sender, outcome),
                }
            }
            failed
        };
        let threads: Vec<_> =
            (0..WORKERS.min(job.tasks.len())).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            failed.extend(thread.join().unwrap_or_default());
        }
    });
    if served.is_alive() || job.tasks.len() == 1 {
        failed.into_iter().for_each(|(_, outcome)| tell(sender, outcome));
        return;
    }
    let _ = sender.send(News::Down {
        place: format!("{} on {} ({})", job.language, job.host.name(), job.mode.name()),
        failed: failed.len(),
        said: served.log().map(LogBuffer::tail).unwrap_or_default(),
    });
    drop(served);
    again(job, stopped, failed.into_iter().map(|(task, _)| task), sender);
}

/// Tries cases one after the other. A host may go down some time after the
/// case that harmed it, so a failure counts only on a server that is new.
fn again<'a>(
    job: &Job<'a>,
    stopped: fn() -> bool,
    tasks: impl Iterator<Item = Task<'a>>,
    sender: &Sender<News>,
) {
    let mut current: Option<Box<dyn Served>> = None;
    for task in tasks.take_while(|_| !stopped()) {
        if let Some(served) = current.take() {
            let outcome = attempt(job, &task, served.as_ref());
            if outcome.failure.is_none() {
                tell(sender, outcome);
                current = Some(served);
                continue;
            }
        }
        if let Some(served) = start(job, &[task], sender) {
            let outcome = attempt(job, &task, served.as_ref());
            if outcome.failure.is_none() {
                current = Some(served);
            }
            tell(sender, outcome);
        }
    }
}

/// Starts a server; if it does not come up, the tasks have failed.
fn start(job: &Job<'_>, tasks: &[Task<'_>], sender: &Sender<News>) -> Option<Box<dyn Served>> {
    let serving = Serving { component: job.component, mode: job.mode, serve: job.serve };
    match job.host.serve(&serving) {
        Ok(served) => Some(served),
        Err(error) => {
            for task in tasks {
                tell(sender, outcome(job, task, not_served(task.case, &error), 0));
            }
            None
        }
    }
}

fn attempt(job: &Job<'_>, task: &Task<'_>, served: &dyn Served) -> Outcome {
    let begun = Instant::now();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        one::run(task.case, served, job.host.patience())
    }));
    let ran = caught.unwrap_or_else(|_| {
        let error = anyhow::anyhow!("the driver panicked; this is a fault of the driver");
        not_served(task.case, &error)
    });
    outcome(job, task, ran, begun.elapsed().as_millis())
}

fn not_served(case: &Case, error: &anyhow::Error) -> Ran {
    let failure = Failure {
        rule: case.rule.clone(),
        source: case.source.clone(),
        at: "before the first exchange".to_owned(),
        expected: "a host that serves the component".to_owned(),
        got: format!("{error:#}"),
        wire: Vec::new(),
    };
    Ran { result: Err(Box::new(failure)), exchange: Vec::new() }
}

/// Holds the result against what was expected of it.
fn outcome(job: &Job<'_>, task: &Task<'_>, ran: Ran, milliseconds: u128) -> Outcome {
    let verdict = match (&ran.result, task.expectation) {
        (Ok(()), None) => Verdict::Passed,
        (Err(_), None) => Verdict::Failed,
        (Err(_), Some(_)) => Verdict::ExpectedFailure,
        (Ok(()), Some(expectation)) if expectation.sometimes => Verdict::Passed,
        (Ok(()), Some(_)) => Verdict::UnexpectedPass,
    };
    Outcome {
        language: job.language.to_owned(),
        host: job.host.name().to_owned(),
        mode: job.host.knows_mode().then_some(job.mode),
        case: task.case.name.clone(),
        verdict,
        milliseconds: u64::try_from(milliseconds).unwrap_or(u64::MAX),
        reason: task.expectation.map(|expectation| expectation.reason.clone()),
        link: task.expectation.and_then(|expectation| expectation.link.clone()),
        failure: ran.result.err(),
        exchange: ran.exchange,
    }
}
