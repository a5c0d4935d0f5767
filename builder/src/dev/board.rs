//! What has happened, for whoever looks: kept as data, and sent to those who
//! listen as server-sent events.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::app::App;
use crate::report::{Answered, Error, Stage, StageTime, milliseconds, render, without_colours};

/// How many requests, lines of log, and builds of a component are kept.
const REQUESTS: usize = 200;
const LINES: usize = 1000;
const BUILDS: usize = 10;
/// A longer line is cut: the log of a component that prints a file is no file.
const LONGEST_LINE: usize = 4000;
/// Whoever is so many events behind is sent away, and comes back for all of it.
const BEHIND: usize = 256;

pub struct Board(Mutex<Data>);

struct Data {
    shown: Shown,
    listeners: Vec<Sender<Bytes>>,
}

/// All that is known, as it is sent.
#[derive(Serialize)]
struct Shown {
    app: String,
    /// Where the app answers.
    address: String,
    /// Why the app itself cannot be followed: its manifest is wrong, say.
    error: Option<Trouble>,
    components: Vec<Entry>,
    requests: VecDeque<Request>,
    logs: VecDeque<Line>,
}

/// A component.
#[derive(Serialize)]
struct Entry {
    name: String,
    language: &'static str,
    route: String,
    state: State,
    /// The stage that it is in while it is built.
    stage: Option<Stage>,
    /// Why its newest build failed.
    error: Option<Trouble>,
    /// Of its last good build.
    size: Option<u64>,
    sha256: Option<String>,
    /// The newest first.
    builds: VecDeque<Build>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// Nothing of it was built yet.
    Waiting,
    Ready,
    /// Its newest build failed and its last good one goes on answering.
    Stale,
    /// Its newest build failed and there is no other.
    Failed,
}

#[derive(Clone, Serialize)]
struct Trouble {
    code: &'static str,
    text: String,
}

/// A build that is over.
#[derive(Serialize)]
struct Build {
    at: u64,
    succeeded: bool,
    stages: Vec<StageTime>,
    /// The making of code that runs, and its swap.
    #[serde(rename = "load_milliseconds", serialize_with = "milliseconds")]
    load: Duration,
    /// From the edit to the new answer.
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    took: Duration,
}

#[derive(Serialize)]
struct Request {
    at: u64,
    #[serde(flatten)]
    answered: Answered,
}

#[derive(Serialize)]
struct Line {
    at: u64,
    component: String,
    /// `output`, `error`, `host` or `build`.
    origin: &'static str,
    text: String,
}

/// A build that succeeded, with what its swap cost.
pub struct Success<'a> {
    pub built: &'a crate::report::Built,
    pub load: Duration,
    pub took: Duration,
}

impl Board {
    pub fn new(app: &App) -> Board {
        let shown = Shown {
            app: app.name.clone(),
            address: String::new(),
            error: None,
            components: Vec::new(),
            requests: VecDeque::new(),
            logs: VecDeque::new(),
        };
        Board(Mutex::new(Data { shown, listeners: Vec::new() }))
    }

    /// All of it, as JSON.
    pub fn state(&self) -> String {
        json(&self.data().shown)
    }

    /// All of it as a first event, and then an event for every change.
    pub fn listen(&self) -> Receiver<Bytes> {
        let mut data = self.data();
        let (sender, receiver) = channel(BEHIND);
        // There is room for the first.
        let _ = sender.try_send(event("state", &data.shown));
        data.listeners.push(sender);
        receiver
    }

    /// The app answers here.
    pub fn serving(&self, address: SocketAddr) {
        self.data().shown.address = address.to_string();
    }

    /// These are the components now; what is known of those that stay is kept.
    pub fn arrange(&self, app: &App) {
        let mut data = self.data();
        let mut old = std::mem::take(&mut data.shown.components);
        data.shown.app.clone_from(&app.name);
        data.shown.components = app
            .components
            .iter()
            .map(|component| {
                let known = old.iter().position(|entry| entry.name == component.name);
                let known = known.map(|index| old.swap_remove(index));
                let route = component.route.to_string();
                let language = component.language.name();
                match known {
                    Some(entry) => Entry { route, language, ..entry },
                    None => Entry::new(&component.name, language, route),
                }
            })
            .collect();
        data.publish_all();
    }

