//! A table for people: columns as wide as their texts. Where a terminal is too
//! narrow, the last columns move to a line of their own, cut from the left.

use anstyle::{AnsiColor, Style};

/// Rows of as many cells as the heading has; notes stand below a row.
pub struct Table {
    heading: Vec<Cell>,
    lines: Vec<Line>,
    /// How many columns at the end may move below their row.
    folding: usize,
}

enum Line {
    Row(Vec<Cell>),
    Note(String),
}

/// One text of a table, without line feeds.
pub struct Cell {
    text: String,
    tone: Tone,
}

/// How a cell is shown where there are colours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Heading,
    Good,
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Tone::Plain => Style::new(),
            Tone::Heading => Style::new().bold(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Bad => AnsiColor::Red.on_default().bold(),
        }
    }
}

impl Cell {
    pub fn new(text: &str, tone: Tone) -> Cell {
        Cell { text: text.to_owned(), tone }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }

    /// The text in its colour; blanks after it have none.
    fn shown(&self, text: &str) -> String {
        match self.tone {
            Tone::Plain => text.to_owned(),
            tone => format!("{style}{text}{style:#}", style = tone.style()),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::new(text, Tone::Plain)
    }
}

/// Between two columns.
const GAP: &str = "  ";
/// Before what stands below a row.
const INDENT: &str = "    ";
/// Narrower than this the last column is never cut.
const LEAST: usize = 24;

impl Table {
    pub fn new(heading: &[&str]) -> Table {
        let heading = heading.iter().map(|text| Cell::new(text, Tone::Heading)).collect();
        Table { heading, lines: Vec::new(), folding: 0 }
    }

    /// The last `columns` move below their row where a terminal is too narrow.
    #[must_use]
    pub fn folding(self, columns: usize) -> Table {
        Table { folding: columns, ..self }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.lines.push(Line::Row(cells.into_iter().collect()));
    }

    /// A sentence about the row above it.
    pub fn note(&mut self, text: &str) {
        self.lines.push(Line::Note(text.to_owned()));
    }

    /// The table; `width` is the terminal's, where there is one. It holds colours.
    pub fn render(&self, width: Option<usize>) -> String {
        let widths: Vec<usize> = (0..self.heading.len()).map(|column| self.width(column)).collect();
        let all_but_last: usize = widths.iter().rev().skip(1).map(|width| width + GAP.len()).sum();
        let folded = match width {
            Some(width) if all_but_last + LEAST > width => self.folding,
            _ => 0,
        };
        let show = |cells| lines(cells, &widths, width, folded);
        let mut text = vec![show(&self.heading)];
        text.extend(self.lines.iter().map(|one| match one {
            Line::Row(cells) => show(cells),
            Line::Note(note) => format!("{INDENT}{note}"),
        }));
        text.join("\n")
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.lines.iter().filter_map(|line| match line {
            Line::Row(cells) => cells.get(column),
            Line::Note(_) => None,
        });
        cells.chain(self.heading.get(column)).map(Cell::width).max().unwrap_or(0)
    }
}

/// One row: all in one line, or with the last `folded` cells in a second one.
fn lines(cells: &[Cell], widths: &[usize], terminal: Option<usize>, folded: usize) -> String {
    let (above, below) = cells.split_at(cells.len() - folded);
    let mut text = line(above, widths, if folded == 0 { terminal } else { None }, "");
    if !below.is_empty() {
        // They are no columns there: each takes what it needs.
        let needed: Vec<usize> = below.iter().map(Cell::width).collect();
        text = format!("{text}\n{}", line(below, &needed, terminal, INDENT));
    }
    text
}

fn line(cells: &[Cell], widths: &[usize], terminal: Option<usize>, indent: &str) -> String {
    let mut text = indent.to_owned();
    let mut used = indent.len();
    for (column, cell) in cells.iter().enumerate() {
        if column + 1 == cells.len() {
            let room = terminal.map_or(usize::MAX, |width| width.saturating_sub(used).max(LEAST));
            text.push_str(&cell.shown(&cut(&cell.text, room)));
        } else {
            text.push_str(&cell.shown(&cell.text));
            text.push_str(&" ".repeat(widths[column] - cell.width()));
            text.push_str(GAP);
            used += widths[column] + GAP.len();
        }
    }
    text.trim_end().to_owned()
}

/// The end of `text`: of a path, the end tells most.
fn cut(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    format!("…{}", text.chars().skip(length - room + 1).collect::<String>())
}

/// The width of the terminal that stdout is; `None` for a pipe or file.
pub fn width_of_stdout() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(width: Option<usize>) -> String {
        let mut table = Table::new(&["tool", "state", "path"]).folding(1);
        let good = Cell::new("ok", Tone::Good);
        table.row(["zig".into(), good, "/a/very/long/path/that/leads/to/zig".into()]);
        table.row(["componentize".into(), Cell::new("missing", Tone::Bad), "-".into()]);
        table.note("Install it.");
        anstream::adapter::strip_str(&table.render(width)).to_string()
    }

    #[test]
    fn a_pipe_gets_everything() {
        let expected = "tool          state    path\n\
                        zig           ok       /a/very/long/path/that/leads/to/zig\n\
                        componentize  missing  -\n    Install it.";
        assert_eq!(render(None), expected);
    }

    #[test]
    fn a_terminal_cuts_paths_from_the_left() {
        let text = render(Some(50));
        let line = text.lines().nth(1).unwrap();
        assert_eq!(line, "zig           ok       …ong/path/that/leads/to/zig");
        assert_eq!(line.chars().count(), 50);
    }

    #[test]
    fn a_narrow_terminal_gets_two_lines_for_a_row() {
        let expected = "tool          state\n    path\nzig           ok\n    …/long/path/that/leads/to/zig\n\
                        componentize  missing\n    -\n    Install it.";
        assert_eq!(render(Some(33)), expected);
    }
}
