//! Crashes as the path says.

use std::hint::black_box;

use isospin::{IntoResponse, Request, Result};

mod crash;

#[isospin::handler]
async fn handle(request: Request) -> Result<impl IntoResponse> {
    let path = request.uri().path();
    if path.ends_with("/divide") {
        black_box(crash::divide(7, black_box(0)));
    }
    if path.ends_with("/recurse") {
        black_box(crash::recurse(0));
    }
    if path.ends_with("/endless") {
        crash::endless();
    }
    if path.ends_with("/empty") {
        black_box(crash::first(black_box(&[])));
    }
    Ok("well\n")
}
