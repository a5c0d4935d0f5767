//! GUEST.md is enough to write a guest in a seventh language: the one that has
//! no SDK passes every case that it claims.

#![allow(clippy::print_stderr, reason = "a test that is not run says why")]

use std::path::Path;

use isospin_builder::language::{LANGUAGES, Language};
use isospin_builder::suite::embedded_host;
use isospin_builder::toolchain;
use isospin_conformance::case::Mode;
use isospin_conformance::{GuestBuild, Selection, Silent, corpus, expectation, run};

#[path = "../examples/raw_guest/building.rs"]
mod building;

/// More would be an SDK, not a proof that none is needed.
const MOST_LINES: usize = 300;

fn read(name: &str) -> String {
    let path = Path::new(building::FOLDER).join(name);
    std::fs::read_to_string(&path).expect("the guest has this file")
}

fn c() -> &'static dyn Language {
    *LANGUAGES.iter().find(|language| language.name() == "c").expect("C is one of the languages")
}

#[test]
fn a_guest_without_an_sdk_is_short() {
    let lines = read("guest.cpp").lines().count();
    assert!(lines < MOST_LINES, "guest.cpp has {lines} lines");
}

#[test]
fn a_guest_without_an_sdk_conforms() {
    if let Err(error) = toolchain::resolve(c())
        && std::env::var_os("CI").is_none()
    {
        eprintln!("The guest without an SDK is not tested: {error}");
        return;
    }
    let scratch = tempfile::tempdir().expect("there is a folder for temporary files");
    let component = scratch.path().join("raw.wasm");
    building::build(c(), scratch.path(), &component).expect("the guest builds");
    let guest = GuestBuild { language: "raw".to_owned(), component, environment: None };
    let unclaimed = expectation::parse("unclaimed", &read("unclaimed.toml"));
    let host = embedded_host().expect("there is a place for compiled code");
    let selection = Selection {
        guests: vec![guest],
        hosts: vec![host.as_ref()],
        cases: corpus::cases("**").expect("the cases are well-formed"),
        modes: Mode::all(),
        expectations: unclaimed.expect("the file is well-formed"),
        stopped: || false,
    };
    let report = run(&selection, &mut Silent);
    assert!(report.is_good(), "{}", report.display(None));
}
