//! `bench`: what it measures, what it refuses, and how it is ended.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use super::interruption::{end, half_written, signal};
use super::needs;
use super::surroundings::{HANDLER, fail, isospin, stderr, stdout, succeed};

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "a component's figures are all there and go together", ledger),
        needs("c", "two components are compared in one run", pair),
        needs("c", "an app is built and each component asked below its route", app),
        needs("c", "the chart is one well-formed file that needs nothing else", drawing),
        needs("c", "a request is made as it is asked for", request),
        needs("c", "no answer but success is measured, under load too", failing),
        needs("c", "wrong wishes are refused before anything is measured", refused),
        needs("c", "an interruption ends it at once and leaves no chart", interrupted),
    ]
}

/// Short enough for a test; its figures are real and noisy.
const SHORT: &[&str] = &["--rounds", "3", "--duration", "0.4", "--connections", "1,4"];

/// Long enough for many requests in each turn, although other tests run too.
const LONGER: &[&str] = &["--rounds", "3", "--duration", "4", "--connections", "1,4"];

/// A folder with a built `hello.wasm`.
fn built() -> TempDir {
    with_handler(HANDLER)
}

fn with_handler(source: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("hello")).unwrap();
    std::fs::write(folder.path().join("hello/handler.c"), source).unwrap();
    succeed(folder.path(), &["build", "hello", "--out", "."]);
    folder
}

fn json(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    said(folder, &[arguments, SHORT].concat())
}

