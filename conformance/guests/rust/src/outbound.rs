//! Requests to other servers.

use std::time::Duration;

use isospin::http::header::{CONTENT_TYPE, HeaderName};
use isospin::http::{Request as HttpRequest, StatusCode, Uri};
use isospin::{Client, IntoResponse, Request, Response, Result, TransferError, spawn, timeout};

use crate::query;

/// What belongs to one connection, and what the host says itself.
const NOT_COPIED: [&str; 5] =
    ["connection", "keep-alive", "transfer-encoding", "content-length", "date"];

pub async fn fetch(request: Request) -> Result<Response> {
    let (head, body) = request.into_parts();
    let url = String::from_utf8(query::value(&head.uri, "url").unwrap_or_default())?;
    let mut outgoing = HttpRequest::builder().method(head.method).uri(url).body(body)?;
    for (name, value) in &head.headers {
        if name == CONTENT_TYPE || name.as_str().starts_with("x-") {
            outgoing.headers_mut().append(name, value.clone());
        }
    }
    let sent = isospin::fetch(outgoing);
    let answer = match query::value(&head.uri, "ms") {
        None => Ok(sent.await),
        Some(limit) => {
            timeout(Duration::from_millis(String::from_utf8(limit)?.parse()?), sent).await
        }
    };
    let response = match answer {
        Ok(Ok(response)) => response,
        Err(_) => return Ok((StatusCode::GATEWAY_TIMEOUT, "timed out\n").into_response()),
        Ok(Err(error)) => {
            return Ok((StatusCode::BAD_GATEWAY, format!("{}\n", error.code())).into_response());
        }
    };
    let (head, body) = response.into_parts();
    let mut answer = Response::new(body);
    *answer.status_mut() = head.status;
    for (name, value) in &head.headers {
        if !NOT_COPIED.contains(&HeaderName::as_str(name)) {
            answer.headers_mut().append(name, value.clone());
        }
    }
    Ok(answer)
}

pub async fn gather(uri: &Uri) -> Response {
    let requests: Vec<_> =
        query::texts(uri, "url").into_iter().map(|url| spawn(measure(url))).collect();
    let mut lines = String::new();
    for request in requests {
        lines.push_str(&match request.await {
            Ok((status, length)) => format!("{} {length}\n", status.as_u16()),
            Err(error) => format!("{}\n", error_name(&error)),
        });
    }
    lines.into_response()
}

async fn measure(url: String) -> Result<(StatusCode, usize)> {
    let response = Client::new().get(url).await?;
    let status = response.status();
    let mut body = response.into_body();
    let mut length = 0;
    while let Some(chunk) = body.chunk().await? {
        length += chunk.len();
    }
    Ok((status, length))
}

fn error_name(error: &isospin::Error) -> &'static str {
    error.downcast_ref::<TransferError>().map_or("internal-error", TransferError::code)
}
