//! The driver is held against a guest that is right, and against guests that
//! are wrong in one way each: the first must pass every case, and each of the
//! others must be caught by the cases that are there for it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop at once"
)]

mod fields;
mod limits;
mod mutation;
mod outbound;
mod pieces;
mod routes;
mod server;

use std::collections::BTreeSet;
use std::path::PathBuf;

use isospin_conformance::case::Mode;
use isospin_conformance::{GuestBuild, Report, Selection, Silent, Verdict, corpus, run};
use mutation::{MUTATIONS, Mutation};
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
    println!("{}", report.display());
    assert!(report.is_good());
    let skipped = report.outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Skipped);
    for outcome in skipped {
        let reason = outcome.reason.as_deref().unwrap_or_default();
        assert!(reason.contains("instances"), "{}: {reason}", outcome.case);
    }
}

#[test]
fn every_mutant_is_caught_by_the_cases_made_for_it() {
    // Mutants that make a case wait do so at the same time.
    let survivors: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = MUTATIONS
            .iter()
            .map(|(mutation, cases)| scope.spawn(move || survived(*mutation, cases)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    println!("{} mutants, {} not caught", MUTATIONS.len(), survivors.len());
    assert!(survivors.is_empty(), "{survivors:#?}");
}

/// The cases that should have caught the mutant and did not.
fn survived(mutation: Mutation, cases: &[&str]) -> Vec<String> {
    let mut chosen = Vec::new();
    for name in cases {
        let mut found = corpus::cases(name).unwrap();
        assert_eq!(found.len(), 1, "{name}");
        // A mutant that makes a case wait does so until its time is up.
        found[0].seconds = 4;
        chosen.append(&mut found);
    }
    let report = report(&ModelHost::new(mutation), chosen);
    let mut survived = Vec::new();
    for name in cases {
        let outcomes = report.outcomes.iter().filter(|outcome| outcome.case == *name);
        if !outcomes.clone().any(|outcome| outcome.verdict == Verdict::Failed) {
            survived.push(format!("{mutation:?} is not caught by {name}"));
        }
        for failure in outcomes.filter_map(|outcome| outcome.failure.as_ref()) {
            assert!(!failure.expected.is_empty() && !failure.got.is_empty(), "{name}: {failure:?}");
        }
    }
    survived
}

/// A case that no mutant fails is a case that nobody knows to say anything.
#[test]
fn every_case_catches_a_mutant() {
    let caught: BTreeSet<&str> =
        MUTATIONS.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    let all = corpus::cases("**").unwrap();
    let idle: Vec<&str> =
        all.iter().map(|case| case.name.as_str()).filter(|name| !caught.contains(name)).collect();
    assert!(idle.is_empty(), "no mutant is there for {idle:#?}");
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
