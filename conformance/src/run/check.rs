//! Holds what came against what a case expects.

use super::failure::Mismatch;
use super::pattern::{Captures, take_lines};
use crate::case::{Field, RequestExpectation, Response};
use crate::data::{Data, Variables, sha256, show};
use crate::upstream::Received;
use crate::wire::{Event, Head};

type Checked = Result<(), Mismatch>;

/// Status and fields of a response.
pub fn head(expected: &Response, head: &Head, interim: &[u16], variables: &Variables) -> Checked {
    let status = head.status();
    if !expected.status.contains(&status) {
        let wanted: Vec<String> = expected.status.iter().map(u16::to_string).collect();
        return Err(Mismatch::new("status", wanted.join(" or "), status.to_string()));
    }
    let counts = !expected.interim.is_empty() || interim.iter().any(|status| *status != 100);
    if counts && interim != expected.interim {
        return Err(Mismatch::new(
            "interim responses",
            format!("{:?}", expected.interim),
            format!("{interim:?}"),
        ));
    }
    fields("header", &expected.headers, &head.fields, variables)?;
    for name in &expected.present {
        if head.values(name).is_empty() {
            return Err(Mismatch::new(
                format!("header {name}"),
                "the field, whatever its value",
                "no such field",
            ));
        }
    }
    absent(&expected.absent, &head.fields)
}

/// For each expected name, all its values in their order.
fn fields(
    kind: &str,
    expected: &[Field],
    got: &[(String, Vec<u8>)],
    variables: &Variables,
) -> Checked {
    for (name, values) in grouped(expected) {
        let mut wanted = Vec::new();
        for value in values {
            wanted.push(value.bytes(variables).map_err(|error| Mismatch::fault(&error))?);
        }
        let name = name.to_ascii_lowercase();
        let found: Vec<&[u8]> = got
            .iter()
            .filter(|(other, _)| *other == name)
            .map(|(_, value)| value.as_slice())
            .collect();
        if found != wanted {
            let wanted: Vec<&[u8]> = wanted.iter().map(Vec::as_slice).collect();
            return Err(Mismatch::new(format!("{kind} {name}"), list(&wanted), list(&found)));
        }
    }
    Ok(())
}

/// The names in the order of their first occurrence, each with its values.
fn grouped(fields: &[Field]) -> Vec<(&str, Vec<&Data>)> {
    let mut groups: Vec<(&str, Vec<&Data>)> = Vec::new();
    for (name, value) in fields {
        match groups.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    groups
}

fn list(values: &[&[u8]]) -> String {
    match values {
        [] => "no such field".to_owned(),
        [value] => format!("\"{}\"", show(value)),
        values => {
            let values: Vec<String> =
                values.iter().map(|value| format!("\"{}\"", show(value))).collect();
            format!("{} field lines: {}", values.len(), values.join(", "))
        }
    }
}

fn absent(names: &[String], got: &[(String, Vec<u8>)]) -> Checked {
    for name in names {
        if let Some((_, value)) = got.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
            return Err(Mismatch::new(
                format!("header {name}"),
                "no such field",
                format!("\"{}\"", show(value)),
            ));
        }
    }
    Ok(())
}

/// The whole body, how it ended, and its trailers. What the lines capture is added.
pub fn body(
    expected: &Response,
    body: &[u8],
    end: Option<&Event>,
    variables: &Variables,
    captures: &mut Captures,
) -> Checked {
    match (expected.cut, end) {
        (true, Some(Event::Cut)) => {}
        (true, _) => return Err(Mismatch::new("body", "the connection to be cut", ended(body))),
        (false, Some(Event::End(got))) => fields("trailer", &expected.trailers, got, variables)?,
        (false, _) => {
            let got =
                format!("a connection that was cut after {} bytes: \"{}\"", body.len(), show(body));
            return Err(Mismatch::new("body", "a body that is ended properly", got));
        }
    }
    if let Some(wanted) = &expected.body {
        let wanted = wanted.bytes(variables).map_err(|error| Mismatch::fault(&error))?;
        bytes("body", &wanted, body)?;
    }
    if let Some(size) = expected.size.filter(|size| *size != body.len()) {
        return Err(Mismatch::new(
            "body",
            format!("{size} bytes"),
            format!("{} bytes", body.len()),
        ));
    }
    if let Some(digest) = expected.sha256.as_ref().filter(|digest| **digest != sha256(body)) {
        return Err(Mismatch::new(
            "body",
            format!("SHA-256 {digest}"),
            format!("SHA-256 {}", sha256(body)),
        ));
    }
    lines(expected, body, captures)
}

fn ended(body: &[u8]) -> String {
    format!("a body that was ended properly: \"{}\"", show(body))
}

