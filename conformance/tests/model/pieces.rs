//! Small parts that the model is made of.

use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Bytes, Frame};
use hyper::http::{HeaderValue, Response};
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub type Answer = Response<BoxBody<Bytes, std::io::Error>>;

/// The body of a request.
pub type Asked = BoxBody<Bytes, std::io::Error>;

/// What a streamed body is written with.
pub type Writer = Sender<Result<Frame<Bytes>, std::io::Error>>;

struct Streamed(Receiver<Result<Frame<Bytes>, std::io::Error>>);

impl Body for Streamed {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.0.poll_recv(context)
    }
}

/// A body that is written while it is sent.
pub fn streamed() -> (Writer, BoxBody<Bytes, std::io::Error>) {
    let (writer, reader) = channel(1);
    (writer, BodyExt::boxed(Streamed(reader)))
}

/// A body that is whole.
pub fn whole(bytes: impl Into<Bytes>) -> BoxBody<Bytes, std::io::Error> {
    http_body_util::Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

/// A body without anything, not even a length.
pub fn nothing() -> BoxBody<Bytes, std::io::Error> {
    http_body_util::Empty::new().map_err(|never| match never {}).boxed()
}

/// Sends a part; `false` if nobody listens any more.
pub async fn write(writer: &Writer, bytes: impl Into<Bytes>) -> bool {
    writer.send(Ok(Frame::data(bytes.into()))).await.is_ok()
}

/// A text of the usual type.
pub fn text(status: u16, text: impl Into<String>) -> Answer {
    let mut answer = Response::new(whole(text.into()));
    *answer.status_mut() = status.try_into().unwrap();
    answer
        .headers_mut()
        .insert("content-type", HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}

/// The whole body of a request; what was cut counts as it is.
pub async fn collect(mut body: impl Body<Data = Bytes> + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(data) = frame.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    bytes
}

/// Query values: `%` and two digits is a byte, everything else is itself.
pub fn pairs(query: &str) -> Vec<(String, Vec<u8>)> {
    let decode =
        |text: &str| isospin_conformance::data::unescape(text).unwrap_or_else(|_| text.into());
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (String::from_utf8_lossy(&decode(name)).into_owned(), decode(value))
        })
        .collect()
}

/// Everything outside `!` to `~`, and `%`, as `%XX`.
pub fn escape(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        b'%' => "%25".to_owned(),
        0x21..=0x7e => (*byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(one).collect()
}

/// RFC 1950.
pub fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65521;
        high = (high + low) % 65521;
    }
    high << 16 | low
}
