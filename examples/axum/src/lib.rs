//! An ordinary axum application. The one line that makes a component of it is
//! the attribute on `app`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

#[isospin::handler]
fn app() -> Router {
    Router::new()
        .route("/", get(|| async { "Hello from axum!\n" }))
        .route("/users/{name}", get(user))
        .route("/sum", post(sum))
        .route("/echo", post(echo))
        .route("/status", get(status))
        .route("/visits", get(visits))
        .fallback(missing)
        .with_state(Arc::new(AtomicU64::new(0)))
}

#[derive(Deserialize)]
struct Greeting {
    greeting: Option<String>,
}

/// `GET /users/ada?greeting=Welcome`
async fn user(Path(name): Path<String>, Query(query): Query<Greeting>) -> String {
    let greeting = query.greeting.as_deref().unwrap_or("Hello");
    format!("{greeting}, {name}!\n")
}

#[derive(Serialize)]
struct Sum {
    sum: i64,
    count: usize,
}

/// `POST /sum` with a JSON list of numbers.
async fn sum(Json(numbers): Json<Vec<i64>>) -> Json<Sum> {
    Json(Sum { sum: numbers.iter().sum(), count: numbers.len() })
}

/// Streams the body back.
async fn echo(request: Request) -> Body {
    request.into_body()
}

#[derive(Deserialize)]
struct Target {
    url: String,
}

/// `GET /status?url=...`: asks another server. axum wants futures that can be
/// sent between threads, and those of the SDK can.
async fn status(Query(target): Query<Target>) -> impl IntoResponse {
    let fetched = isospin::fetch(
        isospin::Request::builder()
            .uri(target.url)
            .body(isospin::Body::empty())
            .map_err(|error| (StatusCode::BAD_REQUEST, format!("{error}\n")))?,
    );
    match isospin::timeout(Duration::from_secs(5), fetched).await {
        Ok(Ok(response)) => Ok(format!("{}\n", response.status())),
        Ok(Err(error)) => Err((StatusCode::BAD_GATEWAY, format!("{error}\n"))),
        Err(error) => Err((StatusCode::GATEWAY_TIMEOUT, format!("{error}\n"))),
    }
}

/// State lives as long as the instance does.
async fn visits(State(visits): State<Arc<AtomicU64>>) -> String {
    format!("{}\n", visits.fetch_add(1, Ordering::Relaxed) + 1)
}

async fn missing(uri: Uri) -> impl IntoResponse {
    (StatusCode::NOT_FOUND, format!("there is no {}\n", uri.path()))
}
