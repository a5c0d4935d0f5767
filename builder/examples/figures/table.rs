//! Figures in tables: for people, and for machines.

use std::time::Duration;

use isospin_builder::bench::ledger::Measured;
use isospin_builder::bench::{Figure, Unit};
use isospin_builder::report::human;
use serde_json::{Map, Value, json};

/// One measurement, or the reason why there is none.
#[derive(Clone, Debug)]
pub enum Cell {
    Text(String),
    Bytes(u64),
    Time(Duration),
    /// Of several rounds, with its noise.
    Figure(Unit, Figure),
    /// One thing divided by another.
    Ratio(f64),
    /// The same of several rounds.
    Times(Figure),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// Of several rounds; nothing of none.
    pub fn figure(unit: Unit, figure: Option<Figure>) -> Cell {
        figure.map_or(Cell::text(""), |figure| Cell::Figure(unit, figure))
    }

    /// As [`Cell::figure`], of ratios.
    pub fn times(figure: Option<Figure>) -> Cell {
        figure.map_or(Cell::text(""), Cell::Times)
    }

    /// With as many digits as mean something on a machine that does other things too.
    fn shown(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Bytes(bytes) => human::size(*bytes),
            Cell::Time(time) if *time < Duration::from_millis(1) => {
                format!("{:.2} ms", time.as_secs_f64() * 1e3)
            }
            Cell::Time(time) => human::duration(*time),
            Cell::Figure(unit, figure) => unit.shown(*figure),
            Cell::Times(figure) => figure.to_string(),
            Cell::Ratio(ratio) if *ratio < 2.0 => format!("{ratio:.2}"),
            Cell::Ratio(ratio) => format!("{ratio:.1}"),
        }
    }

    fn json(&self) -> Value {
        match self {
            Cell::Text(text) => json!(text),
            Cell::Bytes(bytes) => json!(bytes),
            Cell::Time(time) => json!({ "milliseconds": time.as_secs_f64() * 1e3 }),
            Cell::Figure(unit, figure) => {
                json!(Measured { unit: *unit, figure: figure.rounded() })
            }
            Cell::Times(figure) => json!(figure.rounded()),
            Cell::Ratio(ratio) => json!(ratio),
        }
    }
}

/// Rows under a title. A row may be shorter than there are columns.
pub struct Table {
    title: String,
    columns: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
    /// How busy the machine was before.
    load: String,
}

impl Table {
    pub fn new(title: impl Into<String>, columns: &'static [&'static str]) -> Table {
        Table { title: title.into(), columns, rows: Vec::new(), load: load() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Prints it, as one line of JSON or for people.
    pub fn print(&self, as_json: bool) {
        if as_json {
            let rows: Vec<Map<String, Value>> = self
                .rows
                .iter()
                .map(|row| {
                    let cells = row.iter().map(Cell::json);
                    self.columns.iter().map(|name| (*name).to_owned()).zip(cells).collect()
                })
                .collect();
            let load = [self.load.clone(), load()];
            println!("{}", json!({ "table": self.title, "rows": rows, "load": load }));
            return;
        }
        println!("{} (load {} to {})", self.title, self.load, load());
        let shown: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
        let width = |column: usize| {
            let cells = shown.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).chain([self.columns[column].len()]).max()
        };
        let header: Vec<String> = self.columns.iter().map(|name| (*name).to_owned()).collect();
        for row in std::iter::once(&header).chain(&shown) {
            let cells = row.iter().enumerate().map(|(column, cell)| {
                let width = width(column).unwrap_or_default();
                if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            println!("  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
        println!();
    }
}

/// The machine's load average over a minute.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
