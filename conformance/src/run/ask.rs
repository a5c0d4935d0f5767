//! A request without expectations: whatever comes is the answer.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::exchange::Outgoing;
use crate::case::Request;
use crate::data::Variables;
use crate::wire::{BodyReader, Connection, Event, Head, Trouble, Wire};

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, and values, in their order.
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    pub trailers: Vec<(String, Vec<u8>)>,
    /// The connection broke before the end that was announced.
    pub cut: bool,
}

/// Sends a request of moderate size on a connection of its own and waits for all of the answer.
///
/// # Errors
/// If nothing comes within the limit, or what comes is no HTTP.
pub fn ask(address: SocketAddr, request: &Request, limit: Duration) -> Result<Answer, Trouble> {
    let system = |error: &anyhow::Error| Trouble::System(format!("{error:#}"));
    let outgoing = Outgoing::new(request, false, address, &Variables::new())
        .map_err(|error| system(&error))?;
    let mut connection =
        Connection::open(address, "1".to_owned(), Wire::default(), Instant::now() + limit)?;
    // That the host takes no more is no fault if it answers all the same.
    let _ = connection.send(&outgoing.whole());
    let head = loop {
        let head = Head::response(&mut connection)?;
        if !(100..200).contains(&head.status()) || head.status() == 101 {
            break head;
        }
    };
    let mut reader = BodyReader::new(head.framing(&request.method)?);
    let status = head.status();
    let mut answer =
        Answer { status, fields: head.fields, body: Vec::new(), trailers: Vec::new(), cut: false };
    loop {
        match reader.next(&mut connection)? {
            Event::Data(bytes) => answer.body.extend(bytes),
            Event::End(trailers) => return Ok(Answer { trailers, ..answer }),
            Event::Cut => return Ok(Answer { cut: true, ..answer }),
        }
    }
}

/// The bytes of a request that has a `host`; nothing if they cannot be made.
pub fn bytes_of(request: &Request) -> Vec<u8> {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let outgoing = Outgoing::new(request, false, nowhere, &Variables::new());
    outgoing.map(|outgoing| outgoing.whole()).unwrap_or_default()
}
