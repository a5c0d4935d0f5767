//! Greets, and counts the words of a text.

mod text;
mod words;

use isospin::http::header::HeaderName;
use isospin::http::{Method, StatusCode, header::ALLOW};
use isospin::{Body, Client, IntoResponse, Request, Response, Result};

use text::Utf8;
use words::Words;

const NOT_FETCHED: (StatusCode, &str) =
    (StatusCode::BAD_GATEWAY, "the text could not be fetched\n");

#[isospin::handler]
async fn handle(request: Request) -> Result<Response> {
    match (request.method(), from(&request)) {
        (&Method::GET, Some(url)) => count_fetched(&url).await,
        (&Method::GET, None) => Ok("Hello from Isospin!\n".into_response()),
        (&Method::POST, _) => count(request.into_body()).await,
        _ => {
            let allow: [(HeaderName, _); 1] = [(ALLOW, "GET, POST".parse()?)];
            let answer = (StatusCode::METHOD_NOT_ALLOWED, allow, "method not allowed\n");
            Ok(answer.into_response())
        }
    }
}

/// The value of `from` in the query, unless it is empty.
fn from(request: &Request) -> Option<String> {
    let query = request.uri().query()?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("from="))?;
    (!value.is_empty()).then(|| text::percent_decoded(value))
}

async fn count_fetched(url: &str) -> Result<Response> {
    match Client::new().get(url).await {
        Ok(response) if response.status() == StatusCode::OK => count(response.into_body()).await,
        _ => Ok(NOT_FETCHED.into_response()),
    }
}

/// Counts chunk by chunk: of the text itself, no more than one chunk is held.
async fn count(mut body: Body) -> Result<Response> {
    let mut words = Words::default();
    let mut utf8 = Utf8::default();
    while let Some(chunk) = body.chunk().await? {
        utf8.take(&chunk);
        words.take(&chunk);
    }
    if !utf8.is_valid() {
        return Ok((StatusCode::BAD_REQUEST, "the text is not UTF-8\n").into_response());
    }
    Ok(([("content-type", "application/json")], words.json()).into_response())
}