    /// The app cannot be followed for this reason, or can again.
    pub fn trouble(&self, error: Option<&Error>) {
        let mut data = self.data();
        data.shown.error = error.map(Trouble::new);
        data.publish_all();
    }

    pub fn stage(&self, component: &str, stage: Stage) {
        self.data().change(component, |entry| entry.stage = Some(stage));
    }

    pub fn built(&self, success: &Success) {
        self.data().change(&success.built.component, |entry| {
            entry.state = State::Ready;
            entry.error = None;
            entry.size = Some(success.built.size);
            entry.sha256 = Some(success.built.sha256.clone());
            let stages = success.built.stages.clone();
            entry.ended(true, stages, success.load, success.took);
        });
    }

    /// A build changed nothing: what answers is what its sources say.
    pub fn as_before(&self, component: &str) {
        self.data().change(component, |entry| {
            entry.state = State::Ready;
            entry.stage = None;
            entry.error = None;
        });
    }

    pub fn failed(&self, component: &str, error: &Error, took: Duration) {
        self.data().change(component, |entry| {
            let kept = matches!(entry.state, State::Ready | State::Stale);
            entry.state = if kept { State::Stale } else { State::Failed };
            entry.error = Some(Trouble::new(error));
            entry.ended(false, Vec::new(), Duration::ZERO, took);
        });
    }

    pub fn log(&self, component: &str, origin: &'static str, text: &str) {
        let text = text.chars().take(LONGEST_LINE).collect();
        let line = Line { at: now(), component: component.to_owned(), origin, text };
        let mut data = self.data();
        data.publish("log", &line);
        keep(&mut data.shown.logs, line, LINES);
    }

    pub fn answered(&self, answered: Answered) {
        let request = Request { at: now(), answered };
        let mut data = self.data();
        data.publish("request", &request);
        keep(&mut data.shown.requests, request, REQUESTS);
    }

    fn data(&self) -> MutexGuard<'_, Data> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Data {
    fn change(&mut self, component: &str, change: impl FnOnce(&mut Entry)) {
        let Some(index) = self.shown.components.iter().position(|entry| entry.name == component)
        else {
            return;
        };
        change(&mut self.shown.components[index]);
        if !self.listeners.is_empty() {
            let bytes = event("component", &self.shown.components[index]);
            self.send(&bytes);
        }
    }

    fn publish(&mut self, name: &str, value: &impl Serialize) {
        if !self.listeners.is_empty() {
            self.send(&event(name, value));
        }
    }

    fn publish_all(&mut self) {
        if !self.listeners.is_empty() {
            let bytes = event("state", &self.shown);
            self.send(&bytes);
        }
    }

    fn send(&mut self, bytes: &Bytes) {
        self.listeners.retain(|listener| listener.try_send(bytes.clone()).is_ok());
    }
}

impl Entry {
    fn new(name: &str, language: &'static str, route: String) -> Entry {
        Entry {
            name: name.to_owned(),
            language,
            route,
            state: State::Waiting,
            stage: None,
            error: None,
            size: None,
            sha256: None,
            builds: VecDeque::new(),
        }
    }

    fn ended(&mut self, succeeded: bool, stages: Vec<StageTime>, load: Duration, took: Duration) {
        self.stage = None;
        self.builds.push_front(Build { at: now(), succeeded, stages, load, took });
        self.builds.truncate(BUILDS);
    }
}

impl Trouble {
    fn new(error: &Error) -> Trouble {
        Trouble { code: error.code().text(), text: without_colours(&render(error, false)) }
    }
}

fn keep<T>(kept: &mut VecDeque<T>, new: T, most: usize) {
    kept.push_back(new);
    if kept.len() > most {
        kept.pop_front();
    }
}

/// A server-sent event: JSON has no line feed, so one line of data is enough.
fn event(name: &str, value: &impl Serialize) -> Bytes {
    format!("event: {name}\ndata: {}\n\n", json(value)).into()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}
