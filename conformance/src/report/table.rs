//! Topics × languages, a table for each host and mode.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::{AnsiColor, Style};

use super::{Outcome, Verdict};

/// What a cell counts.
#[derive(Clone, Copy, Default)]
pub(super) struct Count {
    run: usize,
    good: usize,
    expected: usize,
}

impl Count {
    pub(super) fn of<'a>(outcomes: impl IntoIterator<Item = &'a &'a Outcome>) -> Count {
        let mut count = Count::default();
        for outcome in outcomes.into_iter().filter(|outcome| outcome.verdict != Verdict::Skipped) {
            count.run += 1;
            count.good += usize::from(outcome.verdict == Verdict::Passed);
            count.expected += usize::from(outcome.verdict == Verdict::ExpectedFailure);
        }
        count
    }

    /// `7` where all is well, `5/7` where two failed, `6+1` where one failed as expected, `-` where nothing ran.
    pub(super) fn text(self) -> String {
        match self {
            Count { run: 0, .. } => "-".to_owned(),
            Count { run, good, expected } if good + expected < run => {
                format!("{}/{run}", good + expected)
            }
            Count { good, expected: 0, .. } => good.to_string(),
            Count { good, expected, .. } => format!("{good}+{expected}"),
        }
    }

    /// In one word, also for the page: `none`, `bad`, `good` or `known`.
    pub(super) fn state(self) -> &'static str {
        match self {
            Count { run: 0, .. } => "none",
            Count { run, good, expected } if good + expected < run => "bad",
            Count { expected: 0, .. } => "good",
            _ => "known",
        }
    }

    fn style(self) -> Style {
        match self.state() {
            "bad" => AnsiColor::Red.on_default().bold(),
            "known" => AnsiColor::Yellow.on_default(),
            "good" => AnsiColor::Green.on_default(),
            _ => Style::new(),
        }
    }
}

/// A text and how it is shown.
type Cell = (String, Style);

/// Between two columns.
const GAP: usize = 2;

/// All tables, one after the other. Languages for which a terminal has no room
/// come in a further table below.
pub(super) fn tables(outcomes: &[Outcome], width: Option<usize>) -> String {
    let mut groups: BTreeMap<(&str, _), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        groups.entry((&outcome.host, outcome.mode)).or_default().push(outcome);
    }
    groups.values().map(|outcomes| table(&outcomes[0].place(), outcomes, width)).collect()
}

fn table(title: &str, outcomes: &[&Outcome], width: Option<usize>) -> String {
    let languages: BTreeSet<&str> =
        outcomes.iter().map(|outcome| outcome.language.as_str()).collect();
    let topics: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome.topic()).collect();
    let plain = |text: &str| (text.to_owned(), Style::new());
    let bold = |text: &str| (text.to_owned(), Style::new().bold());
    let mut columns: Vec<Vec<Cell>> =
        vec![std::iter::once(bold(title)).chain(topics.iter().map(|topic| plain(topic))).collect()];
    for language in &languages {
        let cells = topics.iter().map(|topic| {
            let in_cell =
                |outcome: &&&Outcome| outcome.topic() == *topic && outcome.language == *language;
            let count = Count::of(outcomes.iter().filter(in_cell));
            (count.text(), count.style())
        });
        columns.push(std::iter::once(bold(language)).chain(cells).collect());
    }
    let mut text = String::new();
    for shown in fitting(&columns, width.unwrap_or(usize::MAX)) {
        text.push_str(&align(&columns[0], shown));
    }
    text
}

fn width_of(column: &[Cell]) -> usize {
    column.iter().map(|(text, _)| text.chars().count()).max().unwrap_or_default()
}

/// The columns after the first in portions that fit beside it, at least one in each.
fn fitting(columns: &[Vec<Cell>], width: usize) -> Vec<&[Vec<Cell>]> {
    let room = width.saturating_sub(width_of(&columns[0]));
    let mut portions = Vec::new();
    let mut rest = &columns[1..];
    while !rest.is_empty() {
        let mut used = 0;
        let fits = rest.iter().take_while(|column| {
            used += width_of(column) + GAP;
            used <= room
        });
        let (portion, after) = rest.split_at(fits.count().max(1));
        portions.push(portion);
        rest = after;
    }
    portions
}

/// The first column to the left, the others to the right.
fn align(first: &[Cell], others: &[Vec<Cell>]) -> String {
    let mut text = String::new();
    for (row, (name, style)) in first.iter().enumerate() {
        let blanks = " ".repeat(width_of(first) - name.chars().count());
        text.push_str(&format!("{style}{name}{style:#}{blanks}"));
        for column in others {
            let (cell, style) = &column[row];
            let blanks = " ".repeat(width_of(column) - cell.chars().count() + GAP);
            text.push_str(&format!("{blanks}{style}{cell}{style:#}"));
        }
        text.push('\n');
    }
    text.push('\n');
    text
}
