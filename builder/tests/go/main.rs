//! Go apps as people write them: published routers run unmodified, mistakes are
//! told, panics leave their trace, and editors and other toolchains work.
//!
//! A test whose tools are not here is shown as ignored, with the reason. The Go
//! toolchain is a must in CI, and so is gopls, which the tests install.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may stop at once, and says why it is not run"
)]

mod editor;
#[path = "../installed/kept.rs"]
mod kept;
mod mistakes;
#[path = "../installed/go.rs"]
mod program;
mod routers;
mod running;
mod support;
mod toolchains;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let missing = isospin_builder::language::find("go")
        .and_then(|language| isospin_builder::toolchain::resolve(language).err());
    let mut trials = Vec::new();
    let modules = [
        routers::tests(),
        mistakes::tests(),
        running::tests(),
        toolchains::tests(),
        editor::tests(),
    ];
    for test in modules.into_iter().flatten() {
        let (why, is_must) = match &missing {
            Some(error) => (Some(error.to_string()), true),
            None => (test.missing, test.is_must),
        };
        if let Some(why) = &why {
            eprintln!("not tested: {}: {why}", test.name);
        }
        let in_ci = std::env::var_os("CI").is_some() && is_must;
        let (run, told) = (test.run, why.clone());
        let trial = Trial::test(test.name, move || match told {
            Some(why) => Err(why.into()),
            None => {
                run();
                Ok(())
            }
        });
        trials.push(trial.with_ignored_flag(why.is_some() && !in_ci));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A test, and what keeps it from being run here.
pub struct Test {
    name: &'static str,
    run: fn(),
    missing: Option<String>,
    /// Whether that is a failure in CI.
    is_must: bool,
}

/// A test that needs the Go toolchain and nothing else.
pub fn test(name: &'static str, run: fn()) -> Test {
    Test { name, run, missing: None, is_must: true }
}

/// A test that needs something that setup does not install; `missing` says what, if it is not there.
pub fn optional(name: &'static str, missing: Option<String>, run: fn()) -> Test {
    Test { name, run, missing, is_must: false }
}
