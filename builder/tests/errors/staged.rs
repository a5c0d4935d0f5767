//! Fixtures that a folder and a command cannot be.

use std::io::Read;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use isospin_builder::report::{Manner, render};
use isospin_builder::serving::{self, Options};
use isospin_host::{Component, Limits, Source};

use crate::surroundings::{self, PROGRAM};

pub struct Staged {
    pub name: &'static str,
    pub needs: &'static [&'static str],
    /// Gives what is said.
    pub stage: fn() -> String,
}

pub fn all() -> Vec<Staged> {
    vec![
        Staged { name: "E0209", needs: &[], stage: slow_tool },
        Staged { name: "E0501", needs: &["c"], stage: same_route },
        Staged { name: "E0503", needs: &["c"], stage: address_in_use },
        Staged { name: "E0702", needs: &[], stage: interruption },
    ]
}

fn slow_tool() -> String {
    let sleep = isospin_builder::process::Command::new("sleep").arg("60");
    render(&sleep.limit(Duration::from_millis(50)).output().unwrap_err(), false)
}

/// A manifest cannot say it, but whoever uses the builder as a library can.
fn same_route() -> String {
    let mount = |name: &str| {
        let source = Source::Bytes(surroundings::hello().to_vec());
        Component::alone(name, source)
    };
    let listen = "127.0.0.1:0".parse().unwrap();
    let options = Options { listen, limits: Limits::default(), reuse: 1 };
    let manner = Manner { quiet: true, ..Manner::default() };
    let served = serving::serve(&[mount("a"), mount("b")], &options, manner);
    render(&served.unwrap_err(), false)
}

fn address_in_use() -> String {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hello.wasm"), surroundings::hello()).unwrap();
    let output = Command::new(PROGRAM)
        .args(["serve", "hello.wasm", "--listen", &address])
        .current_dir(folder.path())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stderr).replace(&address, "127.0.0.1:8080")
}

/// What Ctrl-C sends, while a tool is asked for its version.
fn interruption() -> String {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (zig, asked) = (folder.path().join("zig"), folder.path().join("asked"));
    std::fs::write(folder.path().join("handler.c"), "").unwrap();
    std::fs::write(&zig, format!("#!/bin/sh\ntouch '{}'\nsleep 60\n", asked.display())).unwrap();
    std::fs::set_permissions(&zig, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut child = Command::new(PROGRAM)
        .arg("build")
        .current_dir(folder.path())
        .env("ISOSPIN_ZIG", &zig)
        .env("ISOSPIN_HOME", folder.path().join("home"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !asked.exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the tool is not started");
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    said
}
