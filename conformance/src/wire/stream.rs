//! What is below a connection: plain TCP, or TLS over it.

use std::io::{Read, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// With this byte begins the first record of a client that speaks TLS (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;

/// Bytes go through it as HTTP means them. Timeouts are those of [`Stream::tcp`].
pub enum Stream {
    Plain(TcpStream),
    Secure(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Stream {
    /// The connection that carries it.
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(tcp) => tcp,
            Stream::Secure(secure) => &secure.sock,
        }
    }

    /// Waits for the first byte, leaves it unread, and tells whether the other side begins TLS with it.
    pub fn begins_tls(&self) -> bool {
        let mut first = [0];
        matches!(self.tcp().peek(&mut first), Ok(1)) && first == [HANDSHAKE]
    }

    /// Agrees on TLS as the server; over TLS already, it stays as it is.
    ///
    /// # Errors
    /// If the client does not agree, such as with the certificate, or time is up.
    pub fn accept_tls(self, config: Arc<ServerConfig>) -> Result<Stream> {
        let Stream::Plain(mut tcp) = self else { return Ok(self) };
        let mut session = ServerConnection::new(config).map_err(std::io::Error::other)?;
        while session.is_handshaking() {
            session.complete_io(&mut tcp)?;
        }
        Ok(Stream::Secure(Box::new(StreamOwned::new(session, tcp))))
    }

    /// Ends one direction or both, in TLS with its own farewell.
    pub fn shutdown(&mut self, direction: Shutdown) {
        if let Stream::Secure(secure) = self
            && direction != Shutdown::Read
        {
            secure.conn.send_close_notify();
            let _ = secure.flush();
        }
        let _ = self.tcp().shutdown(direction);
    }
}

impl Read for Stream {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        match self {
            Stream::Plain(tcp) => tcp.read(bytes),
            Stream::Secure(secure) => secure.read(bytes),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Stream::Plain(tcp) => tcp.write(bytes),
            Stream::Secure(secure) => secure.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Stream::Plain(tcp) => tcp.flush(),
            Stream::Secure(secure) => secure.flush(),
        }
    }
}
