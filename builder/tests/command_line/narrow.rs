//! A terminal of twenty columns: nothing is wider, nothing falls over.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;

use super::surroundings::hello;
use super::{always, needs};

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "in twenty columns the progress of a build keeps to its line", progress),
        always("in twenty columns a table folds", table),
        always("in twenty columns questions are asked and answered", questions),
    ]
}

const COLUMNS: usize = 20;

/// What the program shows on such a terminal, where `typed` is typed, with its exit code.
/// `script` gives it a terminal of its own.
fn shown(folder: &Path, arguments: &str, typed: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_isospin");
    let inner = format!("stty rows 24 cols {COLUMNS}; '{program}' {arguments}");
    // Keys that come before a question would be lost to it.
    let outer =
        format!("(sleep 1; {typed}) | script --quiet --return --command \"{inner}\" /dev/null");
    let mut command = Command::new("sh");
    command.args(["-c", &outer]).current_dir(folder);
    let output = command.env("TERM", "xterm").env_remove("NO_COLOR").output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn progress() {
    let folder = hello();
    let (code, said) = shown(folder.path(), "build", "true");
    assert_eq!(code, Some(0), "{said}");
    let spun: Vec<&str> = said.split('\r').filter(|line| line.contains(": c")).collect();
    assert!(!spun.is_empty(), "{said:?}");
    for line in spun.iter().filter(|line| !line.contains(" KB ")) {
        let text = line.trim_start_matches("\u{1b}[2K");
        assert!(text.chars().count() <= COLUMNS, "{text:?}");
    }
}

fn table() {
    let folder = tempfile::tempdir().unwrap();
    let (_, said) = shown(folder.path(), "doctor", "true");
    // The last columns stand below their row, and are cut.
    let plain = said.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    assert!(plain.lines().any(|line| line.starts_with("    for  path")), "{plain}");
    assert!(!said.contains("panicked"), "{said}");
}

fn questions() {
    let folder = tempfile::tempdir().unwrap();
    let enter = "printf '\\r'; sleep 1; printf '\\r'; sleep 1; printf '\\r'; sleep 2";
    let (code, said) = shown(folder.path(), "new", enter);
    assert_eq!(code, Some(0), "{said}");
    assert!(folder.path().join("hello/isospin.toml").is_file(), "{said}");
}
