//! Which component answers a path.

use std::sync::Arc;

use crate::Error;

/// A path, or a path and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Exact(String),
    /// Without the `/...` at its end; empty for `/...` itself.
    Prefix(String),
}

impl Route {
    /// Reads `/path` or `/path/...`.
    pub fn parse(text: &str) -> Result<Route, Error> {
        let route = match text.strip_suffix("/...") {
            Some(prefix) => Route::Prefix(prefix.to_owned()),
            None => Route::Exact(text.to_owned()),
        };
        let (Route::Exact(path) | Route::Prefix(path)) = &route;
        let rooted = path.starts_with('/') || (path.is_empty() && text == "/...");
        if !rooted || path.contains(['?', '#', ' ']) || path.contains("...") {
            return Err(Error::new(format!("the route `{text}` is not a path"))
                .hint("Write `/path` for one path, or `/path/...` for it and all below it."));
        }
        Ok(route)
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
                return Err(Error::new(format!("two components have the route {route:?}")));
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
    fn what_is_no_path_is_refused() {
        for text in ["", "words", "...", "/a/.../b", "/a?b", "/a b", "a/..."] {
            assert!(Route::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn equal_routes_are_refused() {
        let entry = || (Route::parse("/a/...").unwrap(), Arc::new(()));
        assert!(Routes::new(vec![entry(), entry()]).is_err());
    }
}
