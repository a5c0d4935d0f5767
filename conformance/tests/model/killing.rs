//! Guests and hosts that are wrong in one way each must be caught, and every
//! case must be there for something: it catches one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use isospin_conformance::case::{Case, Mode, Serve};
use isospin_conformance::run::greet;
use isospin_conformance::{Host, Serving, Verdict, corpus};

use crate::fault::FAULTS;
use crate::mutation::{MUTATIONS, Mutation};
use crate::report;
use crate::server::ModelHost;

/// A guest or a host that is wrong, and the cases made for it.
struct Mutant {
    name: String,
    host: ModelHost,
    cases: &'static [&'static str],
}

fn mutants() -> Vec<Mutant> {
    let guests = MUTATIONS.iter().map(|(mutation, cases)| Mutant {
        name: format!("guest {mutation:?}"),
        host: ModelHost::new(*mutation),
        cases,
    });
    let hosts = FAULTS.iter().map(|(fault, cases)| Mutant {
        name: format!("host {fault:?}"),
        host: ModelHost::with_fault(*fault),
        cases,
    });
    guests.chain(hosts).collect()
}

/// The cases of these names. One that is made to wait does so until its time is up.
fn cases(names: &[&str], seconds: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for name in names {
        let mut found = corpus::cases(name).unwrap();
        assert_eq!(found.len(), 1, "{name}");
        found[0].seconds = seconds;
        cases.append(&mut found);
    }
    cases
}

/// Which of the cases catch the mutant.
fn caught_by(mutant: &Mutant, cases: Vec<Case>) -> BTreeSet<String> {
    let report = report(&mutant.host, cases);
    let failed = report.outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Failed);
    let checked = failed.inspect(|outcome| {
        let failure = outcome.failure.as_ref().unwrap();
        let who = format!("{} by {}: {failure:?}", mutant.name, outcome.case);
        assert!(!failure.expected.is_empty() && !failure.got.is_empty(), "{who}");
    });
    checked.map(|outcome| outcome.case.clone()).collect()
}

#[test]
fn every_mutant_is_caught_by_the_cases_made_for_it() {
    let mutants = mutants();
    // Mutants that make a case wait do so at the same time.
    let caught: Vec<BTreeSet<String>> = std::thread::scope(|scope| {
        let catch = |mutant| scope.spawn(move || caught_by(mutant, cases(mutant.cases, 4)));
        let threads: Vec<_> = mutants.iter().map(catch).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut survivors = Vec::new();
    for (mutant, caught) in mutants.iter().zip(&caught) {
        println!("{:<40} {}", mutant.name, Vec::from_iter(caught.clone()).join(", "));
        let missed = mutant.cases.iter().filter(|case| !caught.contains(**case));
        survivors.extend(missed.map(|case| format!("{} is not caught by {case}", mutant.name)));
    }
    let killed = caught.iter().filter(|caught| !caught.is_empty()).count();
    println!("{killed} of {} mutants killed", mutants.len());
    assert!(survivors.is_empty(), "{survivors:#?}");
}

/// Or it would be turned away before a case is run on it.
#[test]
fn every_mutant_is_taken_for_a_guest() {
    let serve = Serve::default();
    for mutant in mutants() {
        let serving =
            Serving { component: Path::new("model.wasm"), mode: Mode::Fresh, serve: &serve };
        let served = mutant.host.serve(&serving).unwrap();
        let greeted = greet(served.address(), Duration::from_secs(4));
        assert!(greeted.is_ok(), "{}: {greeted:?}", mutant.name);
    }
}

/// A case that no mutant fails says nothing.
#[test]
fn every_case_catches_a_mutant() {
    let caught: BTreeSet<&str> =
        mutants().iter().flat_map(|mutant| mutant.cases).copied().collect();
    let model = ModelHost::new(Mutation::None);
    let is_tried = |case: &Case| case.needed().iter().all(|needed| model.offers(*needed));
    let all = corpus::cases("**").unwrap();
    let tried = all.iter().filter(|case| is_tried(case));
    let idle: Vec<&str> =
        tried.map(|case| case.name.as_str()).filter(|name| !caught.contains(name)).collect();
    assert!(idle.is_empty(), "no mutant is there for {idle:#?}");
}

/// Every mutant against every case, to find for a new case what it catches.
#[test]
#[ignore = "takes minutes, and only prints"]
fn which_mutants_each_case_catches() {
    let mutants = mutants();
    let queue = Mutex::new(mutants.iter());
    let found: Mutex<BTreeMap<String, Vec<String>>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let next = || queue.lock().unwrap().next();
                while let Some(mutant) = next() {
                    for case in caught_by(mutant, corpus::cases("**").unwrap()) {
                        let mut found = found.lock().unwrap();
                        found.entry(case).or_default().push(mutant.name.clone());
                    }
                }
            });
        }
    });
    for (case, mutants) in found.into_inner().unwrap() {
        println!("{case}: {}", mutants.join(", "));
    }
}
