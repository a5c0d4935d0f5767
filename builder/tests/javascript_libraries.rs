//! Libraries from npm run unmodified. Their packages are installed by npm from
//! `libraries/javascript/package-lock.json`; where the tools of JavaScript are
//! not installed, the tests are ignored and say why; in CI that is a failure.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use isospin_builder::process::Command;
use isospin_builder::report::{self, Code};
use isospin_builder::{app, language, pipeline, toolchain};
use isospin_conformance::case::{Mode, Serve};
use isospin_conformance::host::EmbeddedHost;
use isospin_conformance::{Host, Serving};
use libtest_mimic::{Arguments, Failed, Trial};

/// Component, request line and body, and what the answer must hold.
const REQUESTS: &[(&str, &str, &str, &[&str])] = &[
    ("hono", "GET /hello/x", "", &["200 OK", "access-control-allow-origin: *", r#"{"hello":"x"}"#]),
    ("hono", "POST /echo", r#"{"a":[1]}"#, &["200 OK", r#"{"a":[1]}"#]),
    ("hono", "GET /nowhere", "", &["404 Not Found"]),
    ("hono-stream", "GET /lines", "", &["200 OK", "line 0\n", "line 2\n"]),
    (
        "hono-stream",
        "GET /events",
        "",
        &["text/event-stream", "event: tick\ndata: 0\n", "data: 2\n"],
    ),
    ("hono-quick", "GET /hello/x", "", &["200 OK", r#"{"hello":"x"}"#]),
    ("hono-zod", "GET /hello/x", "", &["200 OK", r#"{"hello":"x"}"#]),
    ("hono-zod", "POST /items", r#"{"name":"abc","age":3}"#, &["200 OK", r#""name":"abc""#]),
    ("hono-zod", "POST /items", r#"{"name":"a","age":3}"#, &["400 Bad Request", "too_small"]),
    ("itty-router", "GET /hello/y", "", &["200 OK", "hello y"]),
    ("itty-router", "GET /json", "", &["application/json", r#"{"a":1}"#]),
    ("zod", "POST /", r#"{"name":"abc","age":3}"#, &["200 OK", r#"{"name":"abc","age":3}"#]),
    (
        "zod",
        "POST /",
        r#"{"name":"a","age":3.5,"mail":"x"}"#,
        &["400 Bad Request", "too_small", "Invalid email address"],
    ),
    (
        "graphql",
        "POST /",
        r#"{"query":"{ hello(name: \"w\") }"}"#,
        &[r#"{"data":{"hello":"hello w"}}"#],
    ),
    ("preact", "GET /", "", &["text/html", r#"<ul class="x"><li>a</li><li>b&lt;</li></ul>"#]),
    ("react", "GET /", "", &["text/html", "<p>waits</p>", "<b>loaded</b>"]),
    ("browser-field", "GET /?a[b]=c", "", &["200 OK", r#"{"a":{"b":"c"}}"#]),
    ("jose", "GET /", "", &["200 OK", "\r\n\r\n1"]),
    ("jose-keys", "GET /tokens", "", &[r#"{"passed":10,"failed":[]}"#]),
    ("jose-keys", "GET /sealed", "", &[r#"{"passed":9,"failed":[]}"#]),
];

/// Bytes that a component has at most.
const SIZES: &[(&str, u64)] = &[("hono", 1_010_000), ("hono-zod", 1_460_000)];

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/libraries/javascript");
    let missing = language::find("javascript").and_then(|found| toolchain::resolve(found).err());
    if missing.is_none() && !arguments.list {
        let npm = Command::new("npm").folder(&folder).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]);
        npm.run(Code::ToolRun).unwrap();
    }
    let in_ci = std::env::var_os("CI").is_some();
    let mut trials = Vec::new();
    let mut names: Vec<&str> = REQUESTS.iter().map(|request| request.0).collect();
    names.dedup();
    for name in names {
        let folder = folder.clone();
        let failure = missing.as_ref().map(ToString::to_string);
        let trial = Trial::test(name, move || match failure {
            Some(error) => Err(format!("{error}; `isospin setup` installs it").into()),
            None => answers(&folder, name),
        });
        trials.push(trial.with_ignored_flag(missing.is_some() && !in_ci));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn answers(folder: &Path, name: &str) -> Result<(), Failed> {
    let app = app::load(Some(folder))?;
    let options = pipeline::Options { only: Some(name.to_owned()), ..pipeline::Options::default() };
    let built = pipeline::build(&app, &options, &report::Silent)?;
    let size = std::fs::metadata(&built[0].path)?.len();
    for (_, most) in SIZES.iter().filter(|limit| limit.0 == name) {
        if size > *most {
            return Err(format!("it has {size} bytes, and {most} are allowed").into());
        }
    }
    let host = EmbeddedHost::new(Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("code")));
    let serve = Serve::default();
    let served =
        host.serve(&Serving { component: &built[0].path, mode: Mode::Fresh, serve: &serve })?;
    for (_, line, body, expected) in REQUESTS.iter().filter(|request| request.0 == name) {
        let mut stream = TcpStream::connect(served.address())?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let fields = "host: localhost\r\nconnection: close\r\ncontent-type: application/json";
        write!(
            stream,
            "{line} HTTP/1.1\r\n{fields}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        for part in *expected {
            if !answer.contains(part) {
                return Err(format!("{line}: `{part}` is not in the answer:\n{answer}").into());
            }
        }
    }
    Ok(())
}
