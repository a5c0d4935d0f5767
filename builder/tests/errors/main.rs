//! Every error code, provoked for real: what is said is kept as a snapshot.
//!
//! A fixture is a file in `fixtures/` (its form is told in `fixture.rs`), or a
//! function in `staged.rs` where files and a command cannot do it. It is named
//! after its code, so that a code without a fixture is seen.
//!
//! `INSTA_UPDATE=always` accepts new texts; with `BLESS=1` the first lines that
//! the explanations in `src/report/codes` show are written anew.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at once, and starts programs as it likes"
)]

mod fixture;
mod staged;
mod surroundings;

use std::path::Path;

use isospin_builder::report::Code;
use libtest_mimic::{Arguments, Trial};

use fixture::Fixture;

fn main() {
    let fixtures = Fixture::all();
    let named: Vec<String> = fixtures.iter().map(|fixture| fixture.name.clone()).collect();
    let staged = staged::all();
    let all: Vec<String> =
        named.into_iter().chain(staged.iter().map(|one| one.name.to_owned())).collect();
    let mut trials = vec![Trial::test("every code has a fixture", move || {
        each_has_one(&all);
        Ok(())
    })];
    for fixture in fixtures {
        let missing = surroundings::missing(&fixture.needs());
        trials.push(trial(fixture.name.clone(), missing, move || fixture.run()));
    }
    for one in staged {
        let missing = surroundings::missing(one.needs);
        trials.push(trial(one.name.to_owned(), missing, one.stage));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A test that is ignored where something is missing, and fails so in CI.
fn trial(
    name: String,
    missing: Option<String>,
    stage: impl FnOnce() -> String + Send + 'static,
) -> Trial {
    let in_ci = std::env::var_os("CI").is_some();
    let is_ignored = missing.is_some() && !in_ci;
    let label = match &missing {
        Some(what) => format!("{name} (without {what})"),
        None => name.clone(),
    };
    Trial::test(label, move || {
        if let Some(what) = missing {
            return Err(format!("{what}: it is not here").into());
        }
        let said = stage();
        check(&name, &said);
        Ok(())
    })
    .with_ignored_flag(is_ignored)
}

fn each_has_one(names: &[String]) {
    for name in names {
        assert!(Code::find(&name[..5]).is_some(), "{name} is named after no code");
    }
    for code in Code::ALL {
        let has_one = names.iter().any(|name| name == code.text());
        assert!(has_one, "{} has no fixture: tests/errors/fixtures", code.text());
    }
}

/// The last error in what was said is of the fixture's code, the text is the one
/// that is kept, and the explanation shows its first line.
fn check(name: &str, said: &str) {
    let code = &name[..5];
    let first = said.lines().rfind(|line| line.starts_with("error[")).unwrap_or_default();
    assert!(first.starts_with(&format!("error[{code}]: ")), "{name} does not say {code}:\n{said}");
    assert!(!said.contains("panicked"), "{said}");
    insta::with_settings!({
        snapshot_path => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, said);
    });
    if name == code {
        let shown = first.replace("APP/", "").replace("APP", "shop");
        explained(Code::find(code).unwrap(), &shown);
    }
}

fn explained(code: Code, first: &str) {
    let text = code.explanation();
    let start = format!("error[{}]: ", code.text());
    if text.lines().any(|line| line == first) {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        let lines: Vec<&str> =
            text.lines().map(|line| if line.starts_with(&start) { first } else { line }).collect();
        let file = format!("src/report/codes/{}.md", code.text());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
        return;
    }
    panic!("the explanation of {} does not show `{first}`; BLESS=1 mends it", code.text());
}
