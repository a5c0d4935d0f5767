//! Ports in use, Ctrl-C, and what is said where there is no terminal.

use std::process::Stdio;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::Signal;

use super::developing::{Developing, ask, folder, handler};
use crate::interruption::{end, gone, signal};
use crate::needs;
use crate::surroundings::{Watched, fail, hello, isospin};

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "dev: an address in use is named, with the way out", address_in_use),
        needs("c", "dev: Ctrl-C ends it while it serves and while it builds", interrupted),
        needs("c", "dev: in a pipe it says one plain line for each thing", plain_lines),
    ]
}

fn address_in_use() {
    let folder = folder(&[("handler.c", &handler("hello"))]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (flag, other) in [("--listen", "--dashboard"), ("--dashboard", "--listen")] {
        let arguments = ["dev", flag, &address, other, "127.0.0.1:0"];
        let said = fail(folder.path(), &arguments, 1, "E0503");
        assert!(said.contains(&address), "{said}");
        assert!(said.contains(&format!("isospin dev {flag} 127.0.0.1:0")), "{said}");
    }
    assert!(!folder.path().join("dist").exists(), "it was built in vain");
}

fn interrupted() {
    for by in [Signal::INT, Signal::TERM] {
        let folder = hello();
        let dev = Developing::start(folder.path(), &[]);
        dev.answers("/", 200, "hello");
        // A browser that listens to the dashboard holds nothing up.
        let listening = super::developing::connect(dev.dashboard);
        assert_eq!(dev.end(by), Some(0), "{by:?}");
        drop(listening);
    }
    let folder = hello();
    let pid_file = folder.path().join("pid");
    let zig = Watched::zig(&format!("sleep 60 &\necho $! > '{}'\nwait", pid_file.display()));
    let dev = Developing::run(zig.isospin(folder.path()), &[]);
    let begun = Instant::now();
    let sleeper = loop {
        match std::fs::read_to_string(&pid_file) {
            Ok(text) if text.ends_with('\n') => break text,
            _ => assert!(begun.elapsed() < Duration::from_secs(60), "the build does not begin"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    assert_eq!(ask(dev.address, "/", &[]).status, 503, "it says that it is being built");
    assert_eq!(dev.end(Signal::INT), Some(0));
    assert!(gone(sleeper.trim()), "a tool goes on");
}

fn plain_lines() {
    let folder = hello();
    let mut child = isospin(folder.path())
        .args(["dev", "--listen", "127.0.0.1:0", "--dashboard", "127.0.0.1:0", "--verbose"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = super::developing::Said::of(child.stderr.take().unwrap());
    let address = said.expect("dashboard: http://");
    let first = address.lines().find(|line| line.contains(": http://127.0.0.1:")).unwrap();
    let (name, url) = first.split_once(": http://").unwrap();
    said.expect(&format!("{name}: it answers\n"));
    let address = url.trim_end_matches('/').parse().unwrap();
    assert_eq!(ask(address, "/a?b", &[]).status, 200);
    let all = said.expect(&format!("{name}: GET /a?b 200 in "));
    assert!(all.contains(", cold\n"), "{all}");
    assert!(all.contains(&format!("{name}: compile ...\n")), "{all}");
    assert!(!all.contains('\x1b') && !all.contains('\r'), "{all:?}");
    signal(&child, Signal::INT);
    assert_eq!(end(child), Some(0));
}
