//! The page that shows the [`Board`], on an address of its own.
//!
//! It shows sources, paths and logs: so it answers nobody but itself. A page
//! from elsewhere can neither read it (no CORS) nor frame it, and a name that
//! someone has pointed at this machine (DNS rebinding) is refused.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ALLOW, ORIGIN};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use http_body::Frame;
use http_body_util::BodyExt;
use isospin_host::{Body, Component, Configuration, Limits, Responder, Server, Source};
use tokio::sync::mpsc::Receiver;

use super::board::Board;
use super::page;

const PAGE: &str = include_str!("dashboard.html");

/// Serves the page at `listen`.
///
/// # Errors
/// If that cannot be listened on.
pub fn start(listen: SocketAddr, board: Arc<Board>) -> Result<Server, isospin_host::Error> {
    let dashboard = Dashboard { board };
    let component = Component {
        responder: Some(Arc::new(dashboard)),
        ..Component::alone("dashboard", Source::Nowhere)
    };
    let limits = Limits { connections: 64, ..Limits::default() };
    let configuration =
        Configuration { listen, limits, threads: Some(1), ..Configuration::default() };
    Server::start(configuration, &[component])
}

struct Dashboard {
    board: Arc<Board>,
}

impl Responder for Dashboard {
    fn respond(&self, request: &Parts) -> Option<Response<Body>> {
        Some(self.answer(request))
    }
}

impl Dashboard {
    fn answer(&self, request: &Parts) -> Response<Body> {
        let told = |status, text: &'static str| page::answer(status, page::TEXT, text);
        if !is_own(request) {
            let text = "Open this page by its address: http://127.0.0.1 or http://localhost.\n";
            return told(StatusCode::FORBIDDEN, text);
        }
        if request.method != Method::GET && request.method != Method::HEAD {
            let mut response = told(StatusCode::METHOD_NOT_ALLOWED, "This page is only read.\n");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        match request.uri.path() {
            "/" => page::answer(StatusCode::OK, page::HTML, self.page()),
            "/state.json" => {
                page::answer(StatusCode::OK, "application/json", self.board.state() + "\n")
            }
            "/events" => {
                let events = Events(self.board.listen()).boxed_unsync();
                page::with_body(StatusCode::OK, "text/event-stream", events)
            }
            _ => told(StatusCode::NOT_FOUND, "There are: /, /state.json and /events.\n"),
        }
    }
}

impl Dashboard {
    /// The page with all that is known in it, so that it is whole at once.
    fn page(&self) -> String {
        // In JSON `<` stands in strings alone: escaped, it cannot end the script.
        PAGE.replacen("{{state}}", &self.board.state().replace('<', "\\u003c"), 1)
    }
}

/// Whether the dashboard was asked for by a name that cannot be another's, and
/// not by a page from elsewhere.
fn is_own(request: &Parts) -> bool {
    let Some(authority) = request.uri.authority() else { return false };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let own_name = host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok();
    let origin = request.headers.get(ORIGIN);
    let own_page = origin.is_none_or(|origin| {
        origin.as_bytes().eq_ignore_ascii_case(format!("http://{authority}").as_bytes())
    });
    let elsewhere = |site: &HeaderValue| site == "cross-site" || site == "same-site";
    // A link to the page may stand anywhere; its data is the page's alone.
    let navigates = request.uri.path() == "/";
    own_name
        && own_page
        && (navigates || !request.headers.get("sec-fetch-site").is_some_and(elsewhere))
}

/// Events as they come.
struct Events(Receiver<Bytes>);

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(host: &str, fields: &[(&str, &str)]) -> bool {
        let mut request = http::Request::get(format!("http://{host}/state.json"));
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        is_own(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn only_its_own_page_reads_the_dashboard() {
        for host in ["127.0.0.1:8081", "localhost:8081", "[::1]:8081", "LOCALHOST"] {
            assert!(own(host, &[]), "{host}");
        }
        for host in ["evil.example:8081", "localhost.evil.example", "127.0.0.1.nip.example"] {
            assert!(!own(host, &[]), "{host}");
        }
        let here = "127.0.0.1:8081";
        assert!(own(
            here,
            &[("origin", "http://127.0.0.1:8081"), ("sec-fetch-site", "same-origin")]
        ));
        assert!(!own(here, &[("origin", "http://evil.example")]));
        assert!(!own(here, &[("origin", "http://127.0.0.1:8080")]));
        assert!(!own(here, &[("origin", "null")]));
        assert!(!own(here, &[("sec-fetch-site", "cross-site")]));
        assert!(!own(here, &[("sec-fetch-site", "same-site")]));
    }
}
