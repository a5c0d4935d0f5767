//! The program as a user runs it: real tools, real files, real exit codes.
//!
//! A test whose tools are not here is shown as ignored; in CI that is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may stop at once, and says what it measured"
)]

mod bad_input;
mod benchmarks;
mod building;
mod conforming;
mod dev;
mod interruption;
mod javascript;
mod kept_builds;
mod killed;
mod narrow;
mod program;
mod python;
mod serving;
mod small_disks;
mod surroundings;
mod terminal;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let tests = [
        building::tests(),
        conforming::tests(),
        dev::tests(),
        bad_input::tests(),
        benchmarks::tests(),
        interruption::tests(),
        javascript::tests(),
        kept_builds::tests(),
        killed::tests(),
        narrow::tests(),
        program::tests(),
        python::tests(),
        serving::tests(),
        terminal::tests(),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests.into_iter().flatten().collect()).exit();
}

/// A test that needs the tools of a language.
pub fn needs(language: &'static str, name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    let found = isospin_builder::language::find(language)
        .is_some_and(|language| isospin_builder::toolchain::resolve(language).is_ok());
    let missing = "its tools are not here; `isospin setup` installs them";
    needs_if(found, missing, language, name, test)
}

/// A test that is ignored where something is missing, and fails so in CI.
pub fn needs_if(
    found: bool,
    missing: &'static str,
    language: &'static str,
    name: &str,
    test: impl FnOnce() + Send + 'static,
) -> Trial {
    let in_ci = std::env::var_os("CI").is_some();
    Trial::test(format!("{name} ({language})"), move || {
        if !found {
            return Err(missing.into());
        }
        test();
        Ok(())
    })
    .with_ignored_flag(!found && !in_ci)
}

/// A test that needs nothing but the program.
pub fn always(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
