//! Go apps as people write them: published routers run unmodified, mistakes are
//! told, panics leave their trace, and editors and other toolchains work.
//!
//! A test whose tools are not here is shown as ignored, with the reason; the
//! Go toolchain itself is a must in CI.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may stop at once, and says why it is not run"
)]

mod editor;
mod embedding;
mod mistakes;
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
        embedding::tests(),
    ];
    for test in modules.into_iter().flatten() {
        let (why, is_must) = match (&missing, test.missing) {
            (Some(error), _) => (Some(error.to_string()), true),
            (None, why) => (why, false),
        };
        if let Some(why) = &why {
            eprintln!("not tested: {}: {why}", test.name);
        }
        let in_ci = std::env::var_os("CI").is_some() && is_must;
        let run = test.run;
        let trial = Trial::test(test.name, move || {
            run();
            Ok(())
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
}

/// A test that needs the Go toolchain and nothing else.
pub fn test(name: &'static str, run: fn()) -> Test {
    Test { name, run, missing: None }
}

/// A test that needs something that setup does not install; `missing` says what, if it is not there.
pub fn optional(name: &'static str, missing: Option<String>, run: fn()) -> Test {
    Test { name, run, missing }
}
