//! The program while it follows an app.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::interruption::{end, signal};
use crate::surroundings::isospin;

/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Answers the word, then what it is sent, piece by piece, each after the word.
pub fn handler(word: &str) -> String {
    format!(
        r#"#include <isospin.h>

void isospin_handle(isospin_request *request, isospin_response *response) {{
    isospin_writer *body = isospin_response_body(response);
    char buffer[64];
    ptrdiff_t size;
    isospin_log("asked for %s", isospin_request_path(request));
    isospin_printf(body, "{word}\n");
    isospin_flush(body);
    while ((size = isospin_read(isospin_request_body(request), buffer, sizeof buffer)) > 0) {{
        isospin_printf(body, "{word} %.*s\n", (int)size, buffer);
        isospin_flush(body);
    }}
}}
"#
    )
}

/// A folder with these files in it, at a path that not every program takes.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("with space é 日本 ").tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

/// Writes a file, with the folders above it.
pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

pub struct Developing {
    child: Option<Child>,
    pub address: SocketAddr,
    pub dashboard: SocketAddr,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Developing {
    pub fn start(folder: &Path, arguments: &[&str]) -> Developing {
        Developing::run(isospin(folder), arguments)
    }

    pub fn run(mut command: Command, arguments: &[&str]) -> Developing {
        let mut child = command
            .args(["dev", "--listen", "127.0.0.1:0", "--dashboard", "127.0.0.1:0", "--json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let (told, stdout) = (events.clone(), child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let event = serde_json::from_str::<Value>(&line);
                told.lock().unwrap().push(event.unwrap_or_else(|_| panic!("no JSON: {line}")));
            }
        });
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut developing =
            Developing { child: Some(child), address: nowhere, dashboard: nowhere, events };
        let serving = developing.expect("it serves", |event| event["event"] == "serving");
        let shown = developing.expect("it shows", |event| event["event"] == "dashboard");
        developing.address = serving["address"].as_str().unwrap().parse().unwrap();
        let url = shown["address"].as_str().unwrap();
        developing.dashboard = url["http://".len()..url.len() - 1].parse().unwrap();
        developing
    }

    /// How many events there were until now.
    pub fn mark(&self) -> usize {
        self.events.lock().unwrap().len()
    }

    /// Waits for an event, those of the past included.
    pub fn expect(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.expect_after(0, what, fits)
    }

    /// Waits for an event after a mark.
    pub fn expect_after(&self, mark: usize, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let found = self.events.lock().unwrap()[mark..].iter().find(|one| fits(one)).cloned();
            if let Some(found) = found {
                return found;
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: not among {:#?}", self.events());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until new code of a component answers.
    pub fn swapped(&self, mark: usize, component: &str) {
        self.expect_after(mark, "new code answers", |event| {
            event["event"] == "swapped" && event["component"] == component
        });
    }

    /// Waits until a component's build, or the app as a whole, has failed; gives why.
    pub fn failed(&self, mark: usize, component: &str) -> Value {
        let event = self.expect_after(mark, "a failure", |event| {
            event["event"] == "failed" && event["component"] == component
        });
        event["error"].clone()
    }

    pub fn events(&self) -> Vec<Value> {
        self.events.lock().unwrap().clone()
    }

    pub fn count(&self, event: &str, component: &str) -> usize {
        let fits = |told: &&Value| told["event"] == event && told["component"] == component;
        self.events.lock().unwrap().iter().filter(fits).count()
    }

    /// The answer to a program.
    pub fn get(&self, target: &str) -> Answer {
        ask(self.address, target, &[])
    }

    /// The answer to a browser that opens a page.
    pub fn open(&self, target: &str) -> Answer {
        ask(self.address, target, &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")])
    }

    /// Waits until a program gets this answer.
    pub fn answers(&self, target: &str, status: u16, body: &str) {
        let begun = Instant::now();
        loop {
            let answer = self.get(target);
            if answer.status == status && answer.body.contains(body) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{target}: no {status} {body:?}: {answer:#?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the dashboard knows.
    pub fn state(&self) -> Value {
        let answer = ask(self.dashboard, "/state.json", &[]);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// What the dashboard knows of a component.
    pub fn component(&self, name: &str) -> Value {
        let state = self.state();
        let components = state["components"].as_array().unwrap();
        components.iter().find(|one| one["name"] == name).cloned().unwrap_or_default()
    }

    /// Ends it; gives its exit code.
    pub fn end(mut self, by: Signal) -> Option<i32> {
        let child = self.child.take().unwrap();
        signal(&child, by);
        end(child)
    }
}

impl Drop for Developing {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            signal(&child, Signal::TERM);
            end(child);
        }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// The whole answer to a GET; fields may name another host than the address.
pub fn ask(address: SocketAddr, target: &str, fields: &[(&str, &str)]) -> Answer {
    let mut stream = connect(address);
    let mut head = format!("GET {target} HTTP/1.1\r\nconnection: close\r\n");
    if !fields.iter().any(|(name, _)| *name == "host") {
        head.push_str(&format!("host: {address}\r\n"));
    }
    for (name, value) in fields {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Answer {
        status: head.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or(0),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What a program writes, as it comes.
pub struct Said(Arc<Mutex<String>>);

impl Said {
    pub fn of(stream: impl Read + Send + 'static) -> Said {
        let said = Arc::new(Mutex::new(String::new()));
        let text = said.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                text.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        Said(said)
    }

    /// Waits for this; gives all that was said until then.
    pub fn expect(&self, wanted: &str) -> String {
        let begun = Instant::now();
        loop {
            let text = self.0.lock().unwrap().clone();
            if text.contains(wanted) {
                return text;
            }
            assert!(begun.elapsed() < PATIENCE, "no {wanted:?} in {text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
