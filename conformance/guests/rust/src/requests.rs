//! What the guest tells of the requests it sees.

use isospin::http::header::{CONTENT_TYPE, HeaderValue, TRAILER};
use isospin::{Body, IntoResponse, Request, Response, Result};

use crate::query::escape;

pub fn reflect(request: &Request) -> Response {
    let mut text = format!("method {}\npath {}\n", request.method(), request.uri().path());
    if let Some(query) = request.uri().query() {
        text.push_str(&format!("query {query}\n"));
    }
    for (name, value) in request.headers() {
        text.push_str(&format!("header {name} {}\n", escape(value.as_bytes())));
    }
    text.into_response()
}

pub async fn collect(request: Request) -> Result<Response> {
    let mut body = request.into_body();
    let mut length = 0;
    let mut checksum = adler2::Adler32::new();
    while let Some(chunk) = body.chunk().await? {
        length += chunk.len();
        checksum.write_slice(&chunk);
    }
    Ok(format!("length {length}\nadler32 {:08x}\n", checksum.checksum()).into_response())
}

pub fn echo(request: Request) -> Result<Response> {
    let (head, body) = request.into_parts();
    Ok(like(&head, body))
}

pub fn duplex(request: Request) -> Result<Response> {
    let (head, mut body) = request.into_parts();
    let answer = Body::produce(|mut sender| async move {
        sender.send("ready\n").await?;
        while let Some(frame) = body.frame().await {
            match frame?.into_data() {
                Ok(data) => sender.send(data).await?,
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    sender.trailers(trailers).await?;
                    break;
                }
            }
        }
        Ok(())
    });
    Ok(like(&head, answer))
}

/// A response with what an echo takes over from the request's head.
fn like(head: &isospin::http::request::Parts, body: Body) -> Response {
    let mut response = Response::new(body);
    let octets = HeaderValue::from_static("application/octet-stream");
    let content_type = head.headers.get(CONTENT_TYPE).cloned().unwrap_or(octets);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    for trailer in head.headers.get_all(TRAILER) {
        response.headers_mut().append(TRAILER, trailer.clone());
    }
    response
}

pub fn watch(request: Request) -> Response {
    let mut body = request.into_body();
    let answer = Body::produce(|mut sender| async move {
        sender.send("begun\n").await?;
        let mut length = 0;
        let end = loop {
            match body.chunk().await {
                Ok(Some(chunk)) => length += chunk.len(),
                Ok(None) => break "whole",
                Err(_) => break "cut",
            }
        };
        sender.send(format!("{end} {length}\n")).await?;
        Ok(())
    });
    ([("content-type", "text/plain; charset=utf-8")], answer).into_response()
}

pub fn early() -> Response {
    (isospin::http::StatusCode::FORBIDDEN, "early\n").into_response()
}
