//! Guests and hosts that are wrong in one way each must be caught, and every
//! case must be there for something: it catches one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;

use isospin_conformance::case::Case;
use isospin_conformance::{Verdict, corpus};
use serde::{Deserialize, Serialize};

use crate::fault::FAULTS;
use crate::mutation::MUTATIONS;
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

/// `kills.toml`: what each case is there for.
#[derive(Default, Serialize, Deserialize)]
struct Kills {
    /// Cases that catch nobody here, and why they are there all the same.
    nobody: BTreeMap<String, String>,
    /// Mutants that a case catches: those that it is made for, then those that few cases catch.
    cases: BTreeMap<String, Vec<String>>,
}

fn kills_file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/model/kills.toml")
}

fn kills() -> Kills {
    toml::from_str(&std::fs::read_to_string(kills_file()).unwrap()).unwrap()
}

const HOW: &str = "run `BLESS=1 cargo test --workspace --test model -- --ignored`";

#[test]
fn every_case_catches_a_mutant() {
    let kills = kills();
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let all = corpus::cases("**").unwrap();
    for case in &all {
        match kills.cases.get(&case.name).and_then(|mutants| mutants.first()) {
            Some(mutant) => wanted.entry(mutant).or_default().push(&case.name),
            None => {
                let reason = kills.nobody.get(&case.name).map(String::as_str).unwrap_or_default();
                assert!(
                    !reason.is_empty(),
                    "{} catches nobody, as far as is known: {HOW}",
                    case.name
                );
            }
        }
    }
    let mutants = mutants();
    let missed: Vec<String> = std::thread::scope(|scope| {
        let catch = |(name, names): (&str, Vec<&str>)| {
            let mutant = mutants.iter().find(|mutant| mutant.name == name);
            let mutant = mutant.unwrap_or_else(|| panic!("there is no {name}: {HOW}"));
            let caught = caught_by(mutant, cases(&names, 4));
            let missed = names.into_iter().filter(|case| !caught.contains(*case));
            missed.map(|case| format!("{case} does not catch {name}")).collect::<Vec<_>>()
        };
        let threads: Vec<_> =
            wanted.into_iter().map(|one| scope.spawn(move || catch(one))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    println!("{} of {} cases catch a mutant", all.len() - kills.nobody.len(), all.len());
    assert!(missed.is_empty(), "{missed:#?}");
}

/// After these a host fails whatever it is asked: that says nothing of a case.
const SPREADING: [&str; 4] = [
    "host DieOfPanics",
    "host DieOfLeaversUploading",
    "host DieOfLeaversDownloading",
    "host RefuseSome",
];
/// So many mutants of each case are written down.
const WRITTEN: usize = 3;

/// Every mutant against every case, some minutes long.
#[test]
#[ignore = "takes minutes; `BLESS=1` writes what it finds to kills.toml"]
fn which_case_catches_which_mutant() {
    let mutants = mutants();
    let queue = Mutex::new(mutants.iter());
    let found = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let next = || queue.lock().unwrap().next();
                while let Some(mutant) = next() {
                    let mut cases = corpus::cases("**").unwrap();
                    cases.iter_mut().for_each(|case| case.seconds = case.seconds.min(6));
                    let caught = caught_by(mutant, cases);
                    println!("{:<40} {}", mutant.name, caught.len());
                    found.lock().unwrap().insert(mutant.name.clone(), caught);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    let mut kills = Kills { nobody: kills().nobody, ..Kills::default() };
    let is_made_for = |mutant: &str, case: &str| {
        mutants.iter().any(|other| other.name == mutant && other.cases.contains(&case))
    };
    for (mutant, caught) in &found {
        for case in caught {
            if !SPREADING.contains(&mutant.as_str()) || is_made_for(mutant, case) {
                kills.cases.entry(case.clone()).or_default().push(mutant.clone());
            }
        }
    }
    for (case, mutants) in &mut kills.cases {
        mutants.sort_by_key(|mutant| (!is_made_for(mutant, case), found[mutant].len()));
        mutants.truncate(WRITTEN);
    }
    kills.nobody.retain(|case, _| !kills.cases.contains_key(case));
    for case in corpus::cases("**").unwrap() {
        if !kills.cases.contains_key(&case.name) && !kills.nobody.contains_key(&case.name) {
            println!("{} catches nobody", case.name);
        }
    }
    if std::env::var_os("BLESS").is_some() {
        let comment = "# What each case is there for: wrong guests and hosts that it catches. Written by the ignored test of the model; only `nobody` is written by hand.\n\n";
        std::fs::write(kills_file(), comment.to_owned() + &toml::to_string_pretty(&kills).unwrap())
            .unwrap();
    }
}
