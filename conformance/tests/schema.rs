//! What lies in `conformance/` beside the code is what the code reads and writes.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop at once"
)]

use isospin_conformance::corpus;
use isospin_conformance::schema::schemas;

/// `BLESS=1` writes the schemas anew.
#[test]
fn the_schemas_are_current() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schema");
    for (name, text) in schemas() {
        let path = format!("{folder}/{name}");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == text,
            "{path} is not current: run `BLESS=1 cargo test --workspace --test schema`"
        );
    }
}

#[test]
fn all_data_files_are_read() {
    let cases = corpus::cases("**").unwrap();
    assert!(cases.len() >= 125, "{} cases", cases.len());
    assert!(corpus::adapters().unwrap().len() >= 2);
    for expectation in corpus::expectations().unwrap() {
        let found = corpus::cases(&expectation.case).unwrap();
        assert!(!found.is_empty(), "no case is called {}", expectation.case);
    }
}

#[test]
fn cases_are_chosen_by_glob_and_by_topic() {
    let names = |glob: &str| {
        corpus::cases(glob).unwrap().into_iter().map(|case| case.name).collect::<Vec<_>>()
    };
    assert_eq!(names("methods/head"), ["methods/head"]);
    assert_eq!(names("methods"), names("methods/*"));
    assert!(names("*/un*").contains(&"methods/unknown".to_owned()));
    assert!(names("nothing/*").is_empty());
}

#[test]
fn what_makes_no_sense_is_refused() {
    use isospin_conformance::case::Case;
    let good = "rule = \"A rule.\"\nsource = \"RFC\"\n";
    for (bad, why) in [
        ("", "no `[[exchange]]`"),
        ("colour = \"red\"\n[[exchange]]", "unknown field `colour`"),
        ("[[exchange]]\nrequest.metod = \"GET\"", "unknown field `metod`"),
        ("[[exchange]]\nresponse.status = \"200\"", "a status is a number"),
        ("[[exchange]]\nconnection = \"same\"", "needs an exchange before it"),
        ("[[exchange]]\nrequest.target = \"http://${upstream.a}/\"", "stands for nothing"),
        ("[[exchange]]\nrequest.body = { escaped = \"%zz\" }", "hexadecimal"),
        ("[[exchange]]\nrequest.body = { generated = 5, times = 3 }", "bytes are a text"),
        ("[[exchange]]\nsteps = [{ send = \"head\" }]", "expect nothing"),
        (
            "[[exchange]]\nsteps = [{ send = \"head\", close = \"both\" }, { expect = \"head\" }]",
            "exactly one",
        ),
        ("[[exchange]]\nsteps = [{ at = \"a\", expect = \"head\" }]", "no `upstream.a`"),
        ("[[exchange]]\nresponse.lines = [\"<a:number>\"]", "no kind of place"),
        (
            "[[exchange]]\nresponse.headers = [[\"a\", \"\"]]\nresponse.absent = [\"A\"]",
            "and in `absent`",
        ),
        ("[[exchange]]\n[[compare]]\nvalues = [\"x\"]\nare = \"equal\"", "nothing captures `x`"),
        ("[[exchange]]\n[log]\nlacks = [\"x\"]", "needs `serve.alone"),
        ("modes = []\n[[exchange]]", "`modes` is empty"),
        ("[[exchange]]\n[upstream.a]\nbehaviour = \"script\"", "and no step"),
        (
            "[[exchange]]\n[upstream.a]\nbehaviour = \"echo\"\ntls = \"self-signed\"",
            "goes with the behaviour",
        ),
        ("[[exchange]]\n[upstream.a]\ntls = \"trusted\"", "unknown variant `trusted`"),
    ] {
        let error = Case::parse("topic/name", &format!("{good}{bad}")).map(|_| ()).unwrap_err();
        let text = format!("{error:#}");
        assert!(text.starts_with("case topic/name"), "{text}");
        assert!(text.contains(why), "{bad}\nsays {text}");
    }
    assert!(
        Case::parse("topic/name", "rule = \"No stop\"\nsource = \"RFC\"\n[[exchange]]").is_err()
    );
}
