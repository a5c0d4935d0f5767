//! Guests stream: what they need of memory does not grow with the body that
//! they echo.

use std::path::{Path, PathBuf};

use isospin_builder::language::{LANGUAGES, Language};
use isospin_builder::report::{Manner, render};
use isospin_builder::suite::build_guests;
use isospin_builder::{app, toolchain};
use libtest_mimic::{Arguments, Failed, Trial};

#[path = "../examples/figures/memory.rs"]
mod memory;

/// What a guest without a runtime may use.
const MOST: u64 = 4 << 20;

/// With so much at its start, a guest has a runtime, and a heap that was filled
/// before the first request.
const RUNTIME: u64 = 2 << 20;

/// A collector may run a little later.
const TOLERANCE: u64 = 1 << 20;

fn main() {
    let in_ci = std::env::var_os("CI").is_some();
    let trials = LANGUAGES.iter().map(|language| {
        let missing = toolchain::resolve(*language).err();
        let ignored = missing.is_some() && !in_ci;
        let name = format!("bodies are streamed ({})", language.name());
        let trial = Trial::test(name, move || match missing {
            Some(error) => Err(render(&error, false).into()),
            None => streams(*language),
        });
        trial.with_ignored_flag(ignored)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn streams(language: &dyn Language) -> Result<(), Failed> {
    let app =
        app::load(Some(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/guests")))?;
    let quiet = Manner { quiet: true, ..Manner::default() };
    let guests = build_guests(&app, &[language.name().to_owned()], quiet)?;
    let guest = &guests.first().ok_or("there is no guest")?.component;
    let failed = |error: Box<dyn std::error::Error>| Failed::from(error.to_string());
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("code");
    let least = |length| memory::least(guest, length, cache.clone()).map_err(failed);
    let (large, larger) = (least(memory::LARGE)?, least(memory::LARGER)?);
    if larger > large + TOLERANCE {
        return Err(format!("8 MiB need {large} bytes of memory, and 32 MiB {larger}").into());
    }
    let start = memory::start(guest).map_err(failed)?;
    if start < RUNTIME && large > MOST {
        return Err(format!("it begins with {start} bytes of memory and needs {large}").into());
    }
    Ok(())
}
