//! Handlers that crash, in each language, built for release and asked over a real
//! socket: the log names file and line of the user's source, the client learns
//! nothing, and the released file has no debug information.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

#[path = "../examples/http.rs"]
#[allow(dead_code, reason = "only part of it is needed here")]
mod http;
mod sidecar;
mod subject;

use isospin_builder::language::{LANGUAGES, Language};
use isospin_builder::report::render;
use isospin_builder::toolchain;
use libtest_mimic::{Arguments, Failed, Trial};

use subject::{Served, Subject, crashes};

fn main() {
    let mut trials: Vec<Trial> = LANGUAGES
        .iter()
        .map(|language| {
            let name = format!("a crash in {} names its place", language.title());
            trial(*language, name, crashes_are_placed)
        })
        .collect();
    let with_sidecar = LANGUAGES.iter().filter(|language| subject::has_sidecar(**language));
    for language in with_sidecar {
        let name = format!("the places of {} are beside the component", language.title());
        trials.push(trial(*language, name, sidecar::is_beside));
    }
    let c = isospin_builder::language::find("c").expect("C is one of the languages");
    for (name, test) in sidecar::TESTS {
        trials.push(trial(c, (*name).to_owned(), *test));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A test that is ignored where the language's tools are missing, and fails so in CI.
fn trial(language: &'static dyn Language, name: String, test: fn(&'static dyn Language)) -> Trial {
    let missing = toolchain::resolve(language).err();
    let ignored = missing.is_some() && std::env::var_os("CI").is_none();
    let run = move || match missing {
        Some(error) => Err(Failed::from(render(&error, false))),
        None => {
            test(language);
            Ok(())
        }
    };
    Trial::test(name, run).with_ignored_flag(ignored)
}

fn crashes_are_placed(language: &'static dyn Language) {
    let subject = Subject::built(language, "an app");
    let crashes = crashes(language);
    assert!(!crashes.is_empty(), "{} has no crash", language.name());
    let served = Served::start(&subject.artifact());
    for crash in crashes {
        let answer = http::get(served.address(), &crash.path);
        assert!(answer.status >= 500, "{}: {}", crash.path, answer.head);
        assert!(answer.body.is_empty(), "{}: {:?}", crash.path, answer.body);
        let log = served.expect_place(&crash);
        assert!(!log.contains("panicking::"), "it shows how the library crashes: {log}");
        assert!(!log.contains("bundle.js"), "it shows places in what a tool made: {log}");
        assert!(!log.contains("<null>"), "it shows frames that have no place: {log}");
        assert!(!log.contains(subject.folder().to_str().unwrap()), "it shows the folder: {log}");
    }
}
