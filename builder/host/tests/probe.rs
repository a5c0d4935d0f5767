//! The steps of serving, one at a time.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

mod support;

use bytes::Bytes;
use http::Request;
use isospin_host::{Component, Configuration, Held, Probe, Source};
use support::{HELLO, Lines, guest, logging};

fn probe(bytes: Vec<u8>, configuration: &Configuration) -> Probe {
    Probe::new(&Component::alone("subject", Source::Bytes(bytes)), configuration).unwrap()
}

fn request() -> Request<Bytes> {
    Request::get("http://localhost/").body(Bytes::new()).unwrap()
}

#[test]
fn each_step_takes_its_time_and_leaves_the_cache_alone() {
    let folder = tempfile::tempdir().unwrap();
    let lines = Lines::default();
    let configuration = Configuration { cache: Some(folder.path().to_owned()), ..logging(&lines) };
    let probe = probe(guest(HELLO), &configuration);
    let entries = || std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(entries(), 2, "the code and its digest");
    for took in [probe.compile(), probe.load(), probe.instantiate()] {
        assert!(!took.unwrap().is_zero());
    }
    assert_eq!(entries(), 2);
    // Without its entry, code is not loaded: the next step writes a new one.
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    probe.compile().unwrap();
    assert_eq!(entries(), 0);
    probe.load().unwrap();
    assert_eq!(entries(), 2);
    assert!(lines.all().is_empty(), "{:?}", lines.all());
}

#[test]
fn instances_that_answered_are_kept() {
    let lines = Lines::default();
    let probe = probe(guest(HELLO), &logging(&lines));
    let mut held = Held::none();
    assert_eq!(held.linear_memory(), 0);
    for _ in 0..3 {
        assert_eq!(probe.hold(&mut held, request()).unwrap(), 200);
    }
    let memory = held.linear_memory();
    assert!(memory > 0 && memory.is_multiple_of(65_536), "{memory}");
}

#[test]
fn a_guest_that_fails_is_told() {
    let lines = Lines::default();
    for (handler, why) in [("unreachable", "unreachable"), ("", "response")] {
        let probe = probe(guest(handler), &logging(&lines));
        let mut held = Held::none();
        let error = probe.hold(&mut held, request()).unwrap_err();
        assert_eq!(error.message, "subject: it fails");
        assert!(error.causes.join(" ").contains(why), "{error}");
        assert_eq!(held.linear_memory(), 0);
    }
}
