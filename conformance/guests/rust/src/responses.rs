//! Responses of every shape.

use std::time::Duration;

use isospin::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRAILER};
use isospin::http::{Response as HttpResponse, StatusCode, Uri};
use isospin::{Body, IntoResponse, Response, Result, sleep};

use crate::query;

const OCTETS: (&str, &str) = ("content-type", "application/octet-stream");
const TEXT: (&str, &str) = ("content-type", "text/plain; charset=utf-8");

/// The most that is sent at once.
const CHUNK: usize = 64 * 1024;

pub fn status(number: &str) -> Result<Response> {
    let status = StatusCode::from_bytes(number.as_bytes())?;
    if status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
        return Ok(status.into_response());
    }
    Ok((status, format!("status {number}\n")).into_response())
}

pub fn headers(uri: &Uri) -> Result<Response> {
    let mut response = HttpResponse::new(Body::from("ok\n"));
    for (name, value) in query::pairs(uri) {
        let name = HeaderName::from_bytes(name.as_bytes())?;
        response.headers_mut().append(name, HeaderValue::from_bytes(&value)?);
    }
    Ok(response)
}

pub fn bytes(number: &str) -> Result<Response> {
    let length: usize = number.parse()?;
    Ok(([OCTETS], pattern(0, length)).into_response())
}

pub fn stream(number: &str) -> Result<Response> {
    let length: usize = number.parse()?;
    let body = Body::produce(|mut sender| async move {
        let mut sent = 0;
        while sent < length {
            let chunk = pattern(sent, CHUNK.min(length - sent));
            sent += chunk.len();
            sender.send(chunk).await?;
        }
        Ok(())
    });
    Ok(([OCTETS], body).into_response())
}

/// Byte i of the whole is `i mod 251`.
fn pattern(start: usize, length: usize) -> Vec<u8> {
    (start..start + length).map(|index| (index % 251) as u8).collect()
}

pub fn ticks(number: &str, uri: &Uri) -> Result<Response> {
    let count: u64 = number.parse()?;
    let pause = query::value(uri, "ms").unwrap_or_default();
    let pause = Duration::from_millis(String::from_utf8(pause)?.parse().unwrap_or(0));
    let body = Body::produce(|mut sender| async move {
        for tick in 1..=count {
            if tick > 1 {
                sleep(pause).await;
            }
            sender.send(format!("tick {tick}\n")).await?;
        }
        Ok(())
    });
    Ok(([TEXT], body).into_response())
}

pub fn trailers() -> Response {
    let body = Body::produce(|mut sender| async move {
        sender.send("body\n").await?;
        let mut trailers = HeaderMap::new();
        trailers.insert("x-checksum", HeaderValue::from_static("abc"));
        trailers.insert("x-second", HeaderValue::from_static("two"));
        sender.trailers(trailers).await?;
        Ok(())
    });
    let mut response = Response::new(body);
    let text = HeaderValue::from_static(TEXT.1);
    response.headers_mut().insert(CONTENT_TYPE, text);
    let names = HeaderValue::from_static("x-checksum, x-second");
    response.headers_mut().insert(TRAILER, names);
    response
}