/// What the command tells machines.
fn said(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = succeed(folder, &[&["bench", "--json"], arguments].concat());
    assert_eq!(stderr(&output), "");
    stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A figure's interval: where its value must be.
fn interval(figure: &Value) -> (f64, f64) {
    let number = |key: &str| figure[key].as_f64().unwrap_or_else(|| panic!("{key}: {figure}"));
    let (low, value, high) = (number("low"), number("value"), number("high"));
    assert!(0.0 <= low && low <= value && value <= high, "{figure}");
    (low, high)
}

fn ledger() {
    let folder = built();
    let lines = said(folder.path(), &[&["hello.wasm"], LONGER].concat());
    let [ledger, machine] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(ledger["event"], "ledger");
    assert_eq!(ledger["component"], "hello");
    assert_eq!(ledger["language"], "C");
    assert_eq!(ledger["request"], "GET /");
    assert_eq!(ledger["against"], Value::Null);
    let size = std::fs::metadata(folder.path().join("hello.wasm")).unwrap().len();
    assert_eq!(ledger["size"], size);
    let gzip = ledger["gzip"].as_u64().unwrap();
    assert!(0 < gzip && gzip < size, "{gzip}");
    let linear = ledger["linear_memory"].as_u64().unwrap();
    assert!(linear > 0 && linear.is_multiple_of(65_536), "{linear}");
    let figures = ledger["figures"].as_object().unwrap();
    let names: Vec<&str> = figures.keys().map(String::as_str).collect();
    let expected = [
        "compile",
        "load",
        "instantiate",
        "resident_memory",
        "fresh_first_byte",
        "fresh_p50",
        "fresh_p90",
        "fresh_p99",
        "fresh_requests_at_1",
        "fresh_requests_at_4",
        "reused_first_byte",
        "reused_p50",
        "reused_p90",
        "reused_p99",
        "reused_requests_at_1",
        "reused_requests_at_4",
    ];
    // A machine that is very busy does not give a hundred requests in so short a time.
    let expected: Vec<&str> = expected
        .into_iter()
        .filter(|name| !name.ends_with("_p99") || figures.contains_key(*name))
        .collect();
    assert_eq!(names, expected);
    // What takes long to compile is not compiled in every round.
    for (_, figure) in figures.iter().filter(|(name, _)| *name != "compile") {
        assert_eq!(figure["rounds"], 3, "{figure}");
        assert_eq!(figure["confidence"], 0.75, "{figure}");
        interval(figure);
    }
    for mode in ["fresh", "reused"] {
        let of = |moment: &str| interval(&figures[&format!("{mode}_{moment}")]);
        assert!(of("first_byte").0 <= of("p50").1, "{mode}: {figures:?}");
        assert!(of("p50").0 <= of("p90").1, "{mode}: {figures:?}");
    }
    assert_eq!(machine["event"], "machine");
    assert_eq!(machine["isospin"], env!("CARGO_PKG_VERSION"));
    assert_eq!(machine["build"], if cfg!(debug_assertions) { "debug" } else { "release" });
    assert!(machine["wasmtime"].as_str().unwrap().contains('.'), "{machine}");
    assert!(machine["processors"].as_u64().unwrap() >= 1);

    let output = succeed(folder.path(), &[&["bench", "hello.wasm"], SHORT].concat());
    let table = stdout(&output);
    for row in [
        "size ",
        "size, gzip",
        "memory, linear",
        "compile",
        "load",
        "instantiate",
        "memory, resident",
        "fresh, first byte",
        "fresh, p50",
        "fresh, p90",
        "fresh, p99",
        "fresh, 1 connection ",
        "fresh, 4 connections",
        "reused, first byte",
        "reused, p50",
        "reused, p90",
        "reused, p99",
        "reused, 1 connection ",
        "reused, 4 connections",
        "medians of 3 rounds",
        "isospin 0",
    ] {
        assert!(table.lines().any(|line| line.starts_with(row)), "{row}: {table}");
    }
    // Progress is for terminals.
    assert!(stderr(&output).lines().all(|line| line.starts_with("bench: ")), "{}", stderr(&output));
}

fn pair() {
    let folder = built();
    std::fs::create_dir(folder.path().join("old")).unwrap();
    std::fs::copy(folder.path().join("hello.wasm"), folder.path().join("old/hello.wasm")).unwrap();
    let lines = json(folder.path(), &["hello.wasm", "--vs", "old/hello.wasm"]);
    let [other, own, machine] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(other["component"], "old/hello.wasm");
    assert_eq!(other["against"], Value::Null);
    assert_eq!(own["component"], "hello");
    assert_eq!(machine["event"], "machine");
    let against = &own["against"];
    assert_eq!(against["component"], "old/hello.wasm");
    assert_eq!((&against["size"], &against["gzip"]), (&1.0.into(), &1.0.into()));
    let ratios = against["ratios"].as_object().unwrap().iter();
    for (name, ratio) in ratios.filter(|(_, ratio)| ratio["rounds"] != 1) {
        let (low, high) = interval(ratio);
        let shows_one = low <= 1.0 && 1.0 <= high;
        assert!(ratio["differs"].as_bool().unwrap() || shows_one, "{name}: {ratio}");
    }
    assert!(against["ratios"]["fresh_p50"].is_object(), "{against}");

    let arguments = [&["bench", "hello.wasm", "--vs", "old/hello.wasm"], SHORT].concat();
    let table = stdout(&succeed(folder.path(), &arguments));
    let heading = table.lines().next().unwrap();
    assert!(heading.contains("hello  ") && heading.ends_with("to old/hello.wasm"), "{table}");
}

fn app() {
    let folder = built();
    std::fs::rename(folder.path().join("hello"), folder.path().join("one")).unwrap();
    std::fs::create_dir(folder.path().join("two")).unwrap();
    let echoes = r#"#include <isospin.h>

void isospin_handle(isospin_request *request, isospin_response *response) {
    const char *path = isospin_request_path(request);
    int wanted = __builtin_strcmp(path, "/two/here") == 0;
    isospin_respond_text(response, wanted ? 200 : 404, path);
}
"#;
    std::fs::write(folder.path().join("two/handler.c"), echoes).unwrap();
    let manifest = "[app]\nname = \"shop\"\n\n[component.one]\nroute = \"/one\"\n\n[component.two]\nroute = \"/two/...\"\n";
    std::fs::write(folder.path().join("isospin.toml"), manifest).unwrap();
    let arguments = ["--component", "two", "--path", "/here"];
    let lines = json_of_app(folder.path(), &arguments);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0]["component"], "two");
    assert_eq!(lines[0]["request"], "GET /two/here");
    let said = fail(folder.path(), &[&["bench"], SHORT].concat(), 1, "E0901");
    assert!(said.contains("two: no good answer to GET /two/"), "{said}");
    assert!(said.contains("404") && said.contains("it says: /two/"), "{said}");
    std::fs::write(folder.path().join("two/handler.c"), HANDLER).unwrap();
    let names: Vec<String> =
        json_of_app(folder.path(), &[]).iter().map(|line| line["component"].to_string()).collect();
    assert_eq!(names, ["\"one\"", "\"two\"", "null"]);
}

/// What is said of measuring, without what is said of building.
fn json_of_app(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let lines = json(folder, arguments).into_iter();
    lines.filter(|line| line["event"] == "ledger" || line["event"] == "machine").collect()
}

