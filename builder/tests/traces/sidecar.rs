//! The file with the places, beside the component.

use std::path::Path;

use isospin_builder::language::Language;
use isospin_builder::pipeline;
use isospin_builder::report::Silent;
use isospin_host::{TraceMap, trace_file};
use wasmparser::{Parser, Payload};

use crate::http;
use crate::subject::{Served, Subject, crashes};

type Test = (&'static str, fn(&'static dyn Language));

pub const TESTS: &[Test] = &[
    ("inlined calls are frames too", inlined),
    ("a build that changes nothing puts the places back, and clean removes them", restored),
    ("what is in the component depends on code alone", only_code),
    ("a trace that another host has printed gets its places", pasted),
    ("places that are missing, of another build or damaged are no harm", wrong),
];

/// What linkers leave in a module that they strip, and what names the build.
fn is_released(section: &str) -> bool {
    section == "build_id" || !(section.starts_with(".debug") || section == "name")
}

/// The released file has no debug information, and both files have the same bytes
/// wherever they are built.
pub fn is_beside(language: &'static dyn Language) {
    let one = Subject::built(language, "an app");
    let other = Subject::built(language, "in a folder with a longer name");
    let read = |path: &Path| std::fs::read(path).unwrap();
    let component = read(&one.artifact());
    assert!(component == read(&other.artifact()), "the components differ");
    let trace = trace_file(&one.artifact());
    assert!(read(&trace) == read(&trace_file(&other.artifact())), "the places differ");
    let mut own = 0;
    for payload in Parser::new(0).parse_all(&component) {
        if let Payload::CustomSection(section) = payload.unwrap() {
            assert!(is_released(section.name()), "it has a section {}", section.name());
            own += usize::from(section.name() == "build_id");
        }
    }
    assert_eq!(own, 1);
    let map: TraceMap = serde_json::from_slice(&read(&trace)).unwrap();
    for file in &map.files {
        assert!(!Path::new(file).is_absolute(), "{file} is a path of this machine");
    }
}

fn inlined(language: &'static dyn Language) {
    let subject = Subject::built(language, "app");
    let served = Served::start(&subject.artifact());
    let source = std::fs::read_to_string(subject.folder().join("c/handler.c")).unwrap();
    let line = |comment: &str| {
        1 + source.lines().position(|line| line.contains(comment)).expect("it is there")
    };
    let frames = [
        format!("   0: divide at handler.c:{}:", line("crashes: /divide")),
        format!("   1: average at handler.c:{}:", line("calls: divide")),
        "   2: isospin_handle at handler.c:".to_owned(),
    ];
    assert_eq!(http::get(served.address(), "/divide").status, 500);
    served.expect("each frame", |log| frames.iter().all(|frame| log.contains(frame)));
    assert_eq!(http::get(served.address(), "/recurse").status, 500);
    let log = served.expect("the recursion", |log| log.contains("times or more"));
    assert!(log.lines().count() < 10, "{log}");
}

fn restored(language: &'static dyn Language) {
    let subject = Subject::built(language, "app");
    let trace = trace_file(&subject.artifact());
    let before = std::fs::read(&trace).unwrap();
    std::fs::remove_file(&trace).unwrap();
    assert!(subject.build().unchanged);
    assert_eq!(std::fs::read(&trace).unwrap(), before);
    let freed = pipeline::clean(&subject.app(), &Silent).unwrap();
    assert!(freed > 0 && !trace.exists() && !subject.artifact().exists());
}

