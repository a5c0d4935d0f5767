//! A JSON API with axum.

mod failure;

use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use failure::Failure;

#[isospin::handler]
fn app() -> Router {
    Router::new()
        .route("/greetings", post(greet_often))
        .route("/greetings/{name}", get(greet))
        .fallback(async || Failure::not_found())
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
}

#[derive(Serialize)]
struct Greeting {
    greeting: String,
}

async fn greet(Path(name): Path<String>) -> Json<Greeting> {
    Json(Greeting {
        greeting: greeting(&name),
    })
}

#[derive(Deserialize)]
struct Wish {
    name: String,
    times: u32,
}

#[derive(Serialize)]
struct Greetings {
    greetings: Vec<String>,
}

async fn greet_often(wish: Result<Json<Wish>, JsonRejection>) -> Result<Json<Greetings>, Failure> {
    let Json(wish) = wish?;
    if wish.name.is_empty() {
        return Err(Failure::invalid("name: must not be empty"));
    }
    if !(1..=10).contains(&wish.times) {
        return Err(Failure::invalid("times: must be from 1 to 10"));
    }
    let greetings = (0..wish.times).map(|_| greeting(&wish.name)).collect();
    Ok(Json(Greetings { greetings }))
}

fn greeting(name: &str) -> String {
    format!("Hello, {name}!")
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, path: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{path}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = app().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn greets() {
        let answer = ask("GET", "/greetings/Ada", "").await;
        assert_eq!(
            answer,
            (StatusCode::OK, json!({ "greeting": "Hello, Ada!" }))
        );
        let (status, body) = ask("POST", "/greetings", r#"{"name":"Ada","times":2}"#).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body["greetings"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn refuses_what_is_wrong() {
        for (method, path, body, status) in [
            ("POST", "/greetings", "{", 400),
            ("POST", "/greetings", r#"{"name":"","times":1}"#, 422),
            ("POST", "/greetings", r#"{"name":"Ada","times":11}"#, 422),
            ("POST", "/greetings", r#"{"name":"Ada"}"#, 422),
            ("DELETE", "/greetings", "", 405),
            ("GET", "/nowhere", "", 404),
        ] {
            let (got, answer) = ask(method, path, body).await;
            assert_eq!(got.as_u16(), status, "{method} {path} {body}");
            assert!(answer["error"].is_string(), "{answer}");
        }
    }
}
