//! `isospin new` and `isospin add`: what they make, and what they refuse.
//!
//! What each template makes lies in `golden/`; `BLESS=1` writes it anew.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may stop at once, and says what it skips"
)]

mod adding;
mod archives;
mod asking;
mod golden;
#[path = "../examples/http.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod http;
#[path = "../installed/kept.rs"]
mod kept;
#[path = "../installed/npm.rs"]
mod npm;
#[path = "../installed/pip.rs"]
mod pip;
mod refusing;
mod support;
mod whole;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let tests = [
        golden::tests(),
        adding::tests(),
        archives::tests(),
        asking::tests(),
        refusing::tests(),
        whole::tests(),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests.into_iter().flatten().collect()).exit();
}

/// A test that needs nothing but the program.
pub fn always(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// A test that is ignored where something is missing, and fails so in CI.
pub fn needs(missing: Option<String>, name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    let ignored = missing.is_some() && std::env::var_os("CI").is_none();
    let trial = Trial::test(name.to_owned(), move || match missing {
        Some(missing) => Err(missing.into()),
        None => {
            test();
            Ok(())
        }
    });
    trial.with_ignored_flag(ignored)
}
