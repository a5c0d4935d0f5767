//! Ctrl-C: nothing goes on running, nothing is broken afterwards.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::Signal;
use tempfile::TempDir;

use super::needs;
use super::surroundings::{Watched, artifacts, built_in, hello, isospin, poor_guest, succeed};

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "an interruption at any time leaves no process and no broken cache", any_time),
        needs("c", "each stage can be interrupted", || {
            each_stage("c", &["compile", "componentize", "check"]);
        }),
        needs("go", "each stage can be interrupted", || each_stage("go", &["compile", "snapshot"])),
        needs("c", "the suite can be interrupted", suite),
    ]
}

/// Interrupts a build in each of its steps in turn, by the number of tools
/// that it has started, then builds to the end.
fn any_time() {
    let folder = hello();
    let mut interrupted = 0;
    for step in 1..=4 {
        let pid_file = folder.path().join(format!("pid-{step}"));
        let zig = Watched::zig(&format!(
            "if [ $(wc -l < \"$(dirname \"$0\")/starts\") -ge {step} ]; then\n  sleep 30 &\n  echo $! > '{}'\n  wait\nfi",
            pid_file.display()
        ));
        let child = zig.isospin(folder.path()).arg("build").spawn().unwrap();
        if !appears(&pid_file, Duration::from_secs(10)) {
            end(child);
            continue;
        }
        signal(&child, Signal::INT);
        let status = end(child);
        assert_eq!(status, Some(130), "step {step}");
        let sleeper = std::fs::read_to_string(&pid_file).unwrap();
        assert!(gone(sleeper.trim()), "step {step}: a process goes on");
        interrupted += 1;
        for name in artifacts(folder.path()) {
            assert!(name.ends_with(".wasm"), "step {step}: {name} is left");
        }
    }
    assert!(interrupted >= 1, "no step could be interrupted");
    succeed(folder.path(), &["build"]);
}

/// Interrupts a build when it tells that a stage begins, then builds to the end.
fn each_stage(language: &str, stages: &[&str]) {
    for stage in stages {
        let folder = example(language);
        let mut child = isospin(folder.path())
            .args(["build", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let begins = format!("\"stage\":\"{stage}\"");
        assert!(lines.any(|line| line.unwrap().contains(&begins)), "there is no stage {stage}");
        signal(&child, Signal::INT);
        // It reads to the end, so that the program can go on writing.
        let said: Vec<String> = lines.map_while(Result::ok).collect();
        let status = end(child);
        // A short stage may be over before the signal is there.
        let built = said.iter().any(|line| line.contains("\"event\":\"built\""));
        assert_eq!(status, Some(if built { 0 } else { 130 }), "{stage}: {said:?}");
        assert_eq!(half_written(folder.path()), Vec::<PathBuf>::new(), "{stage}");
        assert_eq!(artifacts(folder.path()).len(), usize::from(built), "{stage}");
        succeed(folder.path(), &["build"]);
        assert_eq!(artifacts(folder.path()).len(), 1);
    }
}

/// A copy of the smallest example in this language.
fn example(language: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let name = format!("../examples/hello/hello-{language}");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let files = ignore::WalkBuilder::new(&from).build().map(Result::unwrap);
    for file in files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file())) {
        let to = folder.path().join(file.path().strip_prefix(&from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(file.path(), to).unwrap();
    }
    folder
}

/// Files that are written beside their place and were not moved there.
pub fn half_written(folder: &Path) -> Vec<PathBuf> {
    let files = ignore::WalkBuilder::new(folder).standard_filters(false).build();
    files
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(".isospin-"))
        .collect()
}

fn suite() {
    let folder = poor_guest();
    let file = built_in(folder.path());
    let child = isospin(folder.path())
        .args(["conform", "--host", "embedded", "--component"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, Signal::INT);
    assert_eq!(end(child), Some(130));
}

fn appears(path: &Path, limit: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        if std::fs::read_to_string(path).is_ok_and(|text| text.ends_with('\n')) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// Sends a signal; nothing if the program has ended.
pub fn signal(child: &Child, signal: Signal) {
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    let _ = rustix::process::kill_process(id, signal);
}

/// Waits for the end, for at most a minute.
pub fn end(mut child: Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    None
}

/// Whether a process has ended (a zombie has).
pub fn gone(id: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        match std::fs::read_to_string(format!("/proc/{id}/stat")) {
            Err(_) => return true,
            Ok(stat) if stat.contains(") Z ") => return true,
            Ok(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    false
}
