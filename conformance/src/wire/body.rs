//! Bodies, as they arrive.

use super::head::parse_trailers;
use super::{BodyFraming, Connection, Trouble};

/// What comes next of a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// At least one byte.
    Data(Vec<u8>),
    /// The end, told as the framing demands, with the trailers.
    End(Vec<(String, Vec<u8>)>),
    /// The connection broke before the end.
    Cut,
}

/// Takes a body off a connection.
pub struct BodyReader {
    framing: BodyFraming,
    /// In the chunk that has begun.
    chunk: u64,
    /// Whether the line feed after a chunk is still to come.
    between: bool,
    last: Option<Event>,
}

impl BodyReader {
    pub fn new(framing: BodyFraming) -> BodyReader {
        BodyReader { framing, chunk: 0, between: false, last: None }
    }

    /// Whether there is nothing more to come.
    pub fn is_done(&self) -> bool {
        self.last.is_some()
    }

    /// The next part; at the end, the end again.
    ///
    /// # Errors
    /// If nothing comes in time, or what comes is badly framed.
    pub fn next(&mut self, connection: &mut Connection) -> Result<Event, Trouble> {
        if let Some(last) = &self.last {
            return Ok(last.clone());
        }
        let event = match self.framing {
            BodyFraming::Empty | BodyFraming::Length(0) => Event::End(Vec::new()),
            BodyFraming::Length(remaining) => {
                let event = take(connection, remaining)?;
                if let Event::Data(bytes) = &event {
                    self.framing = BodyFraming::Length(remaining - bytes.len() as u64);
                }
                event
            }
            BodyFraming::UntilClose => match fill(connection)? {
                true => take(connection, u64::MAX)?,
                false => Event::End(Vec::new()),
            },
            BodyFraming::Chunked => self.chunked(connection)?,
        };
        if !matches!(event, Event::Data(_)) {
            self.last = Some(event.clone());
        }
        Ok(event)
    }

    fn chunked(&mut self, connection: &mut Connection) -> Result<Event, Trouble> {
        if self.chunk == 0 {
            if self.between {
                match line(connection)? {
                    None => return Ok(Event::Cut),
                    Some(line) if line.is_empty() => self.between = false,
                    Some(line) => return Err(malformed("no line feed after a chunk", &line)),
                }
            }
            let Some(size) = line(connection)? else { return Ok(Event::Cut) };
            let digits = size.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
            let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'));
            self.chunk = digits
                .and_then(|digits| u64::from_str_radix(digits, 16).ok())
                .ok_or_else(|| malformed("no chunk size", &size))?;
            if self.chunk == 0 {
                return trailers(connection);
            }
            self.between = true;
        }
        let event = take(connection, self.chunk)?;
        if let Event::Data(bytes) = &event {
            self.chunk -= bytes.len() as u64;
        }
        Ok(event)
    }
}

fn trailers(connection: &mut Connection) -> Result<Event, Trouble> {
    loop {
        match parse_trailers(&connection.buffer) {
            Ok(Some((length, fields))) => {
                connection.buffer.drain(..length);
                return Ok(Event::End(fields));
            }
            Ok(None) => {
                if !receive(connection)? {
                    return Ok(Event::Cut);
                }
            }
            Err(error) => return Err(malformed(&error, &connection.buffer)),
        }
    }
}

/// A line without its ending; nothing if the connection ends first.
fn line(connection: &mut Connection) -> Result<Option<Vec<u8>>, Trouble> {
    loop {
        if let Some(end) = connection.buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = connection.buffer.drain(..=end).collect();
            return match line.strip_suffix(b"\r\n") {
                Some(line) => Ok(Some(line.to_vec())),
                None => Err(malformed("a line without its carriage return", &line)),
            };
        }
        if !receive(connection)? {
            return Ok(None);
        }
    }
}

/// At most so many bytes, at least one.
fn take(connection: &mut Connection, most: u64) -> Result<Event, Trouble> {
    if !fill(connection)? {
        return Ok(Event::Cut);
    }
    let count = usize::try_from(most).unwrap_or(usize::MAX).min(connection.buffer.len());
    Ok(Event::Data(connection.buffer.drain(..count).collect()))
}

/// Sees to it that something is in the buffer.
fn fill(connection: &mut Connection) -> Result<bool, Trouble> {
    Ok(!connection.buffer.is_empty() || receive(connection)?)
}

/// In a body a reset is a way of being cut.
fn receive(connection: &mut Connection) -> Result<bool, Trouble> {
    match connection.receive() {
        Err(Trouble::Cut) => Ok(false),
        other => other,
    }
}

fn malformed(what: &str, bytes: &[u8]) -> Trouble {
    Trouble::Malformed(format!("{what}: {}", crate::data::show(&bytes[..bytes.len().min(100)])))
}
