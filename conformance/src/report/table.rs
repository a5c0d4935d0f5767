//! Languages × topics, a table for each host and mode.

use std::collections::{BTreeMap, BTreeSet};

use super::{Outcome, Verdict};
use crate::case::Mode;

/// What a cell counts.
#[derive(Clone, Copy, Default)]
struct Cell {
    run: usize,
    good: usize,
    expected: usize,
}

impl Cell {
    /// `7` where all is well, `5/7` where two failed, `6+1` where one failed as expected, `-` where nothing ran.
    fn text(self) -> String {
        match self {
            Cell { run: 0, .. } => "-".to_owned(),
            Cell { run, good, expected } if good + expected < run => {
                format!("{}/{run}", good + expected)
            }
            Cell { good, expected: 0, .. } => good.to_string(),
            Cell { good, expected, .. } => format!("{good}+{expected}"),
        }
    }
}

/// All tables, one after the other.
pub fn tables(outcomes: &[Outcome]) -> String {
    let mut groups: BTreeMap<(&str, Mode), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        groups.entry((&outcome.host, outcome.mode)).or_default().push(outcome);
    }
    groups
        .iter()
        .map(|((host, mode), outcomes)| table(&format!("{host} ({})", mode.name()), outcomes))
        .collect()
}

fn table(title: &str, outcomes: &[&Outcome]) -> String {
    let languages: BTreeSet<&str> =
        outcomes.iter().map(|outcome| outcome.language.as_str()).collect();
    let topics: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome.topic()).collect();
    let mut rows = vec![
        std::iter::once(title.to_owned())
            .chain(languages.iter().map(|language| (*language).to_owned()))
            .collect(),
    ];
    for topic in topics {
        let mut row = vec![topic.to_owned()];
        for language in &languages {
            let in_cell =
                |outcome: &&&Outcome| outcome.topic() == topic && outcome.language == *language;
            row.push(cell(outcomes.iter().filter(in_cell)).text());
        }
        rows.push(row);
    }
    align(&rows)
}

fn cell<'a>(outcomes: impl Iterator<Item = &'a &'a Outcome>) -> Cell {
    let mut cell = Cell::default();
    for outcome in outcomes.filter(|outcome| outcome.verdict != Verdict::Skipped) {
        cell.run += 1;
        cell.good += usize::from(outcome.verdict == Verdict::Passed);
        cell.expected += usize::from(outcome.verdict == Verdict::ExpectedFailure);
    }
    cell
}

/// Columns of the same width: the first to the left, the others to the right.
fn align(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            match column {
                0 => line.push_str(&format!("{cell:<width$}")),
                _ => line.push_str(&format!("  {cell:>width$}")),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    text
}