fn drawing() {
    use quick_xml::events::Event;
    let folder = built();
    let name = "a<b>&\"c\".wasm";
    std::fs::copy(folder.path().join("hello.wasm"), folder.path().join(name)).unwrap();
    let chart = ["--vs", name, "--chart", "charts/here.svg"];
    succeed(folder.path(), &[&["bench", "hello.wasm"][..], &chart, SHORT].concat());
    let text = std::fs::read_to_string(folder.path().join("charts/here.svg")).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut bars, mut others) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap();
                    bars += usize::from(&*attribute.value == b"bar");
                    others += usize::from(&*attribute.value == b"other");
                    // Nothing is loaded from elsewhere, and no number is missing.
                    assert!(!attribute.key.as_ref().ends_with(b"href"), "{text}");
                    assert!(!attribute.value.windows(3).any(|part| part == b"NaN"), "{text}");
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((bars, others), (12, 12), "{text}");
    assert!(text.starts_with("<svg ") && text.contains("prefers-color-scheme: dark"));
    assert!(text.contains("a&lt;b&gt;&amp;"), "{text}");
    assert_eq!(std::fs::read_dir(folder.path().join("charts")).unwrap().count(), 1);
}

/// Answers with success alone if it is asked exactly so.
const PARTICULAR: &str = r#"#include <isospin.h>
#include <string.h>

void isospin_handle(isospin_request *request, isospin_response *response) {
    char body[16] = {0};
    isospin_read(isospin_request_body(request), body, sizeof body - 1);
    const char *field = isospin_request_header(request, "x-who");
    const char *query = isospin_request_query(request);
    int good = !strcmp(isospin_request_method(request), "PUT") && !strcmp(body, "beans")
        && field && !strcmp(field, "me") && query && !strcmp(query, "a=b")
        && !strcmp(isospin_request_path(request), "/cup");
    isospin_respond_text(response, good ? 201 : 400, "so it is\n");
}
"#;

fn request() {
    let folder = with_handler(PARTICULAR);
    std::fs::write(folder.path().join("body"), "beans").unwrap();
    let asked =
        ["hello.wasm", "--path", "/cup?a=b", "--method", "PUT", "--header", "X-Who: me", "--data"];
    for data in ["beans", "@body"] {
        let lines = json(folder.path(), &[&asked[..], &[data]].concat());
        assert_eq!(lines[0]["request"], "PUT /cup?a=b");
    }
    let said = fail(folder.path(), &["bench", "hello.wasm", "--data", "beans"], 1, "E0901");
    assert!(said.contains("no good answer to POST /") && said.contains("400"), "{said}");
}

fn failing() {
    // The first is answered; the handler falls over when there are many.
    let source = r#"#include <isospin.h>
static int answered;

void isospin_handle(isospin_request *request, isospin_response *response) {
    (void)request;
    if (++answered > 5) { isospin_log("that is enough"); __builtin_trap(); }
    isospin_respond_text(response, 200, "hello\n");
}
"#;
    let folder = with_handler(source);
    let arguments = [&["bench", "hello.wasm"], SHORT].concat();
    let said = fail(folder.path(), &arguments, 1, "E0901");
    assert!(said.contains("hello: no good answer to GET /"), "{said}");
    assert!(said.contains("status 500") && said.contains("that is enough"), "{said}");
    assert_eq!(stdout(&isospin(folder.path()).args(&arguments).output().unwrap()), "");
}

fn refused() {
    let folder = built();
    let refuse = |arguments: &[&str], exit: i32, code: &str| {
        let begun = Instant::now();
        let said = fail(folder.path(), &[&["bench"], arguments].concat(), exit, code);
        assert!(begun.elapsed() < Duration::from_secs(8), "{arguments:?} was measured first");
        said
    };
    refuse(&["hello.wasm", "--duration", "0.01"], 2, "E0801");
    refuse(&["hello.wasm", "--component", "hello"], 2, "E0801");
    refuse(&["hello", "--env", "A=b"], 2, "E0801");
    refuse(&["hello.wasm", "--connections", "0"], 2, "");
    refuse(&["hello.wasm", "--path", "here"], 2, "begins with `/`");
    refuse(&["hello.wasm", "--path", "/é b"], 2, "E0801");
    refuse(&["hello.wasm", "--header", "none"], 2, "NAME: VALUE");
    refuse(&["hello.wasm", "--data", "@missing"], 1, "E0705");
    refuse(&["hello.wasm", "--vs", "missing.wasm"], 1, "E0705");
    refuse(&["hello.wasm", "--vs", "hello/handler.c"], 1, "E0404");
    refuse(&["hello.wasm", "--chart", "hello"], 1, "E0706");
}

fn interrupted() {
    let folder = built();
    // While it compiles, and while it measures.
    for wait in [100, 1500] {
        let begun = Instant::now();
        let child = isospin(folder.path())
            .args(["bench", "hello.wasm", "--duration", "600", "--chart", "here.svg"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        signal(&child, Signal::INT);
        assert_eq!(end(child), Some(130));
        assert!(begun.elapsed() < Duration::from_millis(wait) + Duration::from_secs(5));
        assert!(!folder.path().join("here.svg").exists());
        assert!(half_written(folder.path()).is_empty());
    }
}
