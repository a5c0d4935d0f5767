//! How much of the web's interfaces JavaScript has: the Web Platform Tests' tables
//! of URLs, which come with the crate `url`, and tables of our own after the
//! standards for the rest. The pass rates are printed and may not fall.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop at once, and says what it measured"
)]

#[path = "web_platform/decoding.rs"]
mod decoding;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use isospin_builder::{app, language, pipeline, report, toolchain};
use isospin_conformance::case::{Mode, Serve};
use isospin_conformance::host::EmbeddedHost;
use isospin_conformance::{Host, Served, Serving};
use libtest_mimic::{Arguments, Failed, Trial};

/// Area, the file of the crate `url` that it is tested with, and how many passed
/// when that was last looked at, of how many.
const AREAS: &[(&str, Option<&str>, usize, usize)] = &[
    ("url parsing", Some("urltestdata.json"), 809, 819),
    ("url setters", Some("setters_tests.json"), 243, 254),
    ("hosts", None, 35, 35),
    ("url pattern", None, 29, 29),
    ("fetch headers", None, 26, 27),
    ("fetch requests", None, 29, 29),
    ("fetch responses", None, 31, 31),
    ("encoding", None, 107, 107),
    ("cryptography", None, 63, 63),
    ("streams", None, 29, 29),
    ("abort", None, 28, 28),
    ("channel messaging", None, 9, 9),
    ("code from strings", None, 10, 10),
    ("what start-up made", None, 15, 15),
];

fn main() {
    let arguments = Arguments::from_args();
    let tools = language::find("javascript").map(toolchain::resolve);
    let missing = tools.and_then(|tools| tools.err()).map(|error| error.to_string());
    let in_ci = std::env::var_os("CI").is_some();
    let ignored = missing.is_some() && !in_ci;
    let trial = Trial::test("web platform (javascript)", move || match missing {
        Some(error) => Err(format!("{error}; `isospin setup` installs it").into()),
        None => every_area(),
    });
    libtest_mimic::run(&arguments, vec![trial.with_ignored_flag(ignored)]).exit();
}

fn every_area() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web_platform");
    let app = app::load(Some(&folder))?;
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("web_platform");
    let options = pipeline::Options { out: Some(out), ..pipeline::Options::default() };
    let built = pipeline::build(&app, &options, &report::Silent)?;
    let host = EmbeddedHost::new(Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("code")));
    let serve = Serve::default();
    let serving = Serving { component: &built[0].path, mode: Mode::Fresh, serve: &serve };
    let served = host.serve(&serving)?;
    let tables = tables_of_the_crate_url()?;
    outlives_its_response(served.as_ref())?;
    every_global_has_its_type(&served.address().to_string())?;
    decoding::as_the_standard(|label, pieces, bytes| {
        let mut body = format!("{label} {pieces}\0").into_bytes();
        body.extend(bytes);
        let answer = ask(&served.address().to_string(), "decode", &body)?;
        Ok(answer["text"].as_str().unwrap_or_default().to_owned())
    })?;
    let mut fallen = Vec::new();
    for (area, table, recorded, of) in AREAS {
        let body = table.map(|name| std::fs::read_to_string(tables.join(name))).transpose()?;
        let answer = ask(&served.address().to_string(), area, body.unwrap_or_default().as_bytes())?;
        let passed = usize::try_from(answer["passed"].as_u64().unwrap_or_default())?;
        let failed = answer["failed"].as_array().cloned().unwrap_or_default();
        println!("{area}: {passed} of {} pass", passed + failed.len());
        if passed < *recorded || passed + failed.len() != *of {
            let list: Vec<String> = failed.iter().map(ToString::to_string).collect();
            fallen.push(format!(
                "{area}: {passed} of {} and not {recorded} of {of}:\n{}",
                passed + failed.len(),
                list.join("\n")
            ));
        }
    }
    if fallen.is_empty() { Ok(()) } else { Err(fallen.join("\n\n").into()) }
}

/// `context.waitUntil`: the work goes on after the client has its response.
fn outlives_its_response(served: &dyn Served) -> Result<(), Failed> {
    let log = served.log().ok_or("the host has no log")?;
    let from = log.length();
    let answer = ask(&served.address().to_string(), "wait", b"")?;
    if answer["answered"] != true {
        return Err(format!("the answer is {answer}").into());
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    let text = log.wait_for(b"waited", from, deadline);
    text.map(drop).map_err(|text| String::from_utf8_lossy(&text).into_owned().into())
}

/// The types of the SDK tell what exists, no more and no less. What is of the
/// language itself has its types from TypeScript.
fn every_global_has_its_type(address: &str) -> Result<(), Failed> {
    let there = ask(address, "globals", b"")?;
    let there: BTreeSet<&str> =
        there["names"].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdks/javascript/types");
    let mut told = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        for line in std::fs::read_to_string(entry?.path())?.lines() {
            let rest = line.strip_prefix("declare var ").or(line.strip_prefix("declare function "));
            let end = |c: char| !c.is_alphanumeric();
            told.extend(rest.and_then(|rest| rest.split(end).next()).map(str::to_owned));
        }
    }
    let untold: Vec<_> = there.iter().filter(|name| !told.contains(**name)).collect();
    let absent: Vec<_> = told.iter().filter(|name| !there.contains(name.as_str())).collect();
    if untold.is_empty() && absent.is_empty() {
        return Ok(());
    }
    Err(format!("without a type: {untold:?}; not there: {absent:?}").into())
}

/// Cargo has the crate's sources, tests included, because the builder depends on it.
/// It is asked about this platform alone: packages of others are not downloaded.
fn tables_of_the_crate_url() -> Result<PathBuf, Failed> {
    let platform =
        std::process::Command::new("rustc").args(["--print", "host-tuple"]).output()?.stdout;
    let platform = String::from_utf8(platform)?;
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform"])
        .arg(platform.trim())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("cargo lists no packages")?;
    let package = packages.iter().find(|package| package["name"] == "url");
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    let manifest =
        Path::new(manifest.ok_or("the crate `url` is no longer among the dependencies")?);
    let folder = manifest.parent().ok_or("a manifest has no folder")?;
    Ok(folder.join("tests"))
}

fn ask(address: &str, area: &str, body: &[u8]) -> Result<serde_json::Value, Failed> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let path = area.replace(' ', "%20");
    let length = body.len();
    let head = format!(
        "POST /{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8(answer)?;
    let (head, text) = answer.split_once("\r\n\r\n").ok_or("no response")?;
    let start = text.find('{').ok_or_else(|| format!("{area}: {head}\n{text}"))?;
    let end = text.rfind('}').ok_or("no end of the response")?;
    Ok(serde_json::from_str(&text[start..=end])?)
}
