//! Patterns for lines of a body: `wall <wall:decimal>`.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};

/// One line, with places whose text is kept under a name.
///
/// A place is `<name:kind>`. Kinds: `decimal` (digits), `hex` (lower-case
/// hexadecimal digits; `hex32`: so many of them), `text` (anything, at least
/// one character), `rest` (alone on the last line: all lines that remain).
/// `<<` is a `<`.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Literal(String),
    Place { name: String, kind: Kind },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Decimal,
    Hex(Option<usize>),
    Text,
    Rest,
}

/// Captured texts by name.
pub type Captures = BTreeMap<String, Vec<String>>;

impl LinePattern {
    /// # Errors
    /// If a place is malformed.
    pub fn parse(text: &str) -> Result<LinePattern> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            literal.push_str(before);
            if let Some(after) = after.strip_prefix('<') {
                literal.push('<');
                rest = after;
                continue;
            }
            let place = after
                .split_once('>')
                .and_then(|(place, after)| Some((place.split_once(':')?, after)));
            let Some(((name, kind), after)) = place else {
                bail!("a place in a line is `<name:kind>`, in {text:?}");
            };
            ensure!(!name.is_empty(), "a place has a name, in {text:?}");
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            ensure!(
                !matches!(parts.last(), Some(Part::Place { .. })),
                "text must stand between two places, in {text:?}"
            );
            parts.push(Part::Place { name: name.to_owned(), kind: Kind::parse(kind)? });
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        let rests = parts
            .iter()
            .filter(|part| matches!(part, Part::Place { kind: Kind::Rest, .. }))
            .count();
        ensure!(
            rests == 0 || parts.len() == 1,
            "`<name:rest>` stands alone on its line, in {text:?}"
        );
        Ok(LinePattern(parts))
    }

    /// Whether it takes all lines that remain.
    pub fn is_rest(&self) -> bool {
        matches!(self.0[..], [Part::Place { kind: Kind::Rest, .. }])
    }

    /// The names of its places.
    pub fn captures(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Place { name, .. } => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// Matches a line and keeps what stands in its places.
    fn take(&self, line: &str, captures: &mut Captures) -> bool {
        let mut rest = line;
        let mut found = Vec::new();
        for (index, part) in self.0.iter().enumerate() {
            match part {
                Part::Literal(literal) => match rest.strip_prefix(literal.as_str()) {
                    Some(after) => rest = after,
                    None => return false,
                },
                Part::Place { name, kind } => {
                    let end = match self.0.get(index + 1) {
                        Some(Part::Literal(literal)) => rest.find(literal.as_str()),
                        _ => Some(rest.len()),
                    };
                    let Some((text, after)) = end.map(|end| rest.split_at(end)) else {
                        return false;
                    };
                    if !kind.allows(text) {
                        return false;
                    }
                    found.push((name, text));
                    rest = after;
                }
            }
        }
        if !rest.is_empty() {
            return false;
        }
        for (name, text) in found {
            captures.entry(name.clone()).or_default().push(text.to_owned());
        }
        true
    }
}

impl Kind {
    fn parse(text: &str) -> Result<Kind> {
        Ok(match text {
            "decimal" => Kind::Decimal,
            "hex" => Kind::Hex(None),
            "text" => Kind::Text,
            "rest" => Kind::Rest,
            _ => match text.strip_prefix("hex").and_then(|digits| digits.parse().ok()) {
                Some(digits) => Kind::Hex(Some(digits)),
                None => bail!(
                    "`{text}` is no kind of place; there are decimal, hex, hexN, text and rest"
                ),
            },
        })
    }

    fn allows(self, text: &str) -> bool {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        !text.is_empty()
            && match self {
                Kind::Decimal => text.bytes().all(|byte| byte.is_ascii_digit()),
                Kind::Hex(digits) => {
                    text.bytes().all(hex) && digits.is_none_or(|digits| digits == text.len())
                }
                Kind::Text | Kind::Rest => true,
            }
    }
}

/// Matches a whole body, each of whose lines ends in a line feed.
///
/// # Errors
/// If it does not match; the number of the line (from 1) and what the line is.
pub fn take_lines(
    patterns: &[String],
    body: &str,
    captures: &mut Captures,
) -> Result<(), (usize, String)> {
    let mut lines = body.split_inclusive('\n');
    for (index, pattern) in patterns.iter().enumerate() {
        // Patterns are checked when a case is read.
        let Ok(pattern) = LinePattern::parse(pattern) else {
            return Err((index + 1, "a bad pattern".to_owned()));
        };
        if pattern.is_rest() {
            let rest: String = lines.by_ref().collect();
            for name in pattern.captures() {
                captures.entry(name.to_owned()).or_default().push(rest.clone());
            }
            return Ok(());
        }
        match lines.next() {
            Some(line) => match line.strip_suffix('\n') {
                Some(text) if pattern.take(text, captures) => {}
                _ => return Err((index + 1, line.to_owned())),
            },
            None => return Err((index + 1, String::new())),
        }
    }
    match lines.next() {
        Some(line) => Err((patterns.len() + 1, line.to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(patterns: &[&str], body: &str) -> Result<Captures, (usize, String)> {
        let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        let mut captures = Captures::new();
        take_lines(&patterns, body, &mut captures).map(|()| captures)
    }

    #[test]
    fn places_are_captured() {
        let captures =
            matches(&["wall <wall:decimal>", "<others:rest>"], "wall 12\na 1\nb 2\n").unwrap();
        assert_eq!(captures["wall"], ["12"]);
        assert_eq!(captures["others"], ["a 1\nb 2\n"]);
        assert!(matches(&["x <a:hex4> y"], "x 00ff y\n").is_ok());
    }

    #[test]
    fn lines_that_differ_are_told_by_number() {
        assert_eq!(matches(&["a", "b"], "a\nc\n").unwrap_err(), (2, "c\n".to_owned()));
        assert_eq!(matches(&["a"], "a\nc\n").unwrap_err(), (2, "c\n".to_owned()));
        assert_eq!(matches(&["a", "b"], "a\n").unwrap_err(), (2, String::new()));
        assert_eq!(matches(&["a"], "a").unwrap_err(), (1, "a".to_owned()));
        for (pattern, line) in [
            ("<n:decimal>", "1x\n"),
            ("<n:decimal>", "\n"),
            ("<n:hex4>", "0ff\n"),
            ("<n:hex>", "FF\n"),
        ] {
            assert!(matches(&[pattern], line).is_err(), "{pattern} {line}");
        }
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for pattern in ["<a", "<a>", "<:text>", "<a:number>", "<a:text><b:text>", "x <a:rest>"] {
            assert!(LinePattern::parse(pattern).is_err(), "{pattern}");
        }
        assert_eq!(
            LinePattern::parse("<<a").unwrap(),
            LinePattern(vec![Part::Literal("<a".to_owned())])
        );
    }
}
