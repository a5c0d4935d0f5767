//! What a guest says, without what may differ from guest to guest.

use std::net::SocketAddr;
use std::time::Duration;

use crate::case::Request;
use crate::data::show;
use crate::run::ask;

/// An answer in its normal form.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// None came, and why.
    Nothing(String),
    Something(Said),
}

/// See [`Answer::Something`].
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub status: u16,
    /// By name; those of the same name in their order.
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Body,
    pub trailers: Vec<(String, Vec<u8>)>,
    pub cut: bool,
}

/// A body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Bytes(Vec<u8>),
    /// What `/reflect` has seen: keys and values, by key; those of the same key in their order.
    Facts(Vec<(String, String)>),
}

/// Fields that say how or when an answer was sent, not what it is.
const ABOUT_SENDING: [&str; 5] =
    ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];

impl Answer {
    /// Asks for it.
    pub fn to(request: &Request, address: SocketAddr, limit: Duration) -> Answer {
        let mut answer = match ask(address, request, limit) {
            Ok(answer) => answer,
            Err(trouble) => return Answer::Nothing(trouble.sentence()),
        };
        answer.fields.retain(|(name, _)| !ABOUT_SENDING.contains(&name.as_str()));
        // Both sorts keep the order of what is equal.
        answer.fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        answer.trailers.sort_by(|(one, _), (other, _)| one.cmp(other));
        let body = match facts(request, answer.status, &answer.body) {
            Some(facts) => Body::Facts(facts),
            None => Body::Bytes(answer.body),
        };
        Answer::Something(Said {
            status: answer.status,
            fields: answer.fields,
            body,
            trailers: answer.trailers,
            cut: answer.cut,
        })
    }

    /// Lines for a person.
    pub fn lines(&self) -> Vec<String> {
        let said = match self {
            Answer::Nothing(why) => return vec![format!("no answer: {why}")],
            Answer::Something(said) => said,
        };
        let field = |(name, value): &(String, Vec<u8>)| format!("{name}: {}", show(value));
        let mut lines = vec![said.status.to_string()];
        lines.extend(said.fields.iter().map(field));
        match &said.body {
            Body::Bytes(bytes) => lines.push(format!("\"{}\"", show(bytes))),
            Body::Facts(facts) => {
                lines.extend(facts.iter().map(|(key, value)| format!("  {key} {value}")));
            }
        }
        lines.extend(said.trailers.iter().map(|trailer| format!("trailer {}", field(trailer))));
        if said.cut {
            lines.push("cut off".to_owned());
        }
        lines
    }
}

/// The lines of `/reflect`, whose fields may come in any order.
fn facts(request: &Request, status: u16, body: &[u8]) -> Option<Vec<(String, String)>> {
    let target = request.target.bytes(&Default::default()).ok()?;
    if !target.starts_with(b"/reflect") || status != 200 {
        return None;
    }
    let text = std::str::from_utf8(body).ok()?.strip_suffix('\n')?;
    let fact = |line: &str| {
        let (key, value) = line.split_once(' ')?;
        match (key, value.split_once(' ')) {
            ("header", Some((name, value))) => Some((format!("header {name}"), value.to_owned())),
            ("header", None) => Some((format!("header {value}"), String::new())),
            _ => Some((key.to_owned(), value.to_owned())),
        }
    };
    let mut facts: Vec<(String, String)> = text.split('\n').map(fact).collect::<Option<_>>()?;
    facts.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(facts)
}
