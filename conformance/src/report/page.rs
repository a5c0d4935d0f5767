//! The report as one page for browsers: tables of topics × languages, and the
//! cases with their exchanges behind every cell. `page.hbs` is how it looks.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context;
use handlebars::Handlebars;
use serde::Serialize;

use super::table::Count;
use super::{About, CaseAbout, Outcome, Report, Summary, Verdict};
use crate::wire::Piece;

const TEMPLATE: &str = include_str!("page.hbs");

/// The lines of an exchange that are shown, and their letters: of a failure, and where all is well.
const FAILED: (usize, usize) = (300, 2000);
const PASSED: (usize, usize) = (60, 300);

/// What the template fills in.
#[derive(Serialize)]
struct Page<'a> {
    good: bool,
    about: &'a About,
    summary: Summary,
    seconds: String,
    languages: Vec<&'a str>,
    topics: Vec<&'a str>,
    places: Vec<Place<'a>>,
    verdicts: Vec<VerdictName>,
    /// The outcomes as JSON, in which nothing can end the element that it stands in.
    data: String,
}

#[derive(Serialize)]
struct VerdictName {
    verdict: Verdict,
    name: &'static str,
}

/// A host in a mode, with its table.
#[derive(Serialize)]
struct Place<'a> {
    name: String,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    topic: &'a str,
    cells: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    language: &'a str,
    text: String,
    state: &'static str,
}

/// What the page's script reads.
#[derive(Serialize)]
struct Data<'a> {
    cases: &'a [CaseAbout],
    /// Lines of exchanges: most occur many times.
    lines: Vec<String>,
    outcomes: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    language: &'a str,
    place: String,
    case: &'a str,
    verdict: Verdict,
    milliseconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    got: Option<&'a str>,
    /// Which of `lines`.
    exchange: Vec<usize>,
}

pub(super) fn page(report: &Report) -> anyhow::Result<String> {
    let outcomes = &report.outcomes;
    let languages: BTreeSet<&str> = outcomes.iter().map(|one| one.language.as_str()).collect();
    let topics: BTreeSet<&str> = outcomes.iter().map(Outcome::topic).collect();
    let in_one_place =
        |one: &Outcome, other: &Outcome| (&one.host, one.mode) == (&other.host, other.mode);
    let verdicts = [
        Verdict::Failed,
        Verdict::UnexpectedPass,
        Verdict::ExpectedFailure,
        Verdict::Passed,
        Verdict::Skipped,
    ];
    let page = Page {
        good: report.is_good(),
        about: &report.about,
        summary: report.summary,
        seconds: format!("{:.1}", report.summary.milliseconds as f64 / 1000.0),
        places: outcomes
            .chunk_by(in_one_place)
            .map(|some| place(some, &languages, &topics))
            .collect(),
        languages: languages.into_iter().collect(),
        topics: topics.into_iter().collect(),
        verdicts: verdicts.map(|verdict| VerdictName { verdict, name: verdict.name() }).into(),
        data: harmless(&serde_json::to_string(&data(report))?),
    };
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.render_template(TEMPLATE, &page).context("the page of the report")
}

/// JSON inside an element `script`: there, only `<` can begin something else.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c")
}

fn place<'a>(
    outcomes: &'a [Outcome],
    languages: &BTreeSet<&'a str>,
    topics: &BTreeSet<&'a str>,
) -> Place<'a> {
    let row = |topic: &&'a str| {
        let cell = |language: &&'a str| {
            let here: Vec<&Outcome> = outcomes
                .iter()
                .filter(|outcome| outcome.topic() == *topic && outcome.language == *language)
                .collect();
            let count = Count::of(&here);
            Cell { language, text: count.text(), state: count.state() }
        };
        Row { topic, cells: languages.iter().map(cell).collect() }
    };
    let name = outcomes.first().map(Outcome::place).unwrap_or_default();
    Place { name, rows: topics.iter().map(row).collect() }
}

fn data(report: &Report) -> Data<'_> {
    let mut lines = Lines::default();
    let outcomes = report.outcomes.iter().map(|outcome| entry(outcome, &mut lines)).collect();
    Data { cases: &report.about.cases, lines: lines.all, outcomes }
}

fn entry<'a>(outcome: &'a Outcome, lines: &mut Lines) -> Entry<'a> {
    let failure = outcome.failure.as_deref();
    let exchange = match failure {
        Some(failure) => lines.of(&failure.wire, FAILED),
        None => lines.of(&outcome.exchange, PASSED),
    };
    Entry {
        language: &outcome.language,
        place: outcome.place(),
        case: &outcome.case,
        verdict: outcome.verdict,
        milliseconds: outcome.milliseconds,
        reason: outcome.reason.as_deref(),
        link: outcome.link.as_deref(),
        at: failure.map(|failure| failure.at.as_str()),
        expected: failure.map(|failure| failure.expected.as_str()),
        got: failure.map(|failure| failure.got.as_str()),
        exchange,
    }
}

/// Lines, each kept once.
#[derive(Default)]
struct Lines {
    all: Vec<String>,
    known: HashMap<String, usize>,
}

impl Lines {
    fn of(&mut self, pieces: &[Piece], (most, letters): (usize, usize)) -> Vec<usize> {
        let mut lines = pieces.iter().flat_map(Piece::lines);
        let mut numbers: Vec<usize> =
            lines.by_ref().take(most).map(|line| self.number(shortened(line, letters))).collect();
        let more = lines.count();
        if more > 0 {
            numbers.push(self.number(format!("({more} more lines)")));
        }
        numbers
    }

    fn number(&mut self, line: String) -> usize {
        *self.known.entry(line).or_insert_with_key(|line| {
            self.all.push(line.clone());
            self.all.len() - 1
        })
    }
}

fn shortened(line: String, most: usize) -> String {
    let length = line.chars().count();
    match length > most {
        true => format!("{} ... ({length} letters)", line.chars().take(most).collect::<String>()),
        false => line,
    }
}
