//! Routes: which component answers a path.

use std::fmt;
use std::sync::Arc;

use crate::Error;

/// A path, or a path and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// This path alone. A slash at its end counts.
    Exact(String),
    /// Without the `/...` at its end; empty for `/...` itself.
    Prefix(String),
}

impl Route {
    /// Reads `/path` or `/path/...`.
    ///
    /// # Errors
    /// With a cause that says what is wrong.
    pub fn parse(text: &str) -> Result<Route, Error> {
        let wrong = |cause: &str| {
            Error::new(format!("`{text}` is no route"))
                .cause(cause)
                .hint("Write `/path` for one path, or `/path/...` for it and all below it.")
        };
        if !text.starts_with('/') {
            return Err(wrong("a route begins with `/`"));
        }
        let route = match text.strip_suffix("/...") {
            Some(prefix) => Route::Prefix(prefix.to_owned()),
            None => Route::Exact(text.to_owned()),
        };
        let (Route::Exact(path) | Route::Prefix(path)) = &route;
        if path.contains("...") {
            return Err(wrong("`...` stands only at the end of a route, after a `/`"));
        }
        if path.contains("//") || (path.ends_with('/') && path != text) {
            return Err(wrong("a route has no empty segment"));
        }
        if path.contains(['?', '#']) {
            return Err(wrong("a route is a path, without query or fragment"));
        }
        if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong("a route holds printable ASCII only; percent-encode the rest"));
        }
        Ok(route)
    }

    /// `/...`: what no other route answers.
    pub fn everything() -> Route {
        Route::Prefix(String::new())
    }

    /// Whether some path is answered by both; `/...` gives way to any other.
    pub fn overlaps(&self, other: &Route) -> bool {
        let everything = Route::everything();
        if *self == everything || *other == everything {
            return self == other;
        }
        let (Route::Exact(path) | Route::Prefix(path)) = self;
        let (Route::Exact(other_path) | Route::Prefix(other_path)) = other;
        self.matches(other_path) || other.matches(path)
    }

    fn matches(&self, path: &str) -> bool {
        match self {
            Route::Exact(exact) => path == exact,
            // A whole segment must match: `/go/...` takes `/go` and `/go/x`, not `/gopher`.
            Route::Prefix(prefix) => path
                .strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || prefix.is_empty()),
        }
    }

    /// The longer, the sooner it is tried; an exact path before a prefix.
    fn weight(&self) -> (usize, bool) {
        match self {
            Route::Exact(path) => (path.len(), true),
            Route::Prefix(path) => (path.len(), false),
        }
    }
}

/// As it is written.
impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Route::Exact(path) => formatter.write_str(path),
            Route::Prefix(path) => write!(formatter, "{path}/..."),
        }
    }
}

/// All routes of a server, the most particular first.
pub struct Routes<T> {
    entries: Vec<(Route, Arc<T>)>,
}

impl<T> Routes<T> {
    /// Fails if two routes are the same.
    pub fn new(mut entries: Vec<(Route, Arc<T>)>) -> Result<Routes<T>, Error> {
        entries.sort_by_key(|(route, _)| std::cmp::Reverse(route.weight()));
        for (index, (route, _)) in entries.iter().enumerate() {
            if entries[..index].iter().any(|(earlier, _)| earlier == route) {
                return Err(Error::new(format!("two components have the route `{route}`"))
                    .hint("Give each component a route of its own."));
            }
        }
        Ok(Routes { entries })
    }

    pub fn choose(&self, path: &str) -> Option<&Arc<T>> {
        self.entries.iter().find(|(route, _)| route.matches(path)).map(|(_, target)| target)
    }

    pub fn entries(&self) -> &[(Route, Arc<T>)] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(a: &str, b: &str) -> bool {
        let (a, b) = (Route::parse(a).unwrap(), Route::parse(b).unwrap());
        assert_eq!(a.overlaps(&b), b.overlaps(&a));
        a.overlaps(&b)
    }

    #[test]
    fn routes_overlap_when_a_path_has_two_answers() {
        assert!(overlap("/a", "/a"));
        assert!(overlap("/a/...", "/a"));
        assert!(overlap("/a/...", "/a/"));
        assert!(overlap("/a/...", "/a/b"));
        assert!(overlap("/a/...", "/a/b/..."));
        assert!(!overlap("/a", "/a/"));
        assert!(!overlap("/a/...", "/ab/..."));
        assert!(!overlap("/a", "/a/b"));
        assert!(!overlap("/...", "/a/..."));
        assert!(overlap("/...", "/..."));
    }

    #[test]
    fn routes_read_as_they_were_written() {
        for text in ["/", "/...", "/a", "/a/", "/a/b/...", "/%C3%A9"] {
            assert_eq!(Route::parse(text).unwrap().to_string(), text);
        }
    }

    fn chosen(path: &str) -> Option<String> {
        let routes = ["/...", "/words", "/words/...", "/words/go/..."];
        let entries =
            routes.iter().map(|text| (Route::parse(text).unwrap(), Arc::new((*text).to_owned())));
        Routes::new(entries.collect()).unwrap().choose(path).map(|name| (**name).clone())
    }

    #[test]
    fn the_longest_route_is_chosen() {
        assert_eq!(chosen("/words").as_deref(), Some("/words"));
        assert_eq!(chosen("/words/").as_deref(), Some("/words/..."));
        assert_eq!(chosen("/words/gopher").as_deref(), Some("/words/..."));
        assert_eq!(chosen("/words/go").as_deref(), Some("/words/go/..."));
        assert_eq!(chosen("/words/go/x?y").as_deref(), Some("/words/go/..."));
        assert_eq!(chosen("/wordsmith").as_deref(), Some("/..."));
        assert_eq!(chosen("*").as_deref(), Some("/..."));
    }

    #[test]
    fn what_is_no_route_is_refused() {
        for text in [
            "", "words", "...", "/a...", "/.../a", "/a/.../b", "/a//b", "/a//...", "//...", "/a?b",
            "/a#b", "/a b", "/é", "a/...",
        ] {
            assert!(Route::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn equal_routes_are_refused() {
        let entry = || (Route::parse("/a/...").unwrap(), Arc::new(()));
        assert!(Routes::new(vec![entry(), entry()]).is_err());
    }
}
