//! `serve` and `up`: what a client sees of the program, its limits and its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::Signal;

use super::interruption::{end, signal};
use super::needs;
use super::surroundings::{fail, isospin, run, stderr, succeed};

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "a file is served within its limits, each a flag", limits),
        needs("c", "a trap is told with the component's name and a trace", trap),
        needs("c", "an instance is fresh unless it may be reused", reuse),
        needs("c", "hostile heads, slow clients and lost ones harm nobody", hostile_clients),
        needs("c", "an interrupted server lets its requests finish", finishes),
        needs("c", "an app is set up, built and served by one command", up),
        needs("c", "what is not built is not served", not_built),
        needs("c", "an address in use is named", address_in_use),
        needs("c", "an app of sixty components is served", sixty),
    ]
}

/// Does what the query asks for, and greets.
const SUBJECT: &str = r#"#include <isospin.h>
#include <stdlib.h>
#include <string.h>

static int answered;
static void *volatile kept;

void fall_over(void) { abort(); }

void isospin_handle(isospin_request *request, isospin_response *response) {
  const char *query = isospin_request_query(request);
  answered++;
  if (!query) query = "";
  if (!strcmp(query, "abort")) fall_over();
  if (!strcmp(query, "loop")) for (volatile int i = 0;; i = i + 1) {}
  if (!strcmp(query, "memory")) {
    while ((kept = malloc(1 << 20))) {}
    abort();
  }
  if (!strcmp(query, "sleep")) {
    isospin_log("sleeping");
    isospin_sleep(request, 700000000);
  }
  char buffer[4096];
  while (isospin_read(isospin_request_body(request), buffer, sizeof buffer) > 0) {}
  isospin_respond_text(response, 200, isospin_format(request, "hello %d\n", answered));
}
"#;

/// A folder with the subject built in it.
fn subject(arguments: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("with space é 日本 ").tempdir().unwrap();
    std::fs::write(folder.path().join("handler.c"), SUBJECT).unwrap();
    let manifest = "[app]\nname = \"subject\"\n\n[component.subject]\npath = \".\"\n";
    std::fs::write(folder.path().join("isospin.toml"), manifest).unwrap();
    succeed(folder.path(), &[&["build"], arguments].concat());
    folder
}

/// The program while it serves.
struct Serving {
    child: Option<Child>,
    address: SocketAddr,
    said: Arc<Mutex<String>>,
}