/// The first difference counts where bodies are long.
fn bytes(at: &str, wanted: &[u8], got: &[u8]) -> Checked {
    if wanted == got {
        return Ok(());
    }
    if wanted.len() <= 600 && got.len() <= 600 {
        return Err(Mismatch::new(
            at,
            format!("\"{}\"", show(wanted)),
            format!("\"{}\"", show(got)),
        ));
    }
    let same = wanted.iter().zip(got).take_while(|(wanted, got)| wanted == got).count();
    let near = |bytes: &[u8]| match bytes.get(same..) {
        None | Some([]) => format!("{} bytes", bytes.len()),
        Some(rest) => format!(
            "{} bytes, with \"{}\" at byte {same}",
            bytes.len(),
            crate::data::show_all(&rest[..rest.len().min(20)])
        ),
    };
    Err(Mismatch::new(at, near(wanted), near(got)))
}

fn lines(expected: &Response, body: &[u8], captures: &mut Captures) -> Checked {
    if let Some(patterns) = &expected.lines {
        let Ok(text) = std::str::from_utf8(body) else {
            return Err(Mismatch::new(
                "body",
                "lines of text",
                format!("bytes that are not UTF-8: \"{}\"", show(body)),
            ));
        };
        take_lines(patterns, text, captures).map_err(|(number, line)| {
            let wanted = patterns
                .get(number - 1)
                .map_or("the end of the body".to_owned(), |line| format!("`{line}`"));
            let got = if line.is_empty() {
                "the end of the body".to_owned()
            } else {
                format!("\"{}\"", show(line.as_bytes()))
            };
            Mismatch::new(format!("line {number} of the body"), wanted, got)
        })?;
    }
    facts(expected, body)
}

/// Lines of the form `KEY VALUE`.
fn facts(expected: &Response, body: &[u8]) -> Checked {
    if expected.facts.is_empty() && expected.no_facts.is_empty() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(body);
    let values = |key: &str| -> Vec<String> {
        let rest = |line: &str| line.strip_prefix(key)?.strip_prefix(' ').map(str::to_owned);
        text.split('\n').filter_map(rest).collect()
    };
    let mut keys: Vec<&str> = expected.facts.iter().map(|(key, _)| key.as_str()).collect();
    keys.dedup();
    for key in keys {
        let wanted: Vec<&String> = expected
            .facts
            .iter()
            .filter(|(other, _)| other == key)
            .map(|(_, value)| value)
            .collect();
        let got = values(key);
        if wanted != got.iter().collect::<Vec<_>>() {
            return Err(Mismatch::new(
                format!("the lines `{key} ...` of the body"),
                format!("{wanted:?}"),
                format!("{got:?}"),
            ));
        }
    }
    for key in &expected.no_facts {
        let starts = |line: &&str| line == key || line.starts_with(&format!("{key} "));
        if let Some(line) = text.split('\n').find(starts) {
            return Err(Mismatch::new(
                "body",
                format!("no line `{key}`"),
                format!("\"{}\"", show(line.as_bytes())),
            ));
        }
    }
    Ok(())
}

/// A request that an upstream server got.
pub fn request(expected: &RequestExpectation, got: &Received, variables: &Variables) -> Checked {
    if let Some(method) = expected.method.as_ref().filter(|method| **method != got.method) {
        return Err(Mismatch::new("method", method, &got.method));
    }
    if let Some(target) = &expected.target {
        let target = target.bytes(variables).map_err(|error| Mismatch::fault(&error))?;
        bytes("target", &target, &got.target)?;
    }
    fields("header", &expected.headers, &got.fields, variables)?;
    absent(&expected.absent, &got.fields)?;
    fields("trailer", &expected.trailers, &got.trailers, variables)?;
    if let Some(body) = &expected.body {
        if !got.whole {
            return Err(Mismatch::new(
                "body",
                "a body that is ended properly",
                "a connection that was cut",
            ));
        }
        let body = body.bytes(variables).map_err(|error| Mismatch::fault(&error))?;
        bytes("body", &body, &got.body)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_hold_all_values_of_a_key_in_order() {
        let facts = |text: &str| {
            let response: Response = toml::from_str("facts = [[\"header x-a\", \"1\"], [\"header x-a\", \"2\"]]\nno-facts = [\"query\"]").unwrap();
            facts(&response, text.as_bytes())
        };
        assert_eq!(facts("method GET\nheader x-a 1\nheader y 0\nheader x-a 2\n"), Ok(()));
        assert!(facts("header x-a 2\nheader x-a 1\n").is_err());
        assert!(facts("header x-a 1\n").is_err());
        assert!(facts("header x-a 1\nheader x-a 2\nheader x-a 3\n").is_err());
        assert!(facts("query\nheader x-a 1\nheader x-a 2\n").is_err());
        assert!(facts("query a\nheader x-a 1\nheader x-a 2\n").is_err());
        assert!(facts("querying\nheader x-a 1\nheader x-a 2\n").is_ok());
    }

    #[test]
    fn a_long_difference_is_told_by_its_place() {
        let mismatch =
            bytes("body", &[b'a'; 700], &[&[b'a'; 650][..], b"xyz"].concat()).unwrap_err();
        assert_eq!(mismatch.got, "653 bytes, with \"xyz\" at byte 650");
    }
}
