//! The driver is held against a guest on a host that are right, and against
//! guests and hosts that are wrong in one way each: the first must pass every
//! case, and each of the others must be caught by the cases that are there for it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop at once"
)]

mod fault;
mod fields;
mod killing;
mod limits;
mod mutation;
mod outbound;
mod pieces;
mod properties;
mod routes;
mod server;
mod tls;
mod wrong_host;
mod wrong_wire;

use std::collections::BTreeSet;
use std::path::PathBuf;

use isospin_conformance::case::Mode;
use isospin_conformance::{GuestBuild, Report, Selection, Silent, Verdict, corpus, run};
use mutation::Mutation;
use server::ModelHost;

fn report(host: &ModelHost, cases: Vec<isospin_conformance::case::Case>) -> Report {
    let guest = GuestBuild {
        language: "model".to_owned(),
        component: PathBuf::from("model.wasm"),
        environment: Some(PathBuf::from("environment.wasm")),
    };
    let selection = Selection {
        guests: vec![guest],
        hosts: vec![host],
        cases,
        modes: Mode::all(),
        expectations: Vec::new(),
        stopped: || false,
    };
    run(&selection, &mut Silent)
}

#[test]
fn the_model_passes_every_case() {
    let report = report(&ModelHost::new(Mutation::None), corpus::cases("**").unwrap());
    println!("{}", report.display(None));
    assert!(report.is_good());
    let skipped = report.outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Skipped);
    for outcome in skipped {
        let reason = outcome.reason.as_deref().unwrap_or_default();
        assert!(reason.contains("instances"), "{}: {reason}", outcome.case);
    }
}

#[test]
fn every_route_of_the_guest_is_exercised() {
    let guest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/GUEST.md")).unwrap();
    let rows = guest.lines().filter_map(|line| line.strip_prefix("| `/"));
    let routes: BTreeSet<&str> = rows
        .filter_map(|row| row.split(['/', '?', '`']).next())
        .filter(|route| !route.is_empty())
        .collect();
    assert!(routes.len() > 20, "{routes:?}");
    let texts: String =
        corpus::cases("**").unwrap().iter().map(|case| format!("{case:?}")).collect();
    for route in routes {
        assert!(texts.contains(&format!("/{route}")), "no case asks for /{route}");
    }
}
