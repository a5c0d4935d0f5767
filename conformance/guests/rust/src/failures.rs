//! Failures of every kind.

use std::hint::black_box;

use isospin::{Body, Error, IntoResponse, Response, Result};

pub fn error() -> Result<Response> {
    Err(Error::message("deliberate error"))
}

pub fn error_after_start() -> Response {
    let body = Body::produce(|mut sender| async move {
        sender.send("begun\n").await?;
        Err(Error::message("deliberate error"))
    });
    ([("content-type", "text/plain; charset=utf-8")], body).into_response()
}

pub fn endless() -> ! {
    loop {
        black_box(());
    }
}

pub fn allocate() -> ! {
    let mut all = Vec::new();
    loop {
        all.push(black_box(vec![1u8; 1 << 20]));
    }
}

#[expect(unconditional_recursion, reason = "that is what the route is for")]
pub fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 16]);
    recurse(depth + 1) + frame[0]
}
