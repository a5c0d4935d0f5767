//! The conformance suite: our guests on the embedded host, fresh and reused.
//! `isospin conform` runs the same on more hosts.

#![allow(clippy::print_stderr, reason = "a test that is not run says why")]

use std::path::{Path, PathBuf};

use isospin_builder::commands::build_guests;
use isospin_builder::language::{LANGUAGES, Language};
use isospin_builder::report::Manner;
use isospin_builder::{app, toolchain};
use isospin_conformance::case::Mode;
use isospin_conformance::host::EmbeddedHost;
use isospin_conformance::{Selection, Silent, corpus, run};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/guests");
    let mut trials = Vec::new();
    let in_ci = std::env::var_os("CI").is_some();
    for language in LANGUAGES {
        if !guests.join(language.name()).is_dir() {
            continue;
        }
        let missing = toolchain::resolve(*language).err();
        if let Some(error) = &missing {
            eprintln!("{} is not tested: {error}", language.name());
        }
        for mode in Mode::all() {
            let (language, guests) = (*language, guests.clone());
            let name = format!("{} on the embedded host, {}", language.name(), mode.name());
            let trial = Trial::test(name, move || conforms(language, &guests, mode));
            trials.push(trial.with_ignored_flag(missing.is_some() && !in_ci));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn conforms(language: &dyn Language, guests: &Path, mode: Mode) -> Result<(), Failed> {
    let app = app::load(Some(guests))?;
    let quiet = Manner { quiet: true, ..Manner::default() };
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("code");
    let host = EmbeddedHost::new(Some(cache));
    let selection = Selection {
        guests: build_guests(&app, &[language.name().to_owned()], quiet)?,
        hosts: vec![&host],
        cases: corpus::cases("**")?,
        modes: vec![mode],
        expectations: corpus::expectations()?,
        stopped: || false,
    };
    let report = run(&selection, &mut Silent);
    if report.is_good() { Ok(()) } else { Err(report.display().into()) }
}
