//! What went over the wires of a case, for its report.

use std::sync::{Arc, Mutex, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;

use crate::data::show_all;

/// The bytes of one direction that are kept of each stretch; the rest is counted.
const KEPT: usize = 1500;
/// The most stretches that are kept.
const PIECES: usize = 400;

/// The record of all connections of a case. Clones are the same record.
#[derive(Clone, Debug, Default)]
pub struct Wire(Arc<Mutex<Vec<Piece>>>);

/// A stretch of bytes that went in one direction, or an event (`closed`, `reset`).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Piece {
    /// `1` for the client's connection of exchange 1, `1#7` for its seventh parallel one, `upstream.a` for one to that server.
    pub connection: String,
    pub direction: Direction,
    /// The first bytes, as text with escapes.
    #[serde(serialize_with = "escaped")]
    #[schemars(with = "String")]
    pub bytes: Vec<u8>,
    /// How many there were.
    pub total: usize,
    /// What happened instead of bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

fn escaped<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&show_all(bytes))
}

/// Seen from the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Sent,
    Received,
}

impl Wire {
    /// Notes bytes; they join the stretch before if that had the same direction.
    pub fn note(&self, connection: &str, direction: Direction, bytes: &[u8]) {
        let mut pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = pieces.iter_mut().rev().find(|piece| piece.connection == connection);
        if let Some(piece) =
            last.filter(|piece| piece.direction == direction && piece.event.is_none())
        {
            let room = KEPT.saturating_sub(piece.bytes.len());
            piece.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
            piece.total += bytes.len();
        } else if pieces.len() < PIECES {
            let connection = connection.to_owned();
            let kept = bytes[..bytes.len().min(KEPT)].to_vec();
            pieces.push(Piece {
                connection,
                direction,
                bytes: kept,
                total: bytes.len(),
                event: None,
            });
        }
    }

    /// Notes that something happened.
    pub fn event(&self, connection: &str, direction: Direction, event: &str) {
        let mut pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (connection, event) = (connection.to_owned(), Some(event.to_owned()));
        if pieces.len() < PIECES {
            pieces.push(Piece { connection, direction, bytes: Vec::new(), total: 0, event });
        }
    }

    /// What went over the named connection and over all those to upstream servers.
    pub fn pieces(&self, connection: Option<&str>) -> Vec<Piece> {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = |piece: &&Piece| {
            connection.is_none_or(|name| {
                piece.connection == name || piece.connection.starts_with("upstream.")
            })
        };
        pieces.iter().filter(wanted).cloned().collect()
    }
}

impl Piece {
    /// Lines for a person: `1 > GET / HTTP/1.1\r\n`.
    pub fn lines(&self) -> Vec<String> {
        let arrow = match self.direction {
            Direction::Sent => '>',
            Direction::Received => '<',
        };
        let prefix = format!("{} {arrow} ", self.connection);
        if let Some(event) = &self.event {
            return vec![format!("{prefix}({event})")];
        }
        let mut lines: Vec<String> = self
            .bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| prefix.clone() + &show_all(line))
            .collect();
        if self.total > self.bytes.len() {
            lines.push(format!("{prefix}({} bytes in all)", self.total));
        }
        lines
    }
}
