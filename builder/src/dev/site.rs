//! The servers: the app's, with a gate before each component, and the dashboard's.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use isospin_host::{
    Component as Mounted, Configuration, Line, Observer, Origin, Seen, Server, Source,
};

use super::board::{Board, Success};
use super::dashboard;
use super::gate::Gate;
use super::options::Options;
use crate::app::{App, Component};
use crate::pipeline;
use crate::report::{Answered, Built, Error, Event, Report, Result, render, without_colours};
use crate::serving;

/// How long the end waits for requests in flight: a stream to a browser has none.
const GRACE: Duration = Duration::from_secs(3);

pub struct Site {
    app: Server,
    dashboard: Server,
    gates: Mutex<BTreeMap<String, Arc<Gate>>>,
    pub board: Arc<Board>,
    pub report: Arc<dyn Report>,
}

impl Site {
    /// Listens on both addresses; nothing is mounted yet.
    ///
    /// # Errors
    /// If one of them cannot be listened on.
    pub fn open(app: &App, options: &Options, report: Arc<dyn Report>) -> Result<Site> {
        let board = Arc::new(Board::new(app));
        let dashboard = dashboard::start(options.dashboard, board.clone())
            .map_err(|error| no_address(&error, "--dashboard"))?;
        let told = Told { board: board.clone(), report: report.clone() };
        let log = Told { board: board.clone(), report: report.clone() };
        let configuration = Configuration {
            observer: Some(Arc::new(told)),
            grace: GRACE,
            quick: true,
            log: Arc::new(move |line: Line<'_>| log.line(line)),
            ..options.serving.configuration()?
        };
        let app =
            Server::start(configuration, &[]).map_err(|error| no_address(&error, "--listen"))?;
        board.serving(app.local_address());
        Ok(Site { app, dashboard, gates: Mutex::default(), board, report })
    }

    pub fn address(&self) -> SocketAddr {
        self.app.local_address()
    }

    pub fn dashboard(&self) -> String {
        format!("http://{}/", self.dashboard.local_address())
    }

    /// Mounts the app's components at their routes, each with its last good build.
    ///
    /// # Errors
    /// If one cannot be mounted; all is then as it was.
    pub fn arrange(&self, app: &App) -> Result<()> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let mut arranged = BTreeMap::new();
        let mut mounted = Vec::new();
        for component in &app.components {
            let gate = gates.get(&component.name).cloned();
            let gate =
                gate.unwrap_or_else(|| Arc::new(Gate::new(&component.name, &self.dashboard())));
            let file = pipeline::artifact_path(app, component);
            let source = match gate.has_good() && file.is_file() {
                true => Source::File(file),
                false => Source::Nowhere,
            };
            mounted.push(behind(&gate, component, source));
            arranged.insert(component.name.clone(), gate);
        }
        self.app.update(&mounted).map_err(|error| serving::failure(&error))?;
        *gates = arranged;
        self.board.arrange(app);
        Ok(())
    }

    /// Puts a component that was built in place of its last build. Requests in
    /// flight end in the code in which they began.
    ///
    /// # Errors
    /// If it cannot be mounted.
    pub fn swap(&self, component: &Component, built: &Built, since: Instant) -> Result<()> {
        let Some(gate) = self.gate(&component.name) else { return Ok(()) };
        let begun = Instant::now();
        let first = !gate.has_good();
        let swapped = !gate.serves(&built.sha256);
        if swapped {
            let source = Source::File(built.path.clone());
            let mounted = behind(&gate, component, source);
            self.app.replace(&mounted).map_err(|error| serving::failure(&error))?;
        }
        let mended = gate.open(&built.sha256);
        let (load, took) = (begun.elapsed(), since.elapsed());
        if swapped || !built.unchanged {
            self.board.built(&Success { built, load, took });
            self.report.event(&Event::Built(built));
        } else {
            self.board.as_before(&component.name);
        }
        if swapped {
            self.report.event(&Event::Swapped { component: &component.name, first, took });
        } else if mended {
            // Whoever takes a mistake back waits for a word too.
            let text = format!("{}: it is mended, and answers as before", component.name);
            self.report.event(&Event::Note { text: &text });
        }
        Ok(())
    }

    /// The newest build of a component failed.
    pub fn fail(&self, component: &str, error: &Error, since: Instant) {
        let Some(gate) = self.gate(component) else { return };
        gate.fail(&without_colours(&render(error, false)));
        self.board.failed(component, error, since.elapsed());
        self.report.event(&Event::Failed { component, error });
        if gate.has_good() {
            let text = format!("{component}: its last good build goes on answering");
            self.report.event(&Event::Note { text: &text });
        }
    }

    /// Lets requests in flight finish; tells whether they did.
    pub fn close(self) -> bool {
        drop(self.dashboard);
        self.app.shutdown()
    }

    fn gate(&self, component: &str) -> Option<Arc<Gate>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner).get(component).cloned()
    }
}

fn behind(gate: &Arc<Gate>, component: &Component, source: Source) -> Mounted {
    Mounted { responder: Some(gate.clone()), ..serving::as_the_manifest_says(component, source) }
}

/// What happens in the server, told to the board and the terminal.
struct Told {
    board: Arc<Board>,
    report: Arc<dyn Report>,
}

impl Told {
    fn line(&self, line: Line<'_>) {
        let origin = match line.origin {
            Origin::Output => "output",
            Origin::Error => "error",
            Origin::Host => "host",
        };
        self.board.log(line.component, origin, &without_colours(line.text));
        self.report.event(&Event::Log { component: line.component, text: line.text });
    }
}

impl Observer for Told {
    fn request(&self, seen: Seen<'_>) {
        let answered = Answered {
            component: seen.component.map(str::to_owned),
            method: seen.method.to_owned(),
            target: seen.target.to_owned(),
            status: seen.status,
            cold: seen.fresh,
            first: seen.head,
            total: seen.total,
            bytes: seen.bytes,
        };
        self.report.event(&Event::Answered(&answered));
        self.board.answered(answered);
    }
}

fn no_address(error: &isospin_host::Error, flag: &str) -> Error {
    serving::failure(error).hint(format!(
        "End what uses this address, or choose another: `isospin dev {flag} 127.0.0.1:0` takes a free one."
    ))
}
