//! Judges that are no part of this project, over the example app: a generator
//! that reads its OpenAPI description, and a linter of HTTP messages.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may stop at once, and says what the judges say"
)]

#[path = "../installed/kept.rs"]
mod kept;
#[path = "../installed/pip.rs"]
mod pip;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::LazyLock;

use isospin_builder::language::LANGUAGES;
use isospin_builder::report::Silent;
use isospin_builder::{app, pipeline, serving, toolchain};
use isospin_host::{Configuration, Server};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let in_ci = std::env::var_os("CI").is_some();
    let missing = LANGUAGES.iter().any(|language| toolchain::resolve(*language).is_err())
        || which::which("python3").is_err();
    let trials = [
        ("a generator of requests finds nothing", generated as fn() -> Result<(), Failed>),
        ("a linter of messages finds nothing", linted),
    ];
    let trials =
        trials.map(|(name, test)| Trial::test(name, test).with_ignored_flag(missing && !in_ci));
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit();
}

/// The judges: packages that are ready-made, with setuptools, and what is there as sources
/// alone.
fn judges() -> Result<PathBuf, String> {
    // One at a time.
    static JUDGES: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
        let lists = [
            (include_str!("requirements.txt"), "--only-binary"),
            (include_str!("source.txt"), "--no-binary"),
        ];
        pip::packages("judges", &lists)
    });
    JUDGES.clone()
}

fn rosetta() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/rosetta").canonicalize().unwrap()
}

/// The app, built and served, with the routes of its components.
fn serve() -> (Server, Vec<String>) {
    let app = app::load(Some(&rosetta())).unwrap();
    pipeline::build(&app, &pipeline::Options::default(), &Silent).unwrap();
    let mounted = serving::mounted(&app).unwrap();
    let cache = Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("code"));
    let configuration = Configuration { cache, ..Configuration::default() };
    let server = Server::start(configuration, &mounted).unwrap();
    (server, mounted.iter().map(|component| component.route.to_string()).collect())
}

/// That a text cannot be fetched is a 502, the one answer of this app that is a server's error.
const EXPECTED: &str = "not_a_server_error";

fn generated() -> Result<(), Failed> {
    let judges = judges()?;
    let (server, _) = serve();
    let scratch = tempfile::tempdir()?;
    let output = pip::python(&judges)
        .arg(judges.join("bin/schemathesis"))
        .arg("run")
        .arg(rosetta().join("openapi.yaml"))
        .args(["--url", &format!("http://{}", server.local_address())])
        .args(["--checks", "all", "--exclude-checks", EXPECTED])
        .args(["--seed", "1", "--max-examples", "20", "--continue-on-failure", "--no-color"])
        .current_dir(scratch.path())
        .output()?;
    server.shutdown();
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.success() { Ok(()) } else { Err(said.as_ref().into()) }
}

/// How long an answer stays fresh is not said by this app, so that caches may guess.
const GUESS: &str = "allows caches to assign their own freshness lifetimes";

/// An answer that the linter must find wrong.
const WRONG: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndate: yesterday\r\n\r\nx";

fn linted() -> Result<(), Failed> {
    let judges = judges()?;
    let (server, routes) = serve();
    let requests: Vec<String> = routes.iter().flat_map(|route| requests(route)).collect();
    let ask = |request: &String| ask(server.local_address(), request);
    let mut answers: Vec<Vec<u8>> = requests.iter().map(ask).collect();
    server.shutdown();
    answers.push(WRONG.to_vec());
    let notes = lint(&judges, answers);
    assert!(notes.last().unwrap().contains("[BAD]"), "{notes:?}");
    assert_eq!(notes.len(), requests.len() + 1);
    let mut findings = Vec::new();
    for (request, notes) in requests.iter().zip(&notes) {
        let line = request.lines().next().unwrap();
        let bad = |note: &&str| note.contains("[BAD]") || note.contains("[WARN]");
        let bad = notes.lines().filter(bad).filter(|note| !note.contains(GUESS));
        findings.extend(bad.map(|note| format!("{line}: {note}")));
    }
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n").into()) }
}

/// What an answer is asked for with.
fn requests(route: &str) -> [String; 6] {
    let ends = "host: x\r\nconnection: close\r\n";
    [
        format!("GET {route} HTTP/1.1\r\n{ends}\r\n"),
        format!("HEAD {route} HTTP/1.1\r\n{ends}\r\n"),
        format!("DELETE {route} HTTP/1.1\r\n{ends}\r\n"),
        format!("POST {route} HTTP/1.1\r\n{ends}content-length: 3\r\n\r\na b"),
        format!("GET {route}?from=x HTTP/1.1\r\n{ends}\r\n"),
        format!("GET {route}/nobody HTTP/1.1\r\n{ends}\r\n"),
    ]
}

fn ask(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

/// What the linter notes on each answer. Of the clock it cannot judge: it starts some time
/// after the answer.
fn lint(judges: &Path, answers: Vec<Vec<u8>>) -> Vec<String> {
    let mut command = pip::python(judges);
    command.arg("-c").arg(include_str!("lint.py"));
    let mut linter = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = linter.stdin.take().unwrap();
    for answer in answers {
        let digits: String = answer.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(input, "{digits}").unwrap();
    }
    drop(input);
    let output = linter.wait_with_output().unwrap();
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
