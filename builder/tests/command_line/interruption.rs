//! Ctrl-C: nothing goes on running, nothing is broken afterwards.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use super::needs;
use super::surroundings::{Watched, artifacts, hello, succeed};

pub fn tests() -> Vec<Trial> {
    vec![needs("c", "an interruption at any time leaves no process and no broken cache", any_time)]
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
        interrupt(&child);
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

fn interrupt(child: &Child) {
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
}

/// Waits for the end, for at most a minute.
fn end(mut child: Child) -> Option<i32> {
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
fn gone(id: &str) -> bool {
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
