//! One side of an exchange that the driver plays: the client, or a scripted upstream server.

use std::net::Shutdown;

use super::failure::Mismatch;
use crate::case::Close;
use crate::data::show;
use crate::wire::{BodyReader, Connection, Event, Trouble, chunk, last_chunk};

/// A connection with the body that comes in and the framing of what goes out.
pub struct Peer {
    pub connection: Connection,
    reader: Option<BodyReader>,
    /// The interim responses so far.
    pub interim: Vec<u16>,
    /// The body so far.
    pub body: Vec<u8>,
    /// How much of it steps have expected.
    expected: usize,
    /// How the body ended.
    pub end: Option<Event>,
    chunked: bool,
    trailers: Vec<(String, Vec<u8>)>,
}

impl Peer {
    /// What goes out is sent in chunks or as it is, with trailers at its end.
    pub fn new(connection: Connection, chunked: bool, trailers: Vec<(String, Vec<u8>)>) -> Peer {
        Peer {
            connection,
            reader: None,
            interim: Vec::new(),
            body: Vec::new(),
            expected: 0,
            end: None,
            chunked,
            trailers,
        }
    }

    /// The head has come; the body after it is framed like this.
    pub fn begin_body(&mut self, reader: BodyReader) {
        self.reader = Some(reader);
    }

    /// Whether a head has come.
    pub fn has_head(&self) -> bool {
        self.reader.is_some()
    }

    /// Sends a part of the body.
    ///
    /// # Errors
    /// If the other side takes no more.
    pub fn send_body(&mut self, bytes: &[u8]) -> Result<(), Mismatch> {
        let framed = if self.chunked { chunk(bytes) } else { bytes.to_vec() };
        self.send(&framed)
    }

    /// Sends the end of the body.
    ///
    /// # Errors
    /// If the other side takes no more.
    pub fn send_end(&mut self) -> Result<(), Mismatch> {
        match self.chunked {
            true => self.send(&last_chunk(&self.trailers)),
            false => Ok(()),
        }
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// If the other side takes no more.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), Mismatch> {
        self.connection.send(bytes).map_err(|trouble| {
            Mismatch::new("while sending", "the bytes to be taken", trouble.sentence())
                .on(self.connection.name())
        })
    }

    /// Ends one direction or both.
    pub fn close(&mut self, close: Close) {
        self.connection.close(match close {
            Close::Both => Shutdown::Both,
            Close::Sending => Shutdown::Write,
        });
    }

    /// Waits until exactly these bytes of the body have come next.
    ///
    /// # Errors
    /// If others come, or none.
    pub fn expect_body(&mut self, bytes: &[u8]) -> Result<(), Mismatch> {
        let wanted = self.expected + bytes.len();
        let trouble = loop {
            let so_far = &self.body[self.expected..self.body.len().min(wanted)];
            if *so_far != bytes[..so_far.len()] || self.body.len() >= wanted {
                break None;
            }
            match self.more() {
                Ok(Event::Data(_)) => {}
                Ok(Event::End(_)) => break Some("the end of the body".to_owned()),
                Ok(Event::Cut) => break Some("the end of the connection".to_owned()),
                Err(trouble) => break Some(trouble.sentence()),
            }
        };
        let got = &self.body[self.expected..self.body.len().min(wanted)];
        if got == bytes {
            self.expected = wanted;
            return Ok(());
        }
        let got = match trouble {
            Some(trouble) if got.is_empty() => trouble,
            Some(trouble) => format!("\"{}\", then {trouble}", show(got)),
            None => format!("\"{}\"", show(got)),
        };
        Err(self.mismatch(
            "body",
            format!("\"{}\" to arrive before anything else is done", show(bytes)),
            got,
        ))
    }

    /// Waits for the proper end of the body, and for nothing before it.
    ///
    /// # Errors
    /// If more comes, or the connection breaks.
    pub fn expect_end(&mut self) -> Result<(), Mismatch> {
        if self.body.len() > self.expected {
            return Err(self.unexpected("the end of the body"));
        }
        match self.more() {
            Ok(Event::End(_)) => Ok(()),
            Ok(Event::Data(_)) => Err(self.unexpected("the end of the body")),
            Ok(Event::Cut) => {
                Err(self.mismatch("body", "the end of the body", "a connection that was cut"))
            }
            Err(trouble) => Err(self.mismatch("body", "the end of the body", trouble.sentence())),
        }
    }

    /// Waits until the connection breaks; what comes before does not matter.
    ///
    /// # Errors
    /// If the body ends as if all were well, or nothing happens.
    pub fn expect_cut(&mut self) -> Result<(), Mismatch> {
        loop {
            match self.more() {
                Ok(Event::Data(_)) => {}
                Ok(Event::Cut) | Err(Trouble::Cut) => return Ok(()),
                Ok(Event::End(_)) => {
                    return Err(self.mismatch(
                        "body",
                        "the connection to be cut",
                        "a body that was ended properly",
                    ));
                }
                Err(trouble) => {
                    return Err(self.mismatch(
                        "body",
                        "the connection to be cut",
                        trouble.sentence(),
                    ));
                }
            }
        }
    }

    /// Receives the body to its end, whatever that is.
    ///
    /// # Errors
    /// If nothing comes in time, or what comes is badly framed.
    pub fn drain(&mut self) -> Result<(), Mismatch> {
        loop {
            match self.more() {
                Ok(Event::Data(_)) => {}
                Ok(_) => return Ok(()),
                Err(trouble) => {
                    return Err(self.mismatch("body", "the rest of the body", trouble.sentence()));
                }
            }
        }
    }

    fn more(&mut self) -> Result<Event, Trouble> {
        let Some(reader) = &mut self.reader else {
            return Err(Trouble::System("no head has been expected yet".to_owned()));
        };
        let event = reader.next(&mut self.connection)?;
        match &event {
            Event::Data(bytes) => self.body.extend_from_slice(bytes),
            end => self.end = Some(end.clone()),
        }
        Ok(event)
    }

    fn unexpected(&self, expected: &str) -> Mismatch {
        self.mismatch("body", expected, format!("\"{}\"", show(&self.body[self.expected..])))
    }

    fn mismatch(&self, at: &str, expected: impl Into<String>, got: impl Into<String>) -> Mismatch {
        Mismatch::new(at, expected, got).on(self.connection.name())
    }
}
