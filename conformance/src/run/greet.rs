//! Whether whoever is served is a guest at all. One that is not would fail every case, each in its own words.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use super::ask::{Answer, ask};
use crate::case::Request;
use crate::data::show;
use crate::wire::Trouble;

/// As much of a body is told.
const SHOWN: usize = 100;

/// A request that every guest answers in the same way.
struct Question {
    target: &'static str,
    is_right: fn(&Answer) -> bool,
}

/// They have little in common, so that a guest that is wrong somewhere is right with another.
const QUESTIONS: [Question; 3] = [
    Question {
        target: "/status/200",
        is_right: |answer| answer.status == 200 && answer.body == b"status 200\n",
    },
    Question { target: "/stream/7", is_right: |answer| answer.body == [0, 1, 2, 3, 4, 5, 6] },
    Question {
        target: "/reflect",
        is_right: |answer| {
            answer.body.split(|byte| *byte == b'\n').any(|line| line == b"method GET")
        },
    },
];

/// Somebody who answers nothing as a guest does: one sentence for each request.
#[derive(Clone, Debug)]
pub struct Stranger(Vec<String>);

impl Stranger {
    /// What was asked, and what came of it.
    pub fn sentences(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Stranger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for Stranger {}

/// Asks for a few things that every guest answers; each must come within `limit`.
///
/// # Errors
/// If none is answered as `GUEST.md` says. One right answer makes a guest: what
/// else is wrong with it is for the cases to tell.
pub fn greet(address: SocketAddr, limit: Duration) -> Result<(), Stranger> {
    let mut sentences = Vec::new();
    for Question { target, is_right } in QUESTIONS {
        let request = Request { target: target.into(), ..Request::default() };
        let got = match ask(address, &request, limit) {
            Ok(answer) if is_right(&answer) => return Ok(()),
            Ok(answer) => {
                let body = &answer.body[..answer.body.len().min(SHOWN)];
                format!("{} \"{}\"", answer.status, show(body))
            }
            Err(Trouble::Late) => format!("nothing for {} s", limit.as_secs()),
            Err(trouble) => trouble.sentence(),
        };
        sentences.push(format!("`GET {target}` got {got}"));
    }
    Err(Stranger(sentences))
}
