//! One TCP connection whose bytes are noted, and which gives up at its deadline.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use super::stream::Stream;
use super::{Direction, Wire};

/// What can go wrong on a connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The deadline passed.
    Late,
    /// The other side ended or reset the connection.
    Cut,
    /// What came is not HTTP.
    Malformed(String),
    /// The system says no.
    System(String),
}

impl Trouble {
    /// As the "got" of a failure.
    pub fn sentence(&self) -> String {
        match self {
            Trouble::Late => "nothing more before the case's time was up".to_owned(),
            Trouble::Cut => "the end of the connection".to_owned(),
            Trouble::Malformed(what) => what.clone(),
            Trouble::System(error) => error.clone(),
        }
    }
}

/// A connection, as client or as server.
pub struct Connection {
    stream: Stream,
    name: String,
    wire: Wire,
    deadline: Instant,
    /// What was received and not yet taken.
    pub(super) buffer: Vec<u8>,
    ended: bool,
}

impl Connection {
    /// Connects; nothing is sent.
    ///
    /// # Errors
    /// If nobody accepts.
    pub fn open(
        address: SocketAddr,
        name: String,
        wire: Wire,
        deadline: Instant,
    ) -> Result<Connection, Trouble> {
        let stream = TcpStream::connect_timeout(&address, remaining(deadline))
            .map_err(|error| trouble(&error))?;
        Ok(Connection::over(stream, name, wire, deadline))
    }

    /// Takes over a stream that is already connected.
    pub fn over(stream: TcpStream, name: String, wire: Wire, deadline: Instant) -> Connection {
        // Order is proven by what arrives when: nothing may wait for more to join it.
        let _ = stream.set_nodelay(true);
        Connection {
            stream: Stream::Plain(stream),
            name,
            wire,
            deadline,
            buffer: Vec::new(),
            ended: false,
        }
    }

    /// A second handle to the same connection that only sends.
    ///
    /// # Errors
    /// If the system gives no second handle.
    pub fn sender(&self) -> Result<Connection, Trouble> {
        let stream = self.stream.tcp().try_clone().map_err(|error| trouble(&error))?;
        Ok(Connection::over(stream, self.name.clone(), self.wire.clone(), self.deadline))
    }

    /// The name in the record.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Goes on under another name and deadline: a connection that is used again.
    pub fn again(&mut self, name: String, deadline: Instant) {
        self.name = name;
        self.deadline = deadline;
    }

    /// Sends all of the bytes.
    ///
    /// # Errors
    /// If the other side takes no more, or takes too long.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let mut rest = bytes;
        while !rest.is_empty() {
            self.stream
                .tcp()
                .set_write_timeout(Some(remaining(self.deadline)))
                .map_err(|error| trouble(&error))?;
            match self.stream.write(rest) {
                Ok(0) => return Err(Trouble::Cut),
                Ok(count) => {
                    self.wire.note(&self.name, Direction::Sent, &rest[..count]);
                    rest = &rest[count..];
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(trouble(&error)),
            }
        }
        Ok(())
    }

    /// Receives more into the buffer. `false` at the orderly end.
    ///
    /// # Errors
    /// If the connection is reset, or nothing comes before the deadline.
    pub fn receive(&mut self) -> Result<bool, Trouble> {
        if self.ended {
            return Ok(false);
        }
        let mut bytes = [0; 65536];
        loop {
            self.stream
                .tcp()
                .set_read_timeout(Some(remaining(self.deadline)))
                .map_err(|error| trouble(&error))?;
            match self.stream.read(&mut bytes) {
                Ok(0) => {
                    self.ended = true;
                    self.wire.event(&self.name, Direction::Received, "end of the connection");
                    return Ok(false);
                }
                Ok(count) => {
                    self.wire.note(&self.name, Direction::Received, &bytes[..count]);
                    self.buffer.extend_from_slice(&bytes[..count]);
                    return Ok(true);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let trouble = trouble(&error);
                    if trouble == Trouble::Cut {
                        self.ended = true;
                        self.wire.event(&self.name, Direction::Received, "reset");
                    }
                    return Err(trouble);
                }
            }
        }
    }

    /// Waits until the other side ends the connection.
    ///
    /// # Errors
    /// If something more comes, or nothing in time.
    pub fn await_end(&mut self) -> Result<(), Trouble> {
        match self.buffer.is_empty().then(|| self.receive()) {
            Some(Ok(false) | Err(Trouble::Cut)) => Ok(()),
            Some(Err(trouble)) => Err(trouble),
            Some(Ok(true)) | None => {
                Err(Trouble::Malformed(format!("\"{}\"", crate::data::show(&self.buffer))))
            }
        }
    }

    /// Waits until something has arrived and leaves it unread.
    pub fn wait(&mut self) {
        let _ = self.stream.tcp().set_read_timeout(Some(remaining(self.deadline)));
        let _ = self.stream.tcp().peek(&mut [0]);
    }

    /// Waits until something has arrived, leaves it unread, and tells whether it is the beginning of TLS.
    pub fn begins_tls(&self) -> bool {
        let _ = self.stream.tcp().set_read_timeout(Some(remaining(self.deadline)));
        self.stream.begins_tls()
    }

    /// Agrees on TLS as the server; what is sent and received from then on, and noted, is what is inside.
    ///
    /// # Errors
    /// If the client does not agree, such as with the certificate.
    pub fn accept_tls(self, config: Arc<ServerConfig>) -> Result<Connection, Trouble> {
        let Connection { stream, name, wire, deadline, buffer, ended } = self;
        let _ = stream.tcp().set_write_timeout(Some(remaining(deadline)));
        let agreed = stream.accept_tls(config);
        let event = match &agreed {
            Ok(_) => "TLS agreed on".to_owned(),
            Err(error) => format!("no TLS: {error}"),
        };
        wire.event(&name, Direction::Received, &event);
        let stream = agreed.map_err(|error| trouble(&error))?;
        Ok(Connection { stream, name, wire, deadline, buffer, ended })
    }

    /// Ends one direction or both.
    pub fn close(&mut self, direction: Shutdown) {
        let what = if direction == Shutdown::Write { "closed for sending" } else { "closed" };
        self.wire.event(&self.name, Direction::Sent, what);
        self.stream.shutdown(direction);
    }

    /// A handle with which another thread can end the connection.
    pub fn breaker(&self) -> Option<TcpStream> {
        self.stream.tcp().try_clone().ok()
    }
}

/// A timeout of zero means "for ever" to the system.
fn remaining(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}

fn trouble(error: &std::io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Trouble::Late,
        ErrorKind::ConnectionReset
        | ErrorKind::BrokenPipe
        | ErrorKind::ConnectionAborted
        | ErrorKind::UnexpectedEof => Trouble::Cut,
        _ => Trouble::System(error.to_string()),
    }
}
