//! A difference as a case file: what most guests say is what is expected.

use anyhow::{Result, bail};

use super::Difference;
use super::answer::{Answer, Body, Said};
use crate::case::{Case, Exchange, Field, Request, Response};
use crate::data::{Data, Escaped};

impl Difference {
    /// The case, as the text of its file; `name` is what it will be called.
    ///
    /// # Errors
    /// If most guests do not answer at all: nothing can be expected then.
    pub fn case(&self, name: &str) -> Result<String> {
        let mut answers = self.answers.iter().map(|(_, answer)| answer);
        let Some(Answer::Something(said)) = answers.next() else {
            bail!("most guests do not answer; there is nothing to expect");
        };
        let others: Vec<&Said> = answers
            .filter_map(|answer| match answer {
                Answer::Something(said) => Some(said),
                Answer::Nothing(_) => None,
            })
            .collect();
        let exchange = Exchange::of(self.request.clone(), response(said, &others));
        let mut case = toml::Table::new();
        case.insert("rule".to_owned(), self.kind.rule.into());
        case.insert("source".to_owned(), "GUEST.md".into());
        case.insert("exchange".to_owned(), toml::Value::Array(vec![brief(&exchange)?.into()]));
        let text = toml::to_string(&case)?;
        Case::parse(name, &text)?;
        Ok(text)
    }
}

/// What was said is expected, and what only others said is not.
fn response(said: &Said, others: &[&Said]) -> Response {
    let mut response = Response {
        status: vec![said.status],
        headers: fields(&said.fields),
        trailers: fields(&said.trailers),
        cut: said.cut,
        ..Response::default()
    };
    for (name, _) in others.iter().flat_map(|other| &other.fields) {
        if !said.fields.iter().any(|(own, _)| own == name) && !response.absent.contains(name) {
            response.absent.push(name.clone());
        }
    }
    match &said.body {
        Body::Bytes(bytes) => response.body = Some(data(bytes)),
        Body::Facts(facts) => {
            response.facts = facts.clone();
            for other in others {
                let Body::Facts(theirs) = &other.body else { continue };
                for (key, _) in theirs {
                    let is_known = facts.iter().any(|(own, _)| own == key);
                    if !is_known && !response.no_facts.contains(key) {
                        response.no_facts.push(key.clone());
                    }
                }
            }
        }
    }
    response
}

fn fields(fields: &[(String, Vec<u8>)]) -> Vec<Field> {
    fields.iter().map(|(name, value)| (name.clone(), data(value))).collect()
}

/// Bytes as a case writes them.
pub(super) fn data(bytes: &[u8]) -> Data {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains("${") && text.chars().all(is_plain) => {
            Data::Text(text.to_owned())
        }
        _ => Data::Escaped(Escaped { escaped: bytes.iter().map(|byte| escaped(*byte)).collect() }),
    }
}

fn is_plain(letter: char) -> bool {
    !letter.is_control() || letter == '\n'
}

fn escaped(byte: u8) -> String {
    match byte {
        b'%' | b'$' => format!("%{byte:02X}"),
        0x20..=0x7e => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

/// Without what is so anyway.
fn brief(exchange: &Exchange) -> Result<toml::Table> {
    let mut table = toml::Table::try_from(exchange)?;
    let defaults = [
        ("request", toml::Table::try_from(Request::default())?),
        ("response", toml::Table::try_from(Response::default())?),
    ];
    for (part, default) in defaults {
        let Some(toml::Value::Table(given)) = table.get_mut(part) else { continue };
        given.retain(|key, value| default.get(key) != Some(value));
        if given.get("status").and_then(toml::Value::as_array).is_some_and(|all| all.len() == 1) {
            let status = given["status"][0].clone();
            given.insert("status".to_owned(), status);
        }
    }
    Ok(table)
}