fn only_code(language: &'static dyn Language) {
    let subject = Subject::built(language, "app");
    let read = |path: &Path| std::fs::read(path).unwrap();
    let component = read(&subject.artifact());
    let places = read(&trace_file(&subject.artifact()));
    // Lines of the user's own code that the compiler is asked not to tell.
    let flags = subject.folder().join("c/compile_flags.txt");
    std::fs::write(&flags, "-g0\n").unwrap();
    assert!(!subject.build().unchanged);
    assert!(read(&subject.artifact()) == component, "the lines are in the component");
    assert!(read(&trace_file(&subject.artifact())) != places);
    std::fs::remove_file(&flags).unwrap();
    // A comment moves the lines.
    let handler = subject.folder().join("c/handler.c");
    let source = std::fs::read_to_string(&handler).unwrap();
    std::fs::write(&handler, format!("/* A comment. */\n{source}")).unwrap();
    assert!(!subject.build().unchanged);
    assert!(read(&subject.artifact()) == component, "the lines are in the component");
    assert!(read(&trace_file(&subject.artifact())) != places);
}

fn wrong(language: &'static dyn Language) {
    let subject = Subject::built(language, "app");
    let trace = trace_file(&subject.artifact());
    let good = std::fs::read_to_string(&trace).unwrap();
    let crash = crashes(language).into_iter().find(|crash| crash.path == "/divide").unwrap();
    let told = |says: &str| {
        let served = Served::start(&subject.artifact());
        assert_eq!(http::get(served.address(), "/divide").status, 500);
        let log = served.expect(says, |log| log.contains(says));
        assert!(!log.contains("handler.c"), "{log}");
        assert_eq!(http::get(served.address(), "/divide").status, 500);
        let log = served.expect("the second crash", |log| log.contains("the guest failed"));
        assert!(!log.contains(says), "it is told once: {log}");
        assert_eq!(http::get(served.address(), "/").status, 200);
    };
    std::fs::remove_file(&trace).unwrap();
    told("c.debug.json is not there");
    std::fs::create_dir(&trace).unwrap();
    told("c.debug.json is not there");
    std::fs::remove_dir(&trace).unwrap();
    std::fs::write(&trace, good.replacen("\"build_id\":\"", "\"build_id\":\"0", 1)).unwrap();
    told("c.debug.json belongs to another build");
    std::fs::write(&trace, &good[..good.len() / 2]).unwrap();
    told("c.debug.json cannot be read");
    std::fs::write(&trace, good.replace("\"places\":[[", "\"places\":[[-1,")).unwrap();
    told("c.debug.json cannot be read");
    // Found by its build id, whatever it is called.
    std::fs::write(&trace, good.replacen("\"build_id\":\"", "\"build_id\":\"0", 1)).unwrap();
    std::fs::write(trace.with_file_name("renamed.debug.json"), &good).unwrap();
    let served = Served::start(&subject.artifact());
    assert_eq!(http::get(served.address(), "/divide").status, 500);
    served.expect_place(&crash);
}

fn pasted(language: &'static dyn Language) {
    let subject = Subject::built(language, "app");
    let trace = trace_file(&subject.artifact());
    let away = subject.folder().join("away.json");
    std::fs::rename(&trace, &away).unwrap();
    let served = Served::start(&subject.artifact());
    assert_eq!(http::get(served.address(), "/divide").status, 500);
    let log = served.expect("offsets", |log| log.contains("(offset 0x"));
    let (_, offset) = log.split_once("(offset ").unwrap();
    let offset = offset.split(')').next().unwrap();
    let file = subject.folder().join("wasmtime.log");
    // As Wasmtime writes it.
    let text = format!("worker failed:\n    0:   {offset} - <unknown>!<wasm function 9>\n");
    std::fs::write(&file, text).unwrap();
    let inspect = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_isospin"));
        command.arg("inspect").arg(subject.artifact()).arg("--trace").arg(&file).output().unwrap()
    };
    let refused = inspect();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("E0507"));
    std::fs::rename(&away, &trace).unwrap();
    let placed = String::from_utf8(inspect().stdout).unwrap();
    let crash = crashes(language).into_iter().find(|crash| crash.path == "/divide").unwrap();
    let place = format!("\n        divide at {}:{}:", crash.file, crash.line);
    assert!(placed.starts_with("worker failed:\n") && placed.contains(&place), "{placed}");
}
