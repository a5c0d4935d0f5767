//! Heads of requests and responses.

use super::{BodyFraming, Connection, Trouble};
use crate::data::show;

/// The start line of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    Request { method: String, target: Vec<u8> },
    Response { status: u16 },
}

/// The head of a message as it was received. Names are in lower case.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub start: Start,
    /// HTTP/1.0.
    pub old: bool,
    pub fields: Vec<(String, Vec<u8>)>,
}

/// The most bytes that a head may have.
const LIMIT: usize = 8 << 20;

/// A field line as it is sent.
pub fn field_line(name: &str, value: &[u8]) -> Vec<u8> {
    [name.as_bytes(), b": ", value, b"\r\n"].concat()
}

impl Head {
    /// Receives the head of a response. Interim ones are heads of their own.
    ///
    /// # Errors
    /// If what comes is no head, or nothing comes.
    pub fn response(connection: &mut Connection) -> Result<Head, Trouble> {
        receive(connection, parse_response)
    }

    /// Receives the head of a request; nothing if the connection ends instead.
    ///
    /// # Errors
    /// If what comes is no head.
    pub fn request(connection: &mut Connection) -> Result<Option<Head>, Trouble> {
        if connection.buffer.is_empty() && !connection.receive()? {
            return Ok(None);
        }
        receive(connection, parse_request).map(Some)
    }

    /// All values of a field, in their order.
    pub fn values(&self, name: &str) -> Vec<&[u8]> {
        let name = name.to_ascii_lowercase();
        self.fields
            .iter()
            .filter(|(other, _)| *other == name)
            .map(|(_, value)| value.as_slice())
            .collect()
    }

    /// The status of a response.
    pub fn status(&self) -> u16 {
        match self.start {
            Start::Response { status } => status,
            Start::Request { .. } => 0,
        }
    }

    /// How the body after this head is framed (RFC 9112 section 6.3).
    ///
    /// # Errors
    /// If the head contradicts itself.
    pub fn framing(&self, request_method: &str) -> Result<BodyFraming, Trouble> {
        let lengths = self.values("content-length");
        let codings = self.values("transfer-encoding");
        if let Start::Response { status } = self.start
            && (request_method == "HEAD"
                || (100..200).contains(&status)
                || status == 204
                || status == 304)
        {
            return Ok(BodyFraming::Empty);
        }
        if !codings.is_empty() {
            let chunked =
                codings.last().is_some_and(|value| value.eq_ignore_ascii_case(b"chunked"));
            return match chunked && lengths.is_empty() {
                true => Ok(BodyFraming::Chunked),
                false => Err(Trouble::Malformed(
                    "a transfer-encoding that is not `chunked` alone".to_owned(),
                )),
            };
        }
        match lengths[..] {
            [] if matches!(self.start, Start::Request { .. }) => Ok(BodyFraming::Empty),
            [] => Ok(BodyFraming::UntilClose),
            [value] => std::str::from_utf8(value)
                .ok()
                .and_then(|value| value.parse().ok())
                .map(BodyFraming::Length)
                .ok_or_else(|| Trouble::Malformed(format!("content-length: {}", show(value)))),
            _ => Err(Trouble::Malformed(format!("content-length {} times", lengths.len()))),
        }
    }
}

/// Names in lower case, and values.
type Fields = Vec<(String, Vec<u8>)>;

type Parsed = Result<Option<(usize, Head)>, String>;

fn receive(connection: &mut Connection, parse: fn(&[u8]) -> Parsed) -> Result<Head, Trouble> {
    loop {
        match parse(&connection.buffer) {
            Ok(Some((length, head))) => {
                connection.buffer.drain(..length);
                return Ok(head);
            }
            Ok(None) if connection.buffer.len() > LIMIT => {
                return Err(Trouble::Malformed(format!("a head of more than {LIMIT} bytes")));
            }
            Ok(None) => {
                if !connection.receive()? {
                    return Err(Trouble::Cut);
                }
            }
            Err(error) => {
                let start = show(&connection.buffer[..connection.buffer.len().min(100)]);
                return Err(Trouble::Malformed(format!(
                    "bytes that are no head ({error}): {start}"
                )));
            }
        }
    }
}

/// Tries with room for more and more fields.
fn with_room(parse: impl Fn(usize) -> Option<Parsed>) -> Parsed {
    let mut room = 64;
    loop {
        match parse(room) {
            Some(parsed) => return parsed,
            None if room > 1 << 20 => return Err("too many fields".to_owned()),
            None => room *= 8,
        }
    }
}

fn parse_response(bytes: &[u8]) -> Parsed {
    with_room(|room| {
        let mut fields = vec![httparse::EMPTY_HEADER; room];
        let mut response = httparse::Response::new(&mut fields);
        match response.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => {
                let start = Start::Response { status: response.code.unwrap_or(0) };
                let old = response.version == Some(0);
                Some(Ok(Some((length, Head { start, old, fields: owned(response.headers) }))))
            }
            Ok(httparse::Status::Partial) => Some(Ok(None)),
            Err(httparse::Error::TooManyHeaders) => None,
            Err(error) => Some(Err(error.to_string())),
        }
    })
}

fn parse_request(bytes: &[u8]) -> Parsed {
    with_room(|room| {
        let mut fields = vec![httparse::EMPTY_HEADER; room];
        let mut request = httparse::Request::new(&mut fields);
        match request.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => {
                let method = request.method.unwrap_or_default().to_owned();
                let start =
                    Start::Request { method, target: request.path.unwrap_or_default().into() };
                let old = request.version == Some(0);
                Some(Ok(Some((length, Head { start, old, fields: owned(request.headers) }))))
            }
            Ok(httparse::Status::Partial) => Some(Ok(None)),
            Err(httparse::Error::TooManyHeaders) => None,
            Err(error) => Some(Err(error.to_string())),
        }
    })
}

fn owned(fields: &[httparse::Header<'_>]) -> Vec<(String, Vec<u8>)> {
    fields.iter().map(|field| (field.name.to_ascii_lowercase(), field.value.to_vec())).collect()
}

/// Parses trailer fields up to and with the empty line after them.
pub(super) fn parse_trailers(bytes: &[u8]) -> Result<Option<(usize, Fields)>, String> {
    let mut fields = [httparse::EMPTY_HEADER; 256];
    match httparse::parse_headers(bytes, &mut fields) {
        Ok(httparse::Status::Complete((length, fields))) => Ok(Some((length, owned(fields)))),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}
