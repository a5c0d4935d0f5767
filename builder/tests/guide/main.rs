//! Every command that the guide shows, run as it stands there: each page by a shell
//! of its own in an empty folder, with the code that the page shows, and what is
//! printed compared with what the page says. What is only shown is listed as ignored,
//! with the reason that the page gives.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may stop at once, and says how long it took"
)]

mod compare;
mod page;
mod shell;

use std::path::{Path, PathBuf};
use std::time::Instant;

use isospin_builder::{language, toolchain};
use libtest_mimic::{Arguments, Failed, Trial};

use page::Page;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide");
    let mut tests = vec![
        Trial::test("a comparison can fail", || done(compare::check)),
        Trial::test("a page that is wrong fails", || done(shell::check)),
    ];
    for path in pages(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        match page::read(&path) {
            Ok(page) => tests.extend(trials(&name, page)),
            Err(error) => tests.push(Trial::test(name, || Err(error.into()))),
        }
    }
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn done(test: fn()) -> Result<(), Failed> {
    test();
    Ok(())
}

/// Every page, from the last name to the first: the slowest ones come early then, and
/// the others beside them.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = isospin_builder::files::files_below(folder).unwrap();
    found.retain(|path| path.extension().is_some_and(|end| end == "md"));
    found.sort();
    found.reverse();
    assert!(found.len() > 10, "the pages were not found");
    found
}

/// The page, and what of it is not run.
fn trials(name: &str, page: Page) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (line, why) in &page.shown {
        let shown = Trial::test(format!("{name}:{line} is not run: {why}"), || Ok(()));
        trials.push(shown.with_ignored_flag(true));
    }
    if page.steps.is_empty() {
        return trials;
    }
    let missing = missing_tools(&page.needs);
    // A tool that is missing is a failure in CI.
    let ignored = missing.is_some() && std::env::var_os("CI").is_none();
    let file = name.to_owned();
    let trial = Trial::test(name, move || match missing {
        Some(missing) => Err(missing.into()),
        None => {
            let start = Instant::now();
            shell::run(&page.steps).map_err(|error| format!("{file}:{error}"))?;
            println!("{file}: {:.1?}", start.elapsed());
            Ok(())
        }
    });
    trials.push(trial.with_ignored_flag(ignored));
    trials
}

fn missing_tools(languages: &[String]) -> Option<String> {
    languages.iter().find_map(|name| match language::find(name) {
        Some(language) => toolchain::resolve(language).err().map(|error| error.to_string()),
        None => Some(format!("there is no language `{name}`")),
    })
}
