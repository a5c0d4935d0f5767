//! Requests of every kind that `GUEST.md` speaks of. Each shrinks to the
//! simplest of its kind: fewer fields, shorter texts, the first of the choices.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::save::data;
use crate::case::{Field, Framing, Request};

/// A kind of requests, and what is said of all of them.
#[derive(Debug)]
pub struct Kind {
    /// In one word.
    pub name: &'static str,
    /// What guests must agree on, as the rule of a case.
    pub rule: &'static str,
    /// Requests of this kind.
    pub requests: fn() -> BoxedStrategy<Request>,
}

/// All kinds.
pub static KINDS: &[Kind] = &[
    Kind {
        name: "targets",
        rule: "The path and the query are seen as they were sent.",
        requests: targets,
    },
    Kind { name: "methods", rule: "The method is seen as it was sent.", requests: methods },
    Kind {
        name: "request-fields",
        rule: "The fields of a request are seen as they were sent, repeats in their order.",
        requests: request_fields,
    },
    Kind {
        name: "response-fields",
        rule: "The fields of a response are sent as the handler wrote them, repeats in their order.",
        requests: response_fields,
    },
    Kind {
        name: "statuses",
        rule: "A status that the handler chooses is sent, with the body that goes with it.",
        requests: statuses,
    },
    Kind {
        name: "uploads",
        rule: "A body is received as it was sent, whatever its framing.",
        requests: uploads,
    },
    Kind {
        name: "echoes",
        rule: "A body, its type and its trailers come back as they were sent.",
        requests: echoes,
    },
    Kind {
        name: "downloads",
        rule: "A body is sent as the handler wrote it, whole or in parts, and not at all to HEAD.",
        requests: downloads,
    },
    Kind {
        name: "routes",
        rule: "A route is chosen by the first segment of the path, before any decoding.",
        requests: routes,
    },
];

/// What `host` says: the same for every guest, wherever it listens.
const HOST: &str = "guest.example";

/// A request with a `host` before its fields.
fn request(target: &[u8], fields: Vec<(String, Vec<u8>)>) -> Request {
    let fields = fields.into_iter().map(|(name, value)| (name, data(&value)));
    let host: Field = ("host".to_owned(), HOST.into());
    Request {
        target: data(target),
        headers: std::iter::once(host).chain(fields).collect(),
        ..Request::default()
    }
}

/// Letters that stand for themselves, with those that are easily mistaken more often than others.
fn letters(special: &'static str) -> impl Strategy<Value = char> {
    let special: Vec<char> = special.chars().collect();
    prop_oneof![
        Just('a'),
        select(special),
        proptest::char::range('0', '9'),
        proptest::char::range('A', 'Z')
    ]
}

/// A part of a path or a query: single letters and bytes that are percent-encoded.
fn encoded(special: &'static str, most: usize) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => letters(special).prop_map(String::from),
        1 => any::<u8>().prop_map(|byte| format!("%{byte:02X}")),
        1 => any::<u8>().prop_map(|byte| format!("%{byte:02x}")),
    ];
    vec(part, 0..most).prop_map(|parts| parts.concat())
}

fn targets() -> BoxedStrategy<Request> {
    let query = proptest::option::of(encoded("-._~!$&'()*+,;=:@/?%", 12));
    (vec(encoded("-._~!$&'()*+,;=:@", 6), 0..4), query)
        .prop_map(|(segments, query)| {
            let mut target = "/reflect".to_owned();
            segments.iter().for_each(|segment| target.push_str(&format!("/{segment}")));
            if let Some(query) = query {
                target.push_str(&format!("?{query}"));
            }
            request(target.as_bytes(), Vec::new())
        })
        .boxed()
}

/// A name as RFC 9110 section 5.6.2 allows it.
fn token(most: usize) -> impl Strategy<Value = String> {
    vec(letters("!#$%&'*+-.^_`|~"), 1..most).prop_map(|letters| letters.into_iter().collect())
}

fn methods() -> BoxedStrategy<Request> {
    let known = vec!["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "QUERY"];
    // A host answers CONNECT itself, HEAD has no body to compare, and TRACE is for proxies.
    let reserved = |method: &String| !["CONNECT", "HEAD", "TRACE"].contains(&method.as_str());
    prop_oneof![
        select(known).prop_map(str::to_owned),
        token(10).prop_filter("a method of its own", reserved)
    ]
    .prop_map(|method| Request { method, ..request(b"/reflect", Vec::new()) })
    .boxed()
}

/// A value: any bytes that may stand in one, with no blanks around them.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => 0x21_u8..0x7f,
        1 => Just(b' '),
        1 => Just(b'\t'),
        1 => 0x80_u8..=0xff,
    ];
    prop_oneof![
        3 => vec(byte, 0..12).prop_map(|bytes| bytes.trim_ascii().to_vec()),
        1 => "\\PC{0,6}".prop_map(|text| text.trim_ascii().as_bytes().to_vec()),
    ]
}

/// Fields, some of them with the same names.
fn field_list(known: &'static [&'static str]) -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop_oneof![
        select(vec!["x-a", "X-A", "x-b"]).prop_map(str::to_owned),
        token(8).prop_map(|token| format!("x-{token}")),
        select(known).prop_map(str::to_owned),
    ];
    vec((name, value()), 0..6)
}

