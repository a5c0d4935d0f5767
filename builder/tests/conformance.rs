//! The conformance suite: every language on every host, in each mode that the
//! host has. `isospin conform` runs the same.

#![allow(clippy::print_stderr, reason = "a test that is not run says why")]

use std::path::Path;
use std::sync::Arc;

use isospin_builder::language::{LANGUAGES, Language};
use isospin_builder::report::Manner;
use isospin_builder::suite::{build_guests, embedded_host, installed_host};
use isospin_builder::{app, toolchain};
use isospin_conformance::case::{Mode, Serve};
use isospin_conformance::property::{self, KINDS, Party, Plan};
use isospin_conformance::{Host, Selection, Serving, Silent, corpus, run};
use libtest_mimic::{Arguments, Failed, Trial};

/// A host, or why it cannot be had.
type Found = Result<Arc<dyn Host>, String>;

/// A host, what modes it has, and whether it must be there in CI.
struct Candidate {
    name: String,
    modes: Vec<Mode>,
    found: Found,
    is_must: bool,
}

fn main() {
    let arguments = Arguments::from_args();
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/guests");
    let in_ci = std::env::var_os("CI").is_some();
    let hosts = hosts();
    for Candidate { name, found, .. } in &hosts {
        if let Err(why) = found {
            eprintln!("The host {name} is not tested: {why}");
        }
    }
    let mut trials = Vec::new();
    for language in LANGUAGES {
        if !guests.join(language.name()).is_dir() {
            continue;
        }
        let missing = toolchain::resolve(*language).err();
        if let Some(error) = &missing {
            eprintln!("{} is not tested: {error}", language.name());
        }
        for host in &hosts {
            let is_ignored =
                missing.is_some() && !in_ci || host.found.is_err() && !(in_ci && host.is_must);
            for mode in host.modes.clone() {
                let name = format!("{} on {}, {}", language.name(), host.name, mode.name());
                let (language, guests, found) = (*language, guests.clone(), host.found.clone());
                let trial = Trial::test(name, move || conforms(language, &guests, found, mode));
                trials.push(trial.with_ignored_flag(is_ignored));
            }
        }
    }
    let missing = LANGUAGES.iter().any(|language| toolchain::resolve(*language).is_err());
    trials.push(
        Trial::test("all languages answer generated requests alike", move || agree(&guests))
            .with_ignored_flag(missing && !in_ci),
    );
    libtest_mimic::run(&arguments, trials).exit();
}

/// Every host, installed or not.
fn hosts() -> Vec<Candidate> {
    let found = |host: isospin_builder::report::Result<Box<dyn Host>>| {
        host.map(Arc::from).map_err(|error| error.to_string())
    };
    let mut hosts = vec![Candidate {
        name: "embedded".to_owned(),
        modes: Mode::all(),
        found: found(embedded_host()),
        is_must: true,
    }];
    for (name, adapter) in corpus::adapters().expect("the adapters are well-formed") {
        let modes = adapter.modes.keys().copied().collect();
        let why = adapter.optional.clone();
        let found = found(installed_host(&name, adapter))
            .map_err(|error| [error].into_iter().chain(why.clone()).collect::<Vec<_>>().join(". "));
        hosts.push(Candidate { name, modes, found, is_must: why.is_none() });
    }
    hosts
}

fn conforms(language: &dyn Language, guests: &Path, host: Found, mode: Mode) -> Result<(), Failed> {
    let app = app::load(Some(guests))?;
    let quiet = Manner { quiet: true, ..Manner::default() };
    let host = host?;
    let selection = Selection {
        guests: build_guests(&app, &[language.name().to_owned()], quiet)?,
        hosts: vec![host.as_ref()],
        cases: corpus::cases("**")?,
        modes: vec![mode],
        expectations: corpus::expectations()?,
        stopped: || false,
    };
    let report = run(&selection, &mut Silent);
    if report.is_good() { Ok(()) } else { Err(report.display(None).into()) }
}

/// A fixed number of requests that are the same each time; `isospin conform --properties` sends others.
fn agree(guests: &Path) -> Result<(), Failed> {
    let app = app::load(Some(guests))?;
    let quiet = Manner { quiet: true, ..Manner::default() };
    let host = embedded_host()?;
    let mut served = Vec::new();
    let mut parties = Vec::new();
    for guest in build_guests(&app, &[], quiet)? {
        let serve = Serve::default();
        let serving = Serving { component: &guest.component, mode: Mode::Reused, serve: &serve };
        let running = host.serve(&serving)?;
        parties.push(Party { name: guest.language, address: running.address() });
        served.push(running);
    }
    for kind in KINDS {
        let tried = property::run(kind, &parties, &Plan { seed: 1, count: 40 }, || false);
        if let Some(difference) = tried.difference {
            return Err(format!("{}: {difference:#?}", kind.name).into());
        }
    }
    Ok(())
}
