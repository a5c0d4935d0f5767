//! What a handler may return.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::{Body, BoxError};

/// Something that is a response, or can be made into one.
///
/// | value | response |
/// |---|---|
/// | `http::Response<B>` | itself, for every `B: http_body::Body` |
/// | `&str`, `String` | 200, `text/plain; charset=utf-8` |
/// | `&[u8]`, `Vec<u8>`, `Bytes` | 200, `application/octet-stream` |
/// | [`Body`] | 200, without a content type |
/// | `StatusCode`, `()` | that status, 200; no body |
/// | `(StatusCode, value)` | the value with that status |
/// | `([(name, value); N], value)` | the value with these fields |
/// | `(StatusCode, [(name, value); N], value)` | both |
pub trait IntoResponse {
    fn into_response(self) -> Response<Body>;
}

/// What a handler returns in the end: a response, or an error for the log. It
/// is implemented for everything that implements [`IntoResponse`], and for
/// `Result`s of it with any error.
pub trait Answer {
    /// # Errors
    /// The error that the handler returned.
    fn answer(self) -> Result<Response<Body>, BoxError>;
}

impl<T: IntoResponse> Answer for T {
    fn answer(self) -> Result<Response<Body>, BoxError> {
        Ok(self.into_response())
    }
}

impl<T: IntoResponse, E: Into<BoxError>> Answer for Result<T, E> {
    fn answer(self) -> Result<Response<Body>, BoxError> {
        match self {
            Ok(value) => Ok(value.into_response()),
            Err(error) => Err(error.into()),
        }
    }
}

impl<B> IntoResponse for Response<B>
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn into_response(self) -> Response<Body> {
        self.map(Body::new)
    }
}

impl IntoResponse for Body {
    fn into_response(self) -> Response<Body> {
        Response::new(self)
    }
}

/// A whole body of the given content type.
fn whole(body: Body, content_type: &'static str) -> Response<Body> {
    let mut response = Response::new(body);
    // It is the first one; what inserts would be linked for this alone.
    response.headers_mut().append(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

macro_rules! whole_responses {
    ($($type:ty => $content_type:expr),* $(,)?) => {$(
        impl IntoResponse for $type {
            fn into_response(self) -> Response<Body> {
                whole(Body::from(self), $content_type)
            }
        }
    )*};
}

whole_responses! {
    &'static str => "text/plain; charset=utf-8",
    String => "text/plain; charset=utf-8",
    &'static [u8] => "application/octet-stream",
    Vec<u8> => "application/octet-stream",
    Bytes => "application/octet-stream",
}

impl IntoResponse for () {
    fn into_response(self) -> Response<Body> {
        Response::new(Body::empty())
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Response<Body> {
        (self, ()).into_response()
    }
}

impl<T: IntoResponse> IntoResponse for (StatusCode, T) {
    fn into_response(self) -> Response<Body> {
        let mut response = self.1.into_response();
        *response.status_mut() = self.0;
        response
    }
}

impl<T: IntoResponse, const N: usize> IntoResponse for ([(HeaderName, HeaderValue); N], T) {
    fn into_response(self) -> Response<Body> {
        let mut response = self.1.into_response();
        for (name, value) in self.0 {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// # Panics
/// If a name or a value is not fit for a header.
impl<T: IntoResponse, const N: usize> IntoResponse for ([(&'static str, &'static str); N], T) {
    fn into_response(self) -> Response<Body> {
        let fields = self
            .0
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        (fields, self.1).into_response()
    }
}

/// The map's fields take the place of those that the value brings.
impl<T: IntoResponse> IntoResponse for (HeaderMap, T) {
    fn into_response(self) -> Response<Body> {
        let mut response = self.1.into_response();
        let mut current = None;
        for (name, value) in self.0 {
            match (name, &current) {
                (Some(name), _) => {
                    response.headers_mut().insert(name.clone(), value);
                    current = Some(name);
                }
                (None, Some(name)) => {
                    response.headers_mut().append(name.clone(), value);
                }
                (None, None) => {}
            }
        }
        response
    }
}

impl<F, T> IntoResponse for (StatusCode, F, T)
where
    (F, T): IntoResponse,
{
    fn into_response(self) -> Response<Body> {
        (self.0, (self.1, self.2)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_responses() {
        let response = (StatusCode::NOT_FOUND, [("x-a", "1")], "gone\n").into_response();
        assert_eq!(response.status(), 404);
        assert_eq!(response.headers()["x-a"], "1");
        assert_eq!(response.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    }

    #[test]
    fn repeated_fields_of_a_map_are_kept() {
        let mut fields = HeaderMap::new();
        fields.append("set-cookie", HeaderValue::from_static("a=1"));
        fields.append("set-cookie", HeaderValue::from_static("b=2"));
        fields.append(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        let response = (fields, "text").into_response();
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(response.headers().get_all(CONTENT_TYPE).iter().count(), 1);
    }

    #[test]
    fn errors_of_any_type_are_answers() {
        fn fails() -> Result<&'static str, std::num::ParseIntError> {
            "x".parse::<u8>().map(|_| "never")
        }
        assert!(fails().answer().is_err());
        let boxed: Result<String, BoxError> = Err("no".into());
        assert_eq!(boxed.answer().expect_err("an error").to_string(), "no");
    }
}
