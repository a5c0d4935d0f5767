//! Libraries of the Python world run unmodified; what needs native code is refused
//! by name. pip installs them from the digests in `libraries/python/*/requirements.txt`;
//! where the tools of Python are not installed, the tests are not run and say why.

#![allow(clippy::print_stderr, reason = "a test that is not run says why")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use isospin_builder::{app, language, pipeline, report, toolchain};
use isospin_conformance::case::{Mode, Serve};
use isospin_conformance::host::EmbeddedHost;
use isospin_conformance::{Host, Serving};
use libtest_mimic::{Arguments, Failed, Trial};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Component, request line, type and body, and what the answer must hold.
const REQUESTS: &[(&str, &str, &str, &str, &[&str])] = &[
    ("flask", "GET /hello/x", JSON, "", &["200 OK", "hello x\n"]),
    ("flask", "POST /json", JSON, r#"{"a":[1]}"#, &["200 OK", r#"{"got":{"a":[1]}}"#]),
    ("flask", "POST /form", FORM, "a=1&a=2&b=%C3%BC", &["200 OK", r#""a":["1","2"]"#]),
    ("flask", "GET /stream", JSON, "", &["line 0\n", "line 2\n"]),
    ("flask", "GET /escaped", JSON, "", &["<p>&lt;b&gt;</p>"]),
    ("flask", "GET /page", JSON, "", &["200 OK", "<p>a &lt;b&gt; </p>"]),
    ("flask", "GET /static/page.css", JSON, "", &["text/css", "etag: ", "p { color: blue }"]),
    ("flask", "GET /cookies", JSON, "", &["set-cookie: a=1", "set-cookie: b=2"]),
    (
        "flask",
        "GET /passwords",
        JSON,
        "",
        &["200 OK", r#"{"right":[true,true],"wrong":[false,false]}"#],
    ),
    ("flask", "GET /forbidden", JSON, "", &["403 Forbidden"]),
    ("flask", "GET /error", JSON, "", &["500 Internal Server Error"]),
    ("flask", "GET /nowhere", JSON, "", &["404 Not Found"]),
    ("starlette", "GET /hello/x", JSON, "", &["200 OK", "hello x\n"]),
    ("starlette", "GET /plain?a=b", JSON, "", &["plain b\n"]),
    ("starlette", "POST /json", JSON, r#"{"a":[1]}"#, &["200 OK", r#"{"got":{"a":[1]}}"#]),
    ("starlette", "GET /stream", JSON, "", &["line 0\n", "line 2\n"]),
    ("starlette", "GET /started", JSON, "", &["with the first request\n"]),
    ("starlette", "GET /error", JSON, "", &["500 Internal Server Error"]),
    ("starlette", "GET /static/page.css", JSON, "", &["text/css", "etag: ", "p { color: red }"]),
    ("starlette", "GET /static/none.css", JSON, "", &["404 Not Found"]),
    ("starlette", "GET /nowhere", JSON, "", &["404 Not Found"]),
    ("library", "GET /parse", JSON, "", &["2026-01-02"]),
    ("library", "GET /zone", JSON, "", &["2026-07-01T02:00:00+02:00"]),
    ("library", "GET /mail", JSON, "", &["Subject: subject"]),
    ("library", "GET /named", JSON, "", &["wave"]),
    (
        "library",
        "GET /unnamed",
        JSON,
        "",
        &["No module named 'wayward' in the component: import it"],
    ),
    ("library", "GET /read", JSON, "", &["some words\n"]),
    ("library", "GET /spool", JSON, "", &["\r\n\r\n100"]),
    ("library", "GET /pbkdf2", JSON, "", &["4b007901b765489a 09112041d3a19783"]),
    ("library", "GET /scrypt", JSON, "", &["fdbabe1c9d347200"]),
    ("library", "GET /weak", JSON, "", &["the memory limit is exceeded"]),
    ("library", "GET /connect", JSON, "", &["a component has no sockets: use `isospin.fetch`"]),
    ("library", "GET /bind", JSON, "", &["OSError: ", "not supported"]),
];

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/libraries/python");
    let missing = language::find("python").and_then(|found| toolchain::resolve(found).err());
    if let Some(error) = &missing {
        eprintln!("libraries of Python are not tested: {error}");
    }
    let mut names: Vec<&str> = REQUESTS.iter().map(|request| request.0).collect();
    names.dedup();
    let mut trials: Vec<Trial> = names
        .into_iter()
        .flat_map(|name| Mode::all().into_iter().map(move |mode| (name, mode)))
        .map(|(name, mode)| {
            let folder = folder.clone();
            Trial::test(format!("{name}, {}", mode.name()), move || answers(&folder, name, mode))
        })
        .collect();
    trials.push(Trial::test("native code is refused by name", move || refuses(&folder)));
    let ignored = missing.is_some() && std::env::var_os("CI").is_none();
    let trials = trials.into_iter().map(|trial| trial.with_ignored_flag(ignored)).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn build(folder: &Path, name: &str) -> report::Result<PathBuf> {
    let app = app::load(Some(folder))?;
    let options = pipeline::Options { only: Some(name.to_owned()), ..pipeline::Options::default() };
    Ok(pipeline::build(&app, &options, &report::Silent)?.swap_remove(0).path)
}

fn answers(folder: &Path, name: &str, mode: Mode) -> Result<(), Failed> {
    let component = build(folder, name)?;
    let host = EmbeddedHost::new(Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("code")));
    let serve = Serve::default();
    let served = host.serve(&Serving { component: &component, mode, serve: &serve })?;
    for (_, line, kind, body, expected) in REQUESTS.iter().filter(|request| request.0 == name) {
        let mut stream = TcpStream::connect(served.address())?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let fields = format!("host: localhost\r\nconnection: close\r\ncontent-type: {kind}");
        let length = body.len();
        write!(stream, "{line} HTTP/1.1\r\n{fields}\r\ncontent-length: {length}\r\n\r\n{body}")?;
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

/// `FastAPI` needs pydantic, whose core is written in Rust.
fn refuses(folder: &Path) -> Result<(), Failed> {
    let Err(error) = build(folder, "fastapi") else { return Err("it was built".into()) };
    let told = format!("{error:?}");
    let wanted = "the package `pydantic_core` needs native code";
    if told.contains(wanted) {
        Ok(())
    } else {
        Err(format!("`{wanted}` is not in:\n{told}").into())
    }
}
