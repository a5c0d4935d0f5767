//! One exchange: the request goes out, the response comes in and is checked.

use std::collections::BTreeMap;
use std::net::{Shutdown, SocketAddr};
use std::time::Instant;

use super::check;
use super::failure::Mismatch;
use super::pattern::Captures;
use super::peer::Peer;
use super::steps;
use crate::case::{Case, Exchange, Framing, Request};
use crate::data::Variables;
use crate::upstream::{UpstreamServer, fields};
use crate::wire::{
    BodyFraming, BodyReader, Connection, Head, Trouble, Wire, chunk, field_line, last_chunk,
};

/// What all exchanges of a case share.
pub struct Context<'a> {
    pub case: &'a Case,
    pub address: SocketAddr,
    pub variables: Variables,
    pub upstreams: BTreeMap<String, UpstreamServer>,
    pub wire: Wire,
    pub deadline: Instant,
}

/// What an exchange leaves: what was captured, and the connection if it can be used again.
pub type Left = (Captures, Option<Connection>);

/// A request as bytes.
pub struct Outgoing {
    pub head: Vec<u8>,
    pub body: Vec<u8>,
    pub chunked: bool,
    pub trailers: Vec<(String, Vec<u8>)>,
    chunk: usize,
}

impl Context<'_> {
    /// A new connection to the host.
    ///
    /// # Errors
    /// If the host does not accept.
    pub fn connect(&self, name: &str) -> Result<Connection, Mismatch> {
        Connection::open(self.address, name.to_owned(), self.wire.clone(), self.deadline).map_err(
            |trouble| Mismatch::new("connection", "to be accepted", trouble.sentence()).on(name),
        )
    }

    /// Does an exchange on this connection.
    ///
    /// # Errors
    /// The first difference from what is expected.
    pub fn perform(&self, exchange: &Exchange, connection: Connection) -> Result<Left, Mismatch> {
        let name = connection.name().to_owned();
        self.perform_unnamed(exchange, connection).map_err(|mismatch| match mismatch.connection {
            Some(_) => mismatch,
            None => mismatch.on(&name),
        })
    }

    fn perform_unnamed(
        &self,
        exchange: &Exchange,
        connection: Connection,
    ) -> Result<Left, Mismatch> {
        let chunked = !exchange.steps.is_empty() && sends(self.case);
        let outgoing = Outgoing::new(&exchange.request, chunked, self.address, &self.variables)
            .map_err(|error| Mismatch::fault(&error))?;
        if !exchange.steps.is_empty() {
            return steps::perform(self, exchange, connection, outgoing);
        }
        let mut peer = Peer::new(connection, outgoing.chunked, Vec::new());
        let bytes = outgoing.whole();
        // A large body goes out while the response comes in, or both sides would wait for each other.
        if bytes.len() <= 16384 {
            // That the host takes no more is no fault if it answers all the same.
            let _ = peer.connection.send(&bytes);
            return self.respond(exchange, peer);
        }
        let mut sender = peer.connection.sender().map_err(|trouble| in_the_way(&trouble))?;
        let breaker = peer.connection.breaker();
        std::thread::scope(|scope| {
            let sending = scope.spawn(move || sender.send(&bytes));
            let left = self.respond(exchange, peer);
            let sent_all = sending.is_finished();
            if let Some(breaker) = breaker.filter(|_| !sent_all) {
                let _ = breaker.shutdown(Shutdown::Both);
            }
            let sent = sending.join().unwrap_or(Err(Trouble::Cut));
            left.map(|(captures, connection)| {
                (captures, connection.filter(|_| sent_all && sent.is_ok()))
            })
        })
    }

    /// Receives the response and checks all of it.
    fn respond(&self, exchange: &Exchange, mut peer: Peer) -> Result<Left, Mismatch> {
        let head = self.receive_head(exchange, &mut peer)?;
        peer.drain()?;
        self.finish(exchange, peer, &head)
    }

    /// Receives an interim response.
    ///
    /// # Errors
    /// If none comes, or the response itself.
    pub fn receive_interim(&self, peer: &mut Peer) -> Result<(), Mismatch> {
        let head = next_head(peer, "the head of an interim response")?;
        if !is_interim(&head) {
            let got = format!("a response with status {}", head.status());
            return Err(Mismatch::new("head", "the head of an interim response", got));
        }
        peer.interim.push(head.status());
        Ok(())
    }

    /// Receives the head of the response and checks it.
    ///
    /// # Errors
    /// If none comes, or one that is not expected.
    pub fn receive_head(&self, exchange: &Exchange, peer: &mut Peer) -> Result<Head, Mismatch> {
        loop {
            let head = next_head(peer, "the head of a response")?;
            if is_interim(&head) {
                peer.interim.push(head.status());
                continue;
            }
            let framing =
                head.framing(&exchange.request.method).map_err(|trouble| in_the_way(&trouble))?;
            peer.begin_body(BodyReader::new(framing));
            check::head(&exchange.response, &head, &peer.interim, &self.variables)?;
            return Ok(head);
        }
    }

    /// Checks the body that has been received.
    ///
    /// # Errors
    /// If it is not the one expected.
    pub fn finish(
        &self,
        exchange: &Exchange,
        mut peer: Peer,
        head: &Head,
    ) -> Result<Left, Mismatch> {
        let mut captures = Captures::new();
        check::body(
            &exchange.response,
            &peer.body,
            peer.end.as_ref(),
            &self.variables,
            &mut captures,
        )?;
        if asks_to_close(&exchange.request) && !exchange.response.cut {
            peer.connection.await_end().map_err(|trouble| {
                let expected = "to end after a request with `connection: close`";
                Mismatch::new("connection", expected, trouble.sentence())
            })?;
        }
        let closes =
            head.values("connection").iter().any(|value| value.eq_ignore_ascii_case(b"close"));
        let until_close =
            matches!(head.framing(&exchange.request.method), Ok(BodyFraming::UntilClose));
        let stays = !closes && !until_close && !head.old && !exchange.response.cut;
        Ok((captures, stays.then_some(peer.connection)))
    }
}

