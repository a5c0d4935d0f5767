//! The guest of the conformance suite, written as a user of the Rust SDK
//! would. GUEST.md says what each route must do.

mod failures;
mod outbound;
mod query;
mod requests;
mod responses;
mod surroundings;

use isospin::http::StatusCode;
use isospin::{IntoResponse, Request, Response, Result};

#[isospin::handler]
async fn handle(request: Request) -> Result<Response> {
    // The route is the path's first segment, the rest its argument.
    let path = request.uri().path().to_owned();
    let (route, rest) = match path[1..].split_once('/') {
        Some((route, rest)) => (route, rest),
        None => (&path[1..], ""),
    };
    match route {
        "reflect" => Ok(requests::reflect(&request)),
        "collect" => requests::collect(request).await,
        "echo" => requests::echo(request),
        "duplex" => requests::duplex(request),
        "early" => Ok(requests::early()),
        "watch" => Ok(requests::watch(request)),
        "status" => responses::status(rest),
        "headers" => responses::headers(request.uri()),
        "bytes" => responses::bytes(rest),
        "stream" => responses::stream(rest),
        "ticks" => responses::ticks(rest, request.uri()),
        "trailers" => Ok(responses::trailers()),
        "error" => failures::error(),
        "panic" => panic!("deliberate panic"),
        "error-after-start" => Ok(failures::error_after_start()),
        "loop" => failures::endless(),
        "allocate" => failures::allocate(),
        "recurse" => Ok(format!("{}\n", failures::recurse(1)).into_response()),
        "counter" => Ok(surroundings::counter()),
        "clock" => surroundings::clock(),
        "random" => Ok(surroundings::random()),
        "log" => Ok(surroundings::log(request.uri())),
        "fetch" => outbound::fetch(request).await,
        "gather" => Ok(outbound::gather(request.uri()).await),
        _ => Ok((StatusCode::NOT_FOUND, "no such route\n").into_response()),
    }
}
