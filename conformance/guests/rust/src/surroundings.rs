//! State, clocks, randomness and the log.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use isospin::http::Uri;
use isospin::{IntoResponse, Response, Result};

use crate::query;

pub fn counter() -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
    format!("{count}\n").into_response()
}

pub fn clock() -> Result<Response> {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let monotonic = isospin::monotonic().as_nanos();
    Ok(format!("wall {wall}\nmonotonic {monotonic}\n").into_response())
}

pub fn random() -> Response {
    let secure = hexadecimal(&isospin::random_bytes::<16>());
    let hash = RandomState::new().hash_one("isospin");
    format!("secure {secure}\nhash {hash:016x}\n").into_response()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn log(uri: &Uri) -> Response {
    let message = query::value(uri, "message").unwrap_or_default();
    isospin::log!("{}", String::from_utf8_lossy(&message));
    "logged\n".into_response()
}