fn next_head(peer: &mut Peer, wanted: &str) -> Result<Head, Mismatch> {
    Head::response(&mut peer.connection)
        .map_err(|trouble| Mismatch::new("head", wanted, trouble.sentence()))
}

/// 101 is a response of its own: what follows it is no longer HTTP.
fn is_interim(head: &Head) -> bool {
    (100..200).contains(&head.status()) && head.status() != 101
}

fn in_the_way(trouble: &Trouble) -> Mismatch {
    Mismatch::new("framing", "a response framed as HTTP/1.1 demands", trouble.sentence())
}

impl Outgoing {
    /// `chunked` is the framing where the request does not say; `address` is the `host` that is added.
    ///
    /// # Errors
    /// If the bytes of a value cannot be made.
    pub fn new(
        request: &Request,
        chunked: bool,
        address: SocketAddr,
        variables: &Variables,
    ) -> anyhow::Result<Outgoing> {
        let trailers = fields(&request.trailers, variables)?;
        if let Some(raw) = &request.raw {
            let head = raw.bytes(variables)?;
            return Ok(Outgoing {
                head,
                body: Vec::new(),
                chunked: false,
                trailers,
                chunk: usize::MAX,
            });
        }
        let body = request.body.as_ref().map(|body| body.bytes(variables)).transpose()?;
        let framing = request.framing.unwrap_or(match &body {
            _ if !trailers.is_empty() || chunked => Framing::Chunked,
            Some(_) => Framing::Length,
            None => Framing::None,
        });
        let given = fields(&request.headers, variables)?;
        let has = |name: &str| given.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let mut head =
            [request.method.as_bytes(), b" ", &request.target.bytes(variables)?, b" "].concat();
        head.extend_from_slice(request.version.as_bytes());
        head.extend_from_slice(b"\r\n");
        if !request.bare && !has("host") {
            head.extend(field_line("host", address.to_string().as_bytes()));
        }
        for (name, value) in &given {
            head.extend(field_line(name, value));
        }
        let body = body.unwrap_or_default();
        match framing {
            Framing::Length if !has("content-length") => {
                head.extend(field_line("content-length", body.len().to_string().as_bytes()));
            }
            Framing::Chunked if !has("transfer-encoding") => {
                head.extend(field_line("transfer-encoding", b"chunked"));
            }
            _ => {}
        }
        head.extend_from_slice(b"\r\n");
        Ok(Outgoing {
            head,
            body,
            chunked: framing == Framing::Chunked,
            trailers,
            chunk: request.chunk,
        })
    }

    /// All bytes of the request.
    pub fn whole(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        if self.chunked {
            self.body.chunks(self.chunk).for_each(|part| bytes.extend(chunk(part)));
            bytes.extend(last_chunk(&self.trailers));
        } else {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// Whether the client's steps send a body.
fn sends(case: &Case) -> bool {
    use crate::case::{SendKind, SendStep};
    case.exchange
        .iter()
        .flat_map(|exchange| &exchange.steps)
        .filter(|step| step.at.is_none())
        .any(|step| matches!(step.send, Some(SendStep::Body(_) | SendStep::Part(SendKind::End))))
}

fn asks_to_close(request: &Request) -> bool {
    request.raw.is_none()
        && request.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("connection") && *value == "close".into()
        })
}
