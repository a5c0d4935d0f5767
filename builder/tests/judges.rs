//! Judges that are no part of this project, over the example app: a generator
//! that reads its OpenAPI description, and a linter of HTTP messages.
//!
//! They need `pip install schemathesis httplint`, which nothing here installs:
//! `cargo test -p isospin-builder --test judges -- --ignored` runs them.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may stop at once, and says what the judges say"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use isospin_builder::report::Silent;
use isospin_builder::{app, pipeline, serving};
use isospin_host::{Configuration, Server};

fn rosetta() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/rosetta").canonicalize().unwrap()
}

/// The app, built and served, with the routes of its components.
fn serve() -> (Server, Vec<String>) {
    let app = app::load(Some(&rosetta())).unwrap();
    pipeline::build(&app, &pipeline::Options::default(), &Silent).unwrap();
    let mounted = serving::mounted(&app).unwrap();
    let server = Server::start(Configuration::default(), &mounted).unwrap();
    (server, mounted.iter().map(|component| component.route.to_string()).collect())
}

/// That a text cannot be fetched is a 502, the one answer of this app that is a server's error.
const EXPECTED: &str = "not_a_server_error";

#[test]
#[ignore = "needs `pip install schemathesis`"]
fn schemathesis_finds_nothing() {
    let (server, _) = serve();
    let scratch = tempfile::tempdir().unwrap();
    let status = Command::new("schemathesis")
        .arg("run")
        .arg(rosetta().join("openapi.yaml"))
        .args(["--url", &format!("http://{}", server.local_address())])
        .args(["--checks", "all", "--exclude-checks", EXPECTED])
        .args(["--seed", "1", "--max-examples", "50", "--continue-on-failure", "--no-color"])
        .current_dir(scratch.path())
        .status()
        .unwrap();
    server.shutdown();
    assert!(status.success());
}

/// How long an answer stays fresh is not said by this app, so that caches may guess.
const GUESS: &str = "allows caches to assign their own freshness lifetimes";

#[test]
#[ignore = "needs `pip install httplint`"]
fn httplint_finds_nothing() {
    let (server, routes) = serve();
    let mut findings = Vec::new();
    for route in &routes {
        for request in [
            format!("GET {route} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
            format!("HEAD {route} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
            format!("DELETE {route} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
            format!(
                "POST {route} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\na b"
            ),
            format!("GET {route}?from=x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
            format!("GET {route}/nobody HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
        ] {
            let line = request.lines().next().unwrap();
            let notes = lint(&ask(server.local_address(), &request));
            let bad = |note: &&str| note.contains("[BAD]") || note.contains("[WARN]");
            let bad = notes.lines().filter(bad).filter(|note| !note.contains(GUESS));
            findings.extend(bad.map(|note| format!("{line}: {note}")));
        }
    }
    server.shutdown();
    println!("{}", findings.join("\n"));
    assert!(findings.is_empty(), "{} findings", findings.len());
}

fn ask(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

/// What the linter notes. Of the clock it cannot judge: it starts some time after the answer.
fn lint(answer: &[u8]) -> String {
    let mut linter =
        Command::new("httplint").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    linter.stdin.take().unwrap().write_all(answer).unwrap();
    let output = linter.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}
