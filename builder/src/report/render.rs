//! An [`Error`] as text: code and message, the place in the user's file, the
//! cause, what a tool printed, and after a blank line what to do and where more is said.

use std::borrow::Cow;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet as Annotated};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use super::{Code, Error, Snippet};

/// The error for a person, ending in a line feed; in colour if asked.
pub fn render(error: &Error, colour: bool) -> String {
    let mut text = heading(error, colour);
    text.push('\n');
    for cause in error.causes() {
        for line in cause.lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    if let Some(output) = error.tool_output().filter(|output| !output.is_empty()) {
        text.push('\n');
        for line in output.lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text.push('\n');
    text.push_str(&format!("hint: {}\n", hint(error)));
    text.push_str(&more(error.code(), colour));
    text
}

/// The advice on this failure, or else on all of its code.
fn hint(error: &Error) -> &str {
    error.advice().unwrap_or_else(|| error.code().way_out())
}

/// Where more is said, in the colour of what need not be read.
fn more(code: Code, colour: bool) -> String {
    let style = if colour { anstyle::Style::new().dimmed() } else { anstyle::Style::new() };
    format!("{style}more: isospin explain {}{style:#}\n", code.text())
}

fn heading(error: &Error, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let title = Level::ERROR.primary_title(error.message()).id(error.code().text());
    match error.place() {
        None => renderer.render(&[annotate_snippets::Group::with_title(title)]),
        Some(place) => {
            let annotation =
                AnnotationKind::Primary.span(clamped(place)).label(place.label.as_str());
            let path = place.path.display().to_string();
            let source =
                Annotated::source(place.text.as_str()).path(path.as_str()).annotation(annotation);
            renderer.render(&[title.element(source)])
        }
    }
}

/// The span, kept inside the text and on character borders: a parser's idea
/// of the end of a file may lie one byte behind it.
fn clamped(place: &Snippet) -> std::ops::Range<usize> {
    let border = |mut at: usize| {
        at = at.min(place.text.len());
        while !place.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = border(place.span.start);
    start..border(place.span.end).max(start)
}

/// Line and column of a place, both from 1; columns count characters.
pub fn line_and_column(place: &Snippet) -> (usize, usize) {
    let before = &place.text[..clamped(place).start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// An error as machines read it.
#[derive(Serialize, JsonSchema)]
struct Failure<'a> {
    /// `E0301`: `isospin explain` tells more.
    code: &'static str,
    /// Names the user's file or tool.
    message: &'a str,
    causes: &'a [String],
    /// Where in one of the user's files.
    place: Option<Place<'a>>,
    /// What a tool printed.
    output: Option<&'a str>,
    /// What to do next.
    hint: &'a str,
}

/// A place in a file; lines and columns count from 1.
#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    #[serde(serialize_with = "super::event::shown")]
    #[schemars(with = "String")]
    path: &'a Path,
    line: usize,
    column: usize,
    label: &'a str,
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let place = self.place().map(|place| {
            let (line, column) = line_and_column(place);
            Place { path: &place.path, line, column, label: &place.label }
        });
        let failure = Failure {
            code: self.code().text(),
            message: self.message(),
            causes: self.causes(),
            place,
            output: self.tool_output(),
            hint: hint(self),
        };
        failure.serialize(serializer)
    }
}

impl JsonSchema for Error {
    fn schema_name() -> Cow<'static, str> {
        Failure::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Failure::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_place_cause_and_hint_in_that_order() {
        let error = Error::new(Code::ManifestRoute, "isospin.toml: the route has no slash")
            .snippet(Snippet {
                path: "isospin.toml".into(),
                text: "[component.a]\nroute = \"x\"\n".into(),
                span: 22..25,
                label: "must begin with `/`".into(),
            })
            .cause("a route is a path")
            .hint("Write \"/x\".");
        insta::assert_snapshot!(render(&error, false));
        assert_eq!(line_and_column(error.place().unwrap()), (2, 9));
    }

    #[test]
    fn a_span_behind_the_end_does_no_harm() {
        let error =
            Error::new(Code::ManifestSyntax, "isospin.toml: it ends too early").snippet(Snippet {
                path: "isospin.toml".into(),
                text: "é".into(),
                span: 1..99,
                label: "here".into(),
            });
        assert!(render(&error, false).contains("isospin.toml"));
    }
}
