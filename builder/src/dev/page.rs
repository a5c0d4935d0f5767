//! Pages made of a file and a few texts.

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use isospin_host::{Body, whole};

/// A page may run what stands in it and ask where it came from, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Pages from elsewhere may not include it either.
const NO_OTHER_ORIGIN: &str = "cross-origin-resource-policy";

pub const HTML: &str = "text/html; charset=utf-8";
pub const TEXT: &str = "text/plain; charset=utf-8";

/// An answer that nobody keeps.
pub fn answer(
    status: StatusCode,
    kind: &'static str,
    body: impl Into<bytes::Bytes>,
) -> Response<Body> {
    with_body(status, kind, whole(body))
}

pub fn with_body(status: StatusCode, kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, POLICY),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(NO_OTHER_ORIGIN, HeaderValue::from_static("same-origin"));
    response
}

/// The page with each `{{name}}` in it replaced by its text, escaped.
pub fn fill(page: &str, texts: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let text = texts.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text);
        escape(text, &mut filled);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn escape(text: &str, page: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            letter => page.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_become_markup_or_other_texts() {
        let texts = [("a", "<b>&\"'{{b}}"), ("b", "2")];
        assert_eq!(
            fill("<i>{{a}}</i>{{b}}{{c}}.", &texts),
            "<i>&lt;b&gt;&amp;&quot;&#39;{{b}}</i>2."
        );
    }
}
