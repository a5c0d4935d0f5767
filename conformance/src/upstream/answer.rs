//! What an upstream server does on one connection.

use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Received, Script, Shared};
use crate::case::{Behaviour, Framing};
use crate::wire::{
    BodyReader, Connection, Event, Head, Start, Trouble, chunk, field_line, last_chunk,
};

/// Answers requests until the connection ends.
pub fn serve(mut connection: Connection, shared: &Shared) {
    if shared.script.behaviour == Behaviour::Reset {
        // To end a connection with unread bytes in it resets it.
        connection.wait();
        shared.wire.event(connection.name(), crate::wire::Direction::Sent, "reset");
        return;
    }
    if let Some(config) = &shared.tls
        && connection.begins_tls()
    {
        shared.greeted.store(true, Ordering::SeqCst);
        match connection.accept_tls(Arc::clone(config)) {
            Ok(secure) => connection = secure,
            // The client does not trust it: that is what it is there for.
            Err(_) => return,
        }
    }
    // Trouble here is what the guest's host made; the case's expectations tell whether it matters.
    while let Ok(true) = exchange(&mut connection, shared) {}
    connection.close(Shutdown::Both);
}

/// One request and its answer. `false` if the connection is to be closed.
fn exchange(connection: &mut Connection, shared: &Shared) -> Result<bool, Trouble> {
    let Some(head) = Head::request(connection)? else { return Ok(false) };
    let Start::Request { method, target } = head.start.clone() else { return Ok(false) };
    let mut reader = BodyReader::new(head.framing("")?);
    let mut received = Received { method, target, fields: head.fields, ..Received::default() };
    let script = &shared.script;
    if script.behaviour == Behaviour::Echo {
        let result = echo(connection, &mut reader, &mut received, script);
        shared.note(received);
        result?;
        return Ok(!script.cut);
    }
    let result = collect(connection, &mut reader, &mut received);
    let method = received.method.clone();
    shared.note(received);
    result?;
    if script.behaviour == Behaviour::Silent {
        // Until the guest's host gives up, or the case is over.
        while connection.receive()? {}
        return Ok(false);
    }
    if !shared.barrier.wait(shared.deadline) {
        return Ok(false);
    }
    connection.send(&whole(script, &method))?;
    Ok(!script.cut && script.framing != Framing::None)
}

fn collect(
    connection: &mut Connection,
    reader: &mut BodyReader,
    received: &mut Received,
) -> Result<(), Trouble> {
    loop {
        match reader.next(connection)? {
            Event::Data(bytes) => received.body.extend(bytes),
            Event::End(trailers) => {
                received.trailers = trailers;
                received.whole = true;
                return Ok(());
            }
            Event::Cut => return Err(Trouble::Cut),
        }
    }
}

/// Sends the body back as it arrives.
fn echo(
    connection: &mut Connection,
    reader: &mut BodyReader,
    received: &mut Received,
    script: &Script,
) -> Result<(), Trouble> {
    connection.send(&head(script))?;
    loop {
        match reader.next(connection)? {
            Event::Data(bytes) => {
                connection.send(&chunk(&bytes))?;
                received.body.extend(bytes);
            }
            Event::End(trailers) => {
                connection.send(&last_chunk(&script.trailers))?;
                received.trailers = trailers;
                received.whole = true;
                return Ok(());
            }
            Event::Cut => return Err(Trouble::Cut),
        }
    }
}

/// The head of the response.
pub fn head(script: &Script) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} Scripted\r\n", script.status).into_bytes();
    for (name, value) in &script.headers {
        head.extend(field_line(name, value));
    }
    let bodiless = script.status < 200 || script.status == 204 || script.status == 304;
    match script.framing {
        _ if bodiless => {}
        Framing::Chunked => head.extend(field_line("transfer-encoding", b"chunked")),
        Framing::Length => {
            let missing = if script.cut { 1000 } else { 0 };
            head.extend(field_line(
                "content-length",
                (script.body.len() + missing).to_string().as_bytes(),
            ));
        }
        Framing::None => head.extend(field_line("connection", b"close")),
    }
    head.extend_from_slice(b"\r\n");
    head
}

fn whole(script: &Script, method: &str) -> Vec<u8> {
    let mut bytes = head(script);
    if method == "HEAD" || script.status == 204 || script.status == 304 {
        return bytes;
    }
    match script.framing {
        Framing::Chunked => {
            if !script.body.is_empty() {
                bytes.extend(chunk(&script.body));
            }
            if !script.cut {
                bytes.extend(last_chunk(&script.trailers));
            }
        }
        Framing::Length | Framing::None => bytes.extend_from_slice(&script.body),
    }
    bytes
}
