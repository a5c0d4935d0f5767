//! Routes: which paths a component answers.

use std::fmt;

/// A checked route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The path without `/...` and without a slash at its end: empty for the root.
    base: String,
    /// Whether everything below the path is meant too.
    prefix: bool,
}

impl Route {
    /// Parses `/path` or `/path/...`.
    ///
    /// # Errors
    /// With a sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Route, &'static str> {
        if !text.starts_with('/') {
            return Err("a route begins with `/`");
        }
        let (base, prefix) = match text.strip_suffix("/...") {
            Some(base) => (base, true),
            None => (text.strip_suffix('/').unwrap_or(text), false),
        };
        if base.contains("...") {
            return Err("`...` stands only at the end of a route, after a `/`");
        }
        if base.contains("//") {
            return Err("a route has no empty segment");
        }
        if base.contains(['?', '#']) {
            return Err("a route is a path, without query or fragment");
        }
        if !base.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
            return Err("a route holds printable ASCII only; percent-encode the rest");
        }
        Ok(Route { base: base.to_owned(), prefix })
    }

    /// `/...`: what no other route answers.
    pub fn everything() -> Route {
        Route { base: String::new(), prefix: true }
    }

    pub fn is_everything(&self) -> bool {
        self.prefix && self.base.is_empty()
    }

    /// Whether some path is answered by both; `/...` gives way to any other.
    pub fn overlaps(&self, other: &Route) -> bool {
        if self.is_everything() || other.is_everything() {
            return self == other;
        }
        self.covers(other) || other.covers(self)
    }

    fn covers(&self, other: &Route) -> bool {
        let below = other.base.strip_prefix(&self.base);
        match below {
            Some("") => true,
            Some(rest) => self.prefix && rest.starts_with('/'),
            None => false,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = match (self.prefix, self.base.is_empty()) {
            (true, _) => "/...",
            (false, true) => "/",
            (false, false) => "",
        };
        write!(f, "{}{end}", self.base)
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
        assert!(overlap("/a", "/a/"));
        assert!(overlap("/a/...", "/a"));
        assert!(overlap("/a/...", "/a/b"));
        assert!(overlap("/a/...", "/a/b/..."));
        assert!(!overlap("/a/...", "/ab/..."));
        assert!(!overlap("/a", "/a/b"));
        assert!(!overlap("/...", "/a/..."));
        assert!(overlap("/...", "/..."));
    }

    #[test]
    fn routes_read_as_they_were_written() {
        for text in ["/", "/...", "/a", "/a/b/..."] {
            assert_eq!(Route::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_route_is_refused() {
        for text in ["", "a", "/a...", "/.../a", "/a//b", "/a?b", "/é"] {
            assert!(Route::parse(text).is_err(), "{text}");
        }
    }
}
