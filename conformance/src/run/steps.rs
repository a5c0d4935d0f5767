//! Exchanges in which the order counts: one step after the other, at the client and at scripted upstream servers.

use std::collections::BTreeMap;

use super::check;
use super::exchange::{Context, Left, Outgoing};
use super::failure::Mismatch;
use super::pattern::Captures;
use super::peer::Peer;
use crate::case::{Close, Exchange, ExpectKind, ExpectStep, SendKind, SendStep, Step};
use crate::upstream::Received;
use crate::wire::{BodyReader, Connection, Event, Head, Start};

/// Everybody who has something to say.
struct Stage<'a> {
    context: &'a Context<'a>,
    exchange: &'a Exchange,
    client: Peer,
    /// The bytes of the request's head.
    request: Vec<u8>,
    /// The head of the response, once it has come.
    response: Option<Head>,
    /// The client has left; there is no response to check.
    left: bool,
    upstreams: BTreeMap<&'a str, Actor>,
}

/// A scripted upstream server that has accepted its connection.
struct Actor {
    peer: Peer,
    head: Head,
}

/// Does the steps, then receives what is left of the response and checks all of it.
///
/// # Errors
/// The first step that cannot be done, or what is wrong with the response.
pub fn perform(
    context: &Context<'_>,
    exchange: &Exchange,
    connection: Connection,
    outgoing: Outgoing,
) -> Result<Left, Mismatch> {
    let client = Peer::new(connection, outgoing.chunked, outgoing.trailers);
    let mut stage = Stage {
        context,
        exchange,
        client,
        request: outgoing.head,
        response: None,
        left: false,
        upstreams: BTreeMap::new(),
    };
    for (number, step) in exchange.steps.iter().enumerate() {
        stage.step(step).map_err(|mismatch| mismatch.inside(&format!("step {}", number + 1)))?;
    }
    stage.check_upstreams()?;
    if stage.left {
        return Ok((Captures::new(), None));
    }
    let head = match stage.response.take() {
        Some(head) => head,
        None => context.receive_head(exchange, &mut stage.client)?,
    };
    stage.client.drain()?;
    context.finish(exchange, stage.client, &head)
}

impl<'a> Stage<'a> {
    fn step(&mut self, step: &'a Step) -> Result<(), Mismatch> {
        if let Some(name) = &step.at {
            return self.upstream_step(name, step);
        }
        let bytes = |data: &crate::data::Data| {
            data.bytes(&self.context.variables).map_err(|error| Mismatch::fault(&error))
        };
        match (&step.send, &step.expect, &step.close) {
            (Some(SendStep::Part(SendKind::Head)), ..) => self.client.send(&self.request),
            (Some(SendStep::Part(SendKind::End)), ..) => self.client.send_end(),
            (Some(SendStep::Body(send)), ..) => self.client.send_body(&bytes(&send.body)?),
            (Some(SendStep::Raw(send)), ..) => self.client.send(&bytes(&send.raw)?),
            (_, Some(ExpectStep::Part(ExpectKind::Interim)), _) => {
                self.context.receive_interim(&mut self.client)
            }
            (_, Some(ExpectStep::Part(ExpectKind::Head)), _) => {
                self.response = Some(self.context.receive_head(self.exchange, &mut self.client)?);
                Ok(())
            }
            (_, Some(expect), _) => {
                // A body begins with a head, whether or not the case has a step for it.
                if !self.client.has_head() {
                    self.response =
                        Some(self.context.receive_head(self.exchange, &mut self.client)?);
                }
                expect_part(&mut self.client, expect, bytes)
            }
            (.., Some(close)) => {
                self.client.close(*close);
                self.left |= *close == Close::Both;
                Ok(())
            }
            (None, None, None) => Ok(()),
        }
    }

    fn upstream_step(&mut self, name: &'a str, step: &'a Step) -> Result<(), Mismatch> {
        let context = self.context;
        let Some(server) = context.upstreams.get(name) else {
            return Err(Mismatch::fault(&anyhow::anyhow!("there is no `upstream.{name}`")));
        };
        let bytes = |data: &crate::data::Data| {
            data.bytes(&context.variables).map_err(|error| Mismatch::fault(&error))
        };
        if !self.upstreams.contains_key(name) {
            let nothing = |got: String| Mismatch::new("upstream", "a request to arrive", got);
            let mut connection = server.accept().map_err(|trouble| nothing(trouble.sentence()))?;
            let head = Head::request(&mut connection)
                .map_err(|trouble| nothing(trouble.sentence()))?
                .ok_or_else(|| nothing("the end of the connection".to_owned()))?;
            let framing = head.framing("").map_err(|trouble| nothing(trouble.sentence()))?;
            let (chunked, trailers) = server.framing();
            let mut peer = Peer::new(connection, chunked, trailers);
            peer.begin_body(BodyReader::new(framing));
            self.upstreams.insert(name, Actor { peer, head });
        }
        let Some(actor) = self.upstreams.get_mut(name) else { return Ok(()) };
        match (&step.send, &step.expect, &step.close) {
            (Some(SendStep::Part(SendKind::Head)), ..) => actor.peer.send(&server.head()),
            (Some(SendStep::Part(SendKind::End)), ..) => actor.peer.send_end(),
            (Some(SendStep::Body(send)), ..) => actor.peer.send_body(&bytes(&send.body)?),
            (Some(SendStep::Raw(send)), ..) => actor.peer.send(&bytes(&send.raw)?),
            // Accepted and received above.
            (_, Some(ExpectStep::Part(ExpectKind::Head)), _) => Ok(()),
            (_, Some(expect), _) => expect_part(&mut actor.peer, expect, bytes),
            (.., Some(close)) => {
                actor.peer.close(*close);
                Ok(())
            }
            (None, None, None) => Ok(()),
        }
    }

    /// Holds what scripted servers got against what they expect.
    fn check_upstreams(&mut self) -> Result<(), Mismatch> {
        for (name, actor) in &self.upstreams {
            let Start::Request { method, target } = actor.head.start.clone() else { continue };
            let trailers = match &actor.peer.end {
                Some(Event::End(trailers)) => trailers.clone(),
                _ => Vec::new(),
            };
            let received = Received {
                method,
                target,
                fields: actor.head.fields.clone(),
                body: actor.peer.body.clone(),
                trailers,
                whole: matches!(actor.peer.end, Some(Event::End(_))),
            };
            let expected = self
                .context
                .case
                .upstream
                .get(*name)
                .and_then(|upstream| upstream.request.as_ref());
            if let Some(expected) = expected {
                check::request(expected, &received, &self.context.variables).map_err(
                    |mismatch| mismatch.inside(&format!("the request to upstream.{name}")),
                )?;
            }
        }
        Ok(())
    }
}

fn expect_part(
    peer: &mut Peer,
    expect: &ExpectStep,
    bytes: impl Fn(&crate::data::Data) -> Result<Vec<u8>, Mismatch>,
) -> Result<(), Mismatch> {
    match expect {
        ExpectStep::Part(ExpectKind::Head | ExpectKind::Interim) => Ok(()),
        ExpectStep::Part(ExpectKind::End) => peer.expect_end(),
        ExpectStep::Part(ExpectKind::Cut) => peer.expect_cut(),
        ExpectStep::Body(expect) => peer.expect_body(&bytes(&expect.body)?),
    }
}
