//! What stands before a component: lets requests through to its last good build,
//! and answers in its place where there is none, or where a browser should see
//! that the newest build failed.

use std::sync::{Mutex, PoisonError};

use http::header::{ACCEPT, RETRY_AFTER, VARY};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use isospin_host::{Body, Responder};

use super::page;

/// Tells a page of ours from a component's: `building`, or `failed` with a number
/// that is another one after each failure.
const MARK: &str = "isospin-dev";

pub struct Gate {
    component: String,
    dashboard: String,
    condition: Mutex<Condition>,
}

#[derive(Default)]
struct Condition {
    /// Digest of the last good build, if this run has one.
    good: Option<String>,
    /// Why the newest build failed, if it did.
    failure: Option<String>,
    failures: u32,
}

impl Gate {
    pub fn new(component: &str, dashboard: &str) -> Gate {
        Gate {
            component: component.to_owned(),
            dashboard: dashboard.to_owned(),
            condition: Mutex::default(),
        }
    }

    /// Whether a build with this digest is what answers.
    pub fn serves(&self, sha256: &str) -> bool {
        self.condition().good.as_deref() == Some(sha256)
    }

    pub fn has_good(&self) -> bool {
        self.condition().good.is_some()
    }

    /// The newest build is good, and mounted. Gives whether the one before had failed.
    pub fn open(&self, sha256: &str) -> bool {
        let mut condition = self.condition();
        condition.good = Some(sha256.to_owned());
        condition.failure.take().is_some()
    }

    /// The newest build failed, for this reason.
    pub fn fail(&self, reason: &str) {
        let mut condition = self.condition();
        condition.failure = Some(reason.to_owned());
        condition.failures += 1;
    }

    fn condition(&self) -> std::sync::MutexGuard<'_, Condition> {
        self.condition.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, reason: &str, failures: u32, kept: bool, html: bool) -> Response<Body> {
        let consequence = match kept {
            true => {
                "The last good build goes on answering everything but pages opened in a browser."
            }
            false => "There is no good build of it yet.",
        };
        let mark = format!("failed {failures}");
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let title = format!("{}: it was not built", self.component);
        self.page(status, &mark, html, &title, consequence, reason)
    }

    fn building(&self, html: bool) -> Response<Body> {
        let title = format!("{}: it is being built", self.component);
        let next = "It answers as soon as its first build is done.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut response = self.page(status, "building", html, &title, next, "");
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        response
    }

    fn page(
        &self,
        status: StatusCode,
        mark: &str,
        html: bool,
        title: &str,
        consequence: &str,
        reason: &str,
    ) -> Response<Body> {
        let mut response = if html {
            let texts = [
                ("mark", mark),
                ("title", title),
                ("consequence", consequence),
                ("reason", reason),
                ("dashboard", &self.dashboard),
            ];
            let text = page::fill(include_str!("failure.html"), &texts);
            page::answer(status, page::HTML, text)
        } else {
            let texts = [title, reason.trim_end(), consequence, &self.dashboard];
            let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
            page::answer(status, page::TEXT, format!("{}\n", texts.join("\n\n")))
        };
        let headers = response.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("accept"));
        if let Ok(mark) = HeaderValue::from_str(mark) {
            headers.insert(MARK, mark);
        }
        response
    }
}

impl Responder for Gate {
    fn respond(&self, request: &Parts) -> Option<Response<Body>> {
        let html = wants_html(request);
        let condition = self.condition();
        let kept = condition.good.is_some();
        match &condition.failure {
            None if kept => None,
            None => Some(self.building(html)),
            Some(_) if kept && !(html && reads(&request.method)) => None,
            Some(reason) => Some(self.failed(reason, condition.failures, kept, html)),
        }
    }
}

fn reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

/// Whether a person reads the answer in a browser: only those ask for HTML by
/// name; curl and programs take anything.
fn wants_html(request: &Parts) -> bool {
    let accepted = request.headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| {
        let mut parts = kind.split(';').map(str::trim);
        parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"))
            && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