impl Serving {
    fn start(folder: &Path, arguments: &[&str]) -> Serving {
        let mut child = isospin(folder)
            .args(arguments)
            .args(["--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (text, stderr) = (said.clone(), child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                text.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let serving = lines
            .map_while(Result::ok)
            .map(|line| serde_json::from_str::<serde_json::Value>(&line).unwrap())
            .find(|event| event["event"] == "serving");
        let Some(serving) = serving else {
            panic!("it does not serve: {}", said.lock().unwrap());
        };
        let address = serving["address"].as_str().unwrap().parse().unwrap();
        Serving { child: Some(child), address, said }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// The whole answer to a request for `target`.
    fn get(&self, target: &str) -> String {
        let mut stream = self.connect();
        let head = format!("GET {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        rest(stream)
    }

    fn status(&self, target: &str) -> String {
        self.get(target).get(9..12).unwrap_or_default().to_owned()
    }

    fn greets(&self) {
        let answer = self.get("/");
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("hello "), "{answer}");
    }

    /// Waits a moment until the program has said this.
    fn expect(&self, text: &str) {
        let begun = Instant::now();
        while !self.said.lock().unwrap().contains(text) {
            assert!(begun.elapsed() < Duration::from_secs(10), "no {text:?} in {}", self.all());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn all(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Ends it with this signal; gives its exit code.
    fn end(mut self, by: Signal) -> Option<i32> {
        let child = self.child.take().unwrap();
        signal(&child, by);
        end(child)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            signal(&child, Signal::TERM);
            end(child);
        }
    }
}

/// What comes until the stream ends, or breaks.
fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn limits() {
    let folder = subject(&[]);
    let flags = ["--time", "0.4", "--memory", "8", "--request-body", "1", "--concurrent", "4"];
    let serving =
        Serving::start(folder.path(), &[&["serve", "dist/subject.wasm"], &flags[..]].concat());
    serving.greets();
    assert_eq!(serving.status("/?loop"), "504");
    assert_eq!(serving.status("/?sleep"), "504");
    assert_eq!(serving.status("/?memory"), "503");
    assert_eq!(serving.status("/?abort"), "500");
    let mut stream = serving.connect();
    let length = (1 << 20) + 1;
    let head = format!("POST / HTTP/1.1\r\nhost: test\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    for told in ["computed for too long", "waited for too long", "memory limit", "guest failed"] {
        serving.expect(told);
    }
    serving.greets();
    for wrong in [["--time", "0"], ["--memory", "0"], ["--reuse", "0"], ["--concurrent", "0"]] {
        let output = run(folder.path(), &[&["serve"], &wrong[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", stderr(&output));
    }
}

fn trap() {
    let folder = subject(&["--debug"]);
    let serving = Serving::start(folder.path(), &["serve"]);
    let answer = serving.get("/?abort");
    assert!(answer.starts_with("HTTP/1.1 500 ") && answer.ends_with("\r\n\r\n"), "{answer}");
    serving.expect("subject | the guest failed");
    serving.expect("fall_over");
    serving.expect("handler.c:8");
    serving.greets();
}

fn reuse() {
    let folder = subject(&[]);
    let answers = |arguments: &[&str]| {
        let serving = Serving::start(folder.path(), arguments);
        (0..5).filter_map(|_| serving.get("/").trim().chars().last()).collect::<String>()
    };
    assert_eq!(answers(&["serve"]), "11111");
    assert_eq!(answers(&["serve", "--reuse", "3"]), "12312");
}

fn hostile_clients() {
    let folder = subject(&[]);
    let serving = Serving::start(folder.path(), &["serve", "--concurrent", "2"]);
    let many: String = (0..10_000).map(|index| format!("x-{index}: y\r\n")).collect();
    let large = format!("x: {}\r\n", "y".repeat(1 << 20));
    for fields in [many, large] {
        let mut stream = serving.connect();
        // The server need not read it to the end.
        let _ = write!(stream, "GET / HTTP/1.1\r\nhost: test\r\n{fields}\r\n");
        let answer = rest(stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
        serving.greets();
    }
    let slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = serving.connect();
            stream.write_all(b"POST / HTTP/1.1\r\nhost: te").unwrap();
            stream
        })
        .collect();
    serving.greets();
    drop(slow);
    // In the middle of a head, of a body, of the guest's work.
    let halves = [
        "GET / HTT",
        "POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 9\r\n\r\nabc",
        "GET /?sleep HTTP/1.1\r\nhost: test\r\n\r\n",
    ];
    for half in halves.repeat(20) {
        let mut stream = serving.connect();
        stream.write_all(half.as_bytes()).unwrap();
    }
    // Both places are free again, at once.
    let begun = Instant::now();
    serving.greets();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(!serving.all().contains("panicked"), "{}", serving.all());
}

fn finishes() {
    let folder = subject(&[]);
    for by in [Signal::INT, Signal::TERM] {
        let serving = Serving::start(folder.path(), &["serve"]);
        let mut stream = serving.connect();
        stream.write_all(b"GET /?sleep HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
        serving.expect("sleeping");
        let answer = std::thread::spawn(move || rest(stream));
        let address = serving.address;
        assert_eq!(serving.end(by), Some(0), "{by:?}");
        let answer = answer.join().unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{by:?}: {answer:?}");
        assert!(TcpStream::connect(address).is_err(), "{by:?}: it listens still");
    }
}

fn up() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("handler.c"), SUBJECT).unwrap();
    let serving = Serving::start(folder.path(), &["up", "--setup"]);
    serving.greets();
    assert_eq!(serving.end(Signal::INT), Some(0));
}

fn not_built() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("handler.c"), SUBJECT).unwrap();
    assert!(fail(folder.path(), &["serve"], 1, "E0502").contains("isospin build"));
    std::fs::write(folder.path().join("odd.wasm"), "not at all").unwrap();
    assert!(fail(folder.path(), &["serve", "odd.wasm"], 1, "E0404").contains("odd.wasm"));
    fail(folder.path(), &["serve", "missing.wasm"], 1, "E0705");
}

/// Each with a file of its own, though with the same code in it.
fn sixty() {
    let folder = subject(&[]);
    let component = std::fs::read(folder.path().join("dist/subject.wasm")).unwrap();
    let mut manifest = "[app]\nname = \"sixty\"\n".to_owned();
    for number in 1..=60 {
        let file = folder.path().join(format!("dist/c{number}.wasm"));
        std::fs::write(file, &component).unwrap();
        manifest
            .push_str(&format!("\n[component.c{number}]\npath = \".\"\nroute = \"/c{number}\"\n"));
    }
    std::fs::write(folder.path().join("isospin.toml"), manifest).unwrap();
    let serving = Serving::start(folder.path(), &["serve"]);
    for number in 1..=60 {
        assert_eq!(serving.status(&format!("/c{number}")), "200");
    }
    assert_eq!(serving.status("/c61"), "404");
}

fn address_in_use() {
    let folder = subject(&[]);
    let serving = Serving::start(folder.path(), &["serve"]);
    let address = serving.address.to_string();
    assert!(fail(folder.path(), &["serve", "--listen", &address], 1, "E0503").contains(&address));
}
