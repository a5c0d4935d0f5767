//! Ledgers for people: a row for each figure, a column for each component.

use super::ledger::Ledger;
use super::measure::{Measure, Mode, Moment};
use crate::report::human;
use crate::report::table::{Cell, Table, Tone};

/// A figure that could not be measured.
const NONE: &str = "-";
/// What the interval of a ratio cannot tell from 1.
const ALIKE: &str = "no difference seen";

/// All ledgers of a run. On a terminal that is too narrow for all columns they
/// stand in tables one below the other; `width` is the terminal's.
pub fn render(ledgers: &[Ledger], measures: &[Measure], width: Option<usize>) -> String {
    let columns: Vec<Vec<String>> =
        ledgers.iter().flat_map(|ledger| columns(ledger, measures)).collect();
    let labels = labels(measures);
    let wide =
        |column: &[String]| column.iter().map(|text| text.chars().count()).max().unwrap_or(0) + 2;
    let room = width.unwrap_or(usize::MAX).saturating_sub(wide(&labels));
    let mut tables = Vec::new();
    let mut rest = columns.as_slice();
    while !rest.is_empty() {
        let mut used = 0;
        let fits = rest.iter().take_while(|column| {
            used += wide(column);
            used <= room
        });
        // One that is wider than the terminal is shown all the same.
        let (these, others) = rest.split_at(fits.count().max(1));
        tables.push(table(&labels, these));
        rest = others;
    }
    tables.join("\n\n")
}

fn table(labels: &[String], columns: &[Vec<String>]) -> String {
    let heading: Vec<&str> = std::iter::once(&labels[0])
        .chain(columns.iter().map(|column| &column[0]))
        .map(String::as_str)
        .collect();
    let mut table = Table::new(&heading);
    for (index, label) in labels.iter().enumerate().skip(1) {
        let cells = columns.iter().map(|column| Cell::new(&column[index], Tone::Plain));
        table.row(std::iter::once(Cell::new(label, Tone::Plain)).chain(cells));
    }
    table.render(None)
}

/// The names of the rows, below the one of the column itself.
fn labels(measures: &[Measure]) -> Vec<String> {
    let exact = ["", "size", "size, gzip", "memory, linear"].map(str::to_owned);
    exact.into_iter().chain(measures.iter().map(|measure| measure.label())).collect()
}

/// The figures of a component, and its ratios if it has some.
fn columns(ledger: &Ledger, measures: &[Measure]) -> Vec<Vec<String>> {
    let exact = [ledger.size, ledger.gzip, ledger.linear_memory].map(human::size);
    let figures = measures.iter().map(|measure| {
        let shown = |figure| measure.unit().shown(figure);
        ledger.figure(*measure).map_or(NONE.to_owned(), shown)
    });
    let own = std::iter::once(ledger.component.clone()).chain(exact).chain(figures).collect();
    let Some(against) = &ledger.against else { return vec![own] };
    let exact = [against.size, against.gzip, against.linear_memory].map(|ratio| ratio.to_string());
    let ratios = measures.iter().map(|measure| match ledger.ratio(*measure) {
        None => NONE.to_owned(),
        Some(ratio) if ratio.differs => ratio.figure.to_string(),
        Some(_) => ALIKE.to_owned(),
    });
    let title = format!("to {}", against.component);
    vec![own, std::iter::once(title).chain(exact).chain(ratios).collect()]
}

/// What the rows count, for whoever sees them for the first time.
pub fn legend(ledgers: &[Ledger], rounds: usize, reuse: u32) -> String {
    let figures = || ledgers.iter().flat_map(|ledger| &ledger.figures);
    let confidence = figures().filter_map(|(_, figure)| figure.confidence).fold(0.0, f64::max);
    let sure = match confidence {
        0.0 => "one round tells no noise, so one digit is shown".to_owned(),
        share => format!(
            "in {:.0} % of runs the median is within ±, or between two ends where it is noise above all; ~ was measured once",
            (share * 100.0).floor()
        ),
    };
    let rounds =
        if rounds == 1 { "1 round".to_owned() } else { format!("medians of {rounds} rounds") };
    let mut lines = vec![
        format!("{rounds}; {sure}."),
        format!("Latencies over one connection that stays open; fresh: an instance per request; reused: one for {reuse} requests."),
        "The load is a closed loop of one thread on this machine: the next request waits for the last answer.".to_owned(),
        "Memory after one request; resident: this process's pages for one more instance, shared ones once.".to_owned(),
    ];
    let is_p99 = |measure: &Measure| matches!(measure, Measure::Answer(_, Moment::P99));
    let is_short = |ledger: &&Ledger| {
        ledger.figures.iter().filter(|(measure, _)| is_p99(measure)).count() < Mode::ALL.len()
    };
    let short: Vec<&str> =
        ledgers.iter().filter(is_short).map(|ledger| ledger.component.as_str()).collect();
    if !short.is_empty() {
        lines.push(format!(
            "{}: too few requests in a round for p99; a longer `--duration` gives more.",
            short.join(", ")
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::noise::Figure;
    use super::*;

    fn ledger(name: &str) -> Ledger {
        Ledger {
            component: name.to_owned(),
            language: None,
            request: "GET /".to_owned(),
            size: 12_900,
            gzip: 5_400,
            linear_memory: 327_680,
            figures: vec![(Measure::Load, Figure::of(vec![0.19, 0.2, 0.22]).unwrap())],
            against: None,
        }
    }

    #[test]
    fn a_narrow_terminal_gets_one_table_below_the_other() {
        let ledgers = [ledger("hello-c"), ledger("hello-zig")];
        let measures = [Measure::Compile, Measure::Load];
        let wide = "                hello-c         hello-zig\n\
                    size            12.9 KB         12.9 KB\n\
                    size, gzip      5.4 KB          5.4 KB\n\
                    memory, linear  327.7 KB        327.7 KB\n\
                    compile         -               -\n\
                    load            0.20 ± 0.02 ms  0.20 ± 0.02 ms";
        let shown =
            |width| anstream::adapter::strip_str(&render(&ledgers, &measures, width)).to_string();
        assert_eq!(shown(None), wide);
        assert_eq!(shown(Some(48)), wide);
        for width in [40, 20] {
            let text = shown(Some(width));
            let tables: Vec<&str> = text.split("\n\n").collect();
            assert_eq!(tables.len(), 2, "{text}");
            assert!(tables[1].contains("hello-zig") && tables[1].contains("0.20 ± 0.02 ms"));
        }
    }
}
