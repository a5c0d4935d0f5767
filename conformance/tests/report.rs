//! Reports are sound: everything is there, and no text that a guest or a host
//! sends can become anything but text.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use std::time::Duration;

use isospin_conformance::case::Mode;
use isospin_conformance::report::{About, CaseAbout, GuestAbout, HostAbout};
use isospin_conformance::run::Failure;
use isospin_conformance::wire::{Direction, Piece};
use isospin_conformance::{Outcome, Report, Verdict};
use serde_json::Value;

const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'`{{data}}";
const LANGUAGES: [&str; 3] = ["c", "rust", HOSTILE];
const CASES: [&str; 3] = ["bodies/empty", "bodies/large", "targets/long"];

fn piece(bytes: &[u8]) -> Piece {
    Piece {
        connection: "1".to_owned(),
        direction: Direction::Received,
        bytes: bytes.to_vec(),
        total: bytes.len(),
        event: None,
    }
}

fn outcome(language: &str, mode: Mode, case: &str, verdict: Verdict) -> Outcome {
    let failure = Failure {
        rule: "A rule.".to_owned(),
        source: "RFC".to_owned(),
        at: "exchange 1".to_owned(),
        expected: HOSTILE.to_owned(),
        got: format!("\u{1b}[31mred\u{0}{HOSTILE}"),
        wire: vec![piece(HOSTILE.as_bytes())],
    };
    let failed = matches!(verdict, Verdict::Failed | Verdict::ExpectedFailure);
    Outcome {
        language: language.to_owned(),
        host: "host".to_owned(),
        mode: Some(mode),
        case: case.to_owned(),
        verdict,
        milliseconds: 1,
        reason: (verdict != Verdict::Passed).then(|| HOSTILE.to_owned()),
        link: Some("javascript:alert(3)".to_owned()),
        failure: failed.then(|| Box::new(failure)),
        exchange: vec![piece(format!("GET {HOSTILE}\r\n").as_bytes())],
    }
}

/// Every case in every language and mode; in the hostile language one of each verdict.
fn report() -> Report {
    let mut outcomes = Vec::new();
    for mode in Mode::all() {
        for language in LANGUAGES {
            for (number, case) in CASES.into_iter().enumerate() {
                let verdict = match (language == HOSTILE, number, mode) {
                    (true, 0, _) => Verdict::Failed,
                    (true, 1, Mode::Fresh) => Verdict::ExpectedFailure,
                    (true, 1, Mode::Reused) => Verdict::UnexpectedPass,
                    (true, _, _) => Verdict::Skipped,
                    _ => Verdict::Passed,
                };
                outcomes.push(outcome(language, mode, case, verdict));
            }
        }
    }
    let rule = |name: &str| CaseAbout {
        name: name.to_owned(),
        rule: format!("A rule {HOSTILE}"),
        source: "RFC".to_owned(),
    };
    let about = About {
        hosts: vec![HostAbout { name: HOSTILE.to_owned(), version: Some(HOSTILE.to_owned()) }],
        guests: vec![GuestAbout { language: HOSTILE.to_owned(), ..GuestAbout::default() }],
        cases: CASES.map(rule).into(),
        ..About::default()
    };
    Report::new(about, outcomes, Duration::from_secs(1))
}

/// What stands between each `before` and the next `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split_once(after).unwrap().0).collect()
}

#[test]
fn the_page_holds_every_cell() {
    let page = report().page().unwrap();
    let tables = between(&page, "<tbody>", "</tbody>");
    assert_eq!(tables.len(), 2, "one for each mode");
    for (table, bodies) in tables.iter().zip(["1/2", "0/2"]) {
        let rows = between(table, "<tr ", "</tr>");
        assert_eq!(rows.len(), 2, "one for each topic");
        let cells = |row: &str| {
            between(row, "<button", "</button>")
                .into_iter()
                .map(|cell| cell.split_once('>').unwrap().1.to_owned())
                .collect::<Vec<_>>()
        };
        // Languages in the order of their names: the hostile one begins with `<`.
        assert_eq!(cells(rows[0]).len(), LANGUAGES.len());
        assert_eq!(cells(rows[1]), ["-", "1", "1"]);
        assert_eq!(cells(rows[0]), [bodies, "2", "2"]);
    }
}

