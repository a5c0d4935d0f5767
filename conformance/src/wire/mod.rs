//! HTTP/1.1 over TCP, by hand: what is sent is under the driver's control
//! to the byte, and what is received can be shown as it was.

mod body;
mod connection;
mod head;
mod stream;
mod transcript;

pub use body::{BodyReader, Event};
pub use connection::{Connection, Trouble};
pub use head::{Head, Start, field_line};
pub use transcript::{Direction, Piece, Wire};

/// How a body is framed on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFraming {
    /// There is no body.
    Empty,
    /// So many bytes.
    Length(u64),
    /// Chunks, then trailers.
    Chunked,
    /// Everything until the connection ends.
    UntilClose,
}

/// One chunk as it is sent.
pub fn chunk(bytes: &[u8]) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// The last chunk and the trailers.
pub fn last_chunk(trailers: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut end = b"0\r\n".to_vec();
    for (name, value) in trailers {
        end.extend(field_line(name, value));
    }
    end.extend_from_slice(b"\r\n");
    end
}
