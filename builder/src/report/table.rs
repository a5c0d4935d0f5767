//! A table for people: columns as wide as their texts, the last one cut from
//! the left where a terminal is too narrow.

/// Rows of as many cells as the heading has; notes stand below a row.
pub struct Table {
    heading: Vec<String>,
    lines: Vec<Line>,
}

enum Line {
    Row(Vec<String>),
    Note(String),
}

/// Between two columns.
const GAP: &str = "  ";
/// Narrower than this the last column is never cut.
const LEAST: usize = 16;

impl Table {
    pub fn new(heading: &[&str]) -> Table {
        Table { heading: heading.iter().map(|&text| text.to_owned()).collect(), lines: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.lines.push(Line::Row(cells.into_iter().collect()));
    }

    /// A sentence about the row above it.
    pub fn note(&mut self, text: &str) {
        self.lines.push(Line::Note(text.to_owned()));
    }

    /// The table; `width` is the terminal's, where there is one.
    pub fn render(&self, width: Option<usize>) -> String {
        let widths: Vec<usize> = (0..self.heading.len()).map(|column| self.width(column)).collect();
        let mut lines = vec![line(&self.heading, &widths, width)];
        lines.extend(self.lines.iter().map(|one| match one {
            Line::Row(cells) => line(cells, &widths, width),
            Line::Note(text) => format!("{GAP}{GAP}{text}"),
        }));
        lines.join("\n")
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.lines.iter().filter_map(|line| match line {
            Line::Row(cells) => cells.get(column),
            Line::Note(_) => None,
        });
        let all = cells.chain(self.heading.get(column));
        all.map(|text| text.chars().count()).max().unwrap_or(0)
    }
}

fn line(cells: &[String], widths: &[usize], terminal: Option<usize>) -> String {
    let mut text = String::new();
    for (column, cell) in cells.iter().enumerate() {
        if column + 1 == cells.len() {
            let used = text.chars().count();
            let room = terminal.map_or(usize::MAX, |width| width.saturating_sub(used).max(LEAST));
            text.push_str(&cut(cell, room));
        } else {
            text.push_str(&format!("{cell:<width$}{GAP}", width = widths[column]));
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

    fn table() -> Table {
        let mut table = Table::new(&["tool", "path"]);
        table.row(["zig".to_owned(), "/a/very/long/path/to/zig".to_owned()]);
        table.row(["componentize".to_owned(), "-".to_owned()]);
        table.note("Install it.");
        table
    }

    #[test]
    fn a_pipe_gets_everything() {
        let expected = "tool          path\nzig           /a/very/long/path/to/zig\n\
                        componentize  -\n    Install it.";
        assert_eq!(table().render(None), expected);
    }

    #[test]
    fn a_narrow_terminal_cuts_paths_from_the_left() {
        let text = table().render(Some(30));
        let line = text.lines().nth(1).unwrap();
        assert_eq!((line, line.chars().count()), ("zig           …ong/path/to/zig", 30));
    }
}