#[test]
fn the_page_holds_every_case_with_its_exchange() {
    let report = report();
    let page = report.page().unwrap();
    let data = between(&page, "id=\"data\">", "</script>")[0];
    let data: Value = serde_json::from_str(data).unwrap();
    let outcomes = data["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), report.outcomes.len());
    let lines = data["lines"].as_array().unwrap();
    for (shown, outcome) in outcomes.iter().zip(&report.outcomes) {
        assert_eq!(shown["case"], outcome.case.as_str());
        assert_eq!(shown["language"], outcome.language.as_str());
        assert_eq!(shown["place"], outcome.place().as_str());
        assert_eq!(shown["verdict"], serde_json::to_value(outcome.verdict).unwrap());
        let first = shown["exchange"][0].as_u64().unwrap();
        let line = lines[usize::try_from(first).unwrap()].as_str().unwrap();
        assert!(line.starts_with("1 < ") && line.contains(HOSTILE), "{line}");
    }
    assert_eq!(data["cases"].as_array().unwrap().len(), CASES.len());
    // Each line is there once, however often it occurs.
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn hostile_texts_stay_texts_in_the_page() {
    let page = report().page().unwrap();
    assert_eq!(page.matches("<script").count(), 2, "the data and the program");
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<img"));
    assert!(!page.contains("href=\"javascript"));
    // Neither does the template read what it filled in.
    assert!(page.contains("{{data}}"));
    assert!(!page.contains("http://") && !page.contains("https://"), "nothing is fetched");
}

#[test]
fn junit_holds_every_case_and_can_be_read() {
    let report = report();
    let xml = report.junit().unwrap();
    let read = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!(read.test_suites.len(), 2 * LANGUAGES.len());
    let cases = || read.test_suites.iter().flat_map(|suite| &suite.test_cases);
    assert_eq!(cases().count(), report.outcomes.len());
    assert_eq!(read.failures, report.summary.failed + report.summary.unexpected_passes);
    for (case, outcome) in cases().zip(&report.outcomes) {
        assert_eq!(case.name.as_str(), outcome.case);
    }
    assert!(xml.contains("skipped") && !xml.contains("<script") && !xml.contains('\u{0}'));
}

#[test]
fn json_holds_the_exchange_of_failures() {
    let json = serde_json::to_value(report()).unwrap();
    assert_eq!(json["summary"]["unexpected-passes"], 1);
    for outcome in json["outcomes"].as_array().unwrap() {
        let failed = ["failed", "expected-failure"].contains(&outcome["verdict"].as_str().unwrap());
        assert_eq!(outcome["failure"]["wire"].is_array(), failed, "{outcome}");
    }
}

#[test]
fn tables_fit_their_terminal() {
    let mut report = report();
    report.outcomes.retain(|outcome| outcome.language != HOSTILE);
    report.summary.failed = 0;
    let text = |width| without_colours(&report.display(width));
    let wide = "host (fresh)  c  rust\nbodies        2     2\ntargets       1     1\n\n";
    assert!(text(None).starts_with(wide), "{}", text(None));
    let narrow = "host (fresh)  c\nbodies        2\ntargets       1\n\n\
                  host (fresh)  rust\nbodies           2\ntargets          1\n\n";
    assert!(text(Some(19)).starts_with(narrow), "{}", text(Some(19)));
}

/// The text without its colours.
fn without_colours(text: &str) -> String {
    text.split('\u{1b}')
        .enumerate()
        .map(|(number, part)| match number {
            0 => part,
            _ => part.split_once('m').unwrap().1,
        })
        .collect()
}