fn request_fields() -> BoxedStrategy<Request> {
    let known =
        &["accept", "Cookie", "cookie", "user-agent", "authorization", "accept-encoding", "range"];
    field_list(known).prop_map(|fields| request(b"/reflect", fields)).boxed()
}

fn response_fields() -> BoxedStrategy<Request> {
    let known =
        &["set-cookie", "Set-Cookie", "cache-control", "content-language", "vary", "etag", "link"];
    field_list(known)
        .prop_map(|fields| {
            let escape = |bytes: &[u8]| -> String {
                bytes
                    .iter()
                    .map(|byte| match byte {
                        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'+' => {
                            char::from(*byte).to_string()
                        }
                        _ => format!("%{byte:02X}"),
                    })
                    .collect()
            };
            let pairs: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}={}", escape(name.as_bytes()), escape(value)))
                .collect();
            request(format!("/headers?{}", pairs.join("&")).as_bytes(), Vec::new())
        })
        .boxed()
}

fn statuses() -> BoxedStrategy<Request> {
    let method = select(vec!["GET", "HEAD", "POST", "PUT", "DELETE"]);
    (200_u16..600, method)
        .prop_map(|(status, method)| Request {
            method: method.to_owned(),
            ..request(format!("/status/{status}").as_bytes(), Vec::new())
        })
        .boxed()
}

/// A body with its framing.
fn body() -> impl Strategy<Value = (Vec<u8>, Framing, usize)> {
    let bytes = prop_oneof![
        4 => vec(any::<u8>(), 0..40),
        1 => (0_usize..12_000).prop_map(crate::data::pattern),
    ];
    (bytes, select(vec![Framing::Length, Framing::Chunked]), 1_usize..5000)
}

fn with_body(request: Request, (bytes, framing, chunk): (Vec<u8>, Framing, usize)) -> Request {
    // Small chunks of large bodies would only take time.
    let chunk = chunk.max(bytes.len() / 50);
    let chunk = if framing == Framing::Chunked { chunk } else { Request::default().chunk };
    Request { body: Some(data(&bytes)), framing: Some(framing), chunk, ..request }
}

fn uploads() -> BoxedStrategy<Request> {
    (select(vec!["POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS", "BREW"]), body())
        .prop_map(|(method, (bytes, framing, chunk))| {
            // Hosts do not show that a body is chunked, and in JavaScript a GET has only a body that is announced.
            let framing = if method == "GET" { Framing::Length } else { framing };
            let request = Request { method: method.to_owned(), ..request(b"/collect", Vec::new()) };
            with_body(request, (bytes, framing, chunk))
        })
        .boxed()
}

fn echoes() -> BoxedStrategy<Request> {
    let kind = select(vec!["text/plain", "application/json; charset=\"x\"", "image/png", "a/b"]);
    let trailers = proptest::option::of((token(6), value()));
    (select(vec!["/echo", "/duplex"]), proptest::option::of(kind), body(), trailers)
        .prop_map(|(target, kind, (bytes, framing, chunk), trailer)| {
            let mut fields = Vec::new();
            if let Some(kind) = kind {
                fields.push(("content-type".to_owned(), kind.as_bytes().to_vec()));
            }
            let trailers: Vec<(String, Vec<u8>)> =
                trailer.into_iter().map(|(name, value)| (format!("x-{name}"), value)).collect();
            let framing = if trailers.is_empty() { framing } else { Framing::Chunked };
            for (name, _) in &trailers {
                fields.push(("te".to_owned(), b"trailers".to_vec()));
                fields.push(("trailer".to_owned(), name.clone().into_bytes()));
            }
            let request = Request {
                method: "POST".to_owned(),
                trailers: trailers
                    .iter()
                    .map(|(name, value)| (name.clone(), data(value)))
                    .collect(),
                ..request(target.as_bytes(), fields)
            };
            with_body(request, (bytes, framing, chunk))
        })
        .boxed()
}

fn downloads() -> BoxedStrategy<Request> {
    let size = prop_oneof![0_usize..300, 0_usize..200_000];
    (select(vec!["bytes", "stream"]), size, select(vec!["GET", "HEAD", "POST"]))
        .prop_map(|(route, size, method)| Request {
            method: method.to_owned(),
            ..request(format!("/{route}/{size}").as_bytes(), Vec::new())
        })
        .boxed()
}

fn routes() -> BoxedStrategy<Request> {
    let first = prop_oneof![
        encoded("-._~!$&'()*+,;=:@", 4),
        select(vec!["early", "error", "Early", "early;a", "%65arly", "early%2F", "trailers"])
            .prop_map(str::to_owned),
    ];
    let method = select(vec!["GET", "POST", "HEAD"]);
    (first, proptest::option::of(encoded("-._~/", 4)), method)
        .prop_map(|(first, rest, method)| {
            let rest = rest.map(|rest| format!("/{rest}")).unwrap_or_default();
            Request {
                method: method.to_owned(),
                ..request(format!("/{first}{rest}").as_bytes(), Vec::new())
            }
        })
        .boxed()
}
