//! Which addresses a component may call.

use http::Uri;

use crate::Error;
use crate::error::Kind;

/// One address, or a set of them:
/// `https://example.com`, `http://127.0.0.1:*`, `http://*.example.com:8080`, or
/// `*` for every address.
///
/// Without a port it means the scheme's own port; `*` as the port means any.
/// `*.` at the front of a host stands for one or more labels, not for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    Everything,
    Address { scheme: Scheme, host: Host, port: Port },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    Any,
    Exact(String),
    /// `.example.com`: every name that ends so.
    Below(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    Any,
    Exact(u16),
}

impl Scheme {
    fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }

    fn of(uri: &Uri) -> Option<Scheme> {
        match uri.scheme_str() {
            Some("http") => Some(Scheme::Http),
            Some("https") => Some(Scheme::Https),
            _ => None,
        }
    }
}

impl Grant {
    /// Reads a grant as the manifest spells it.
    pub fn parse(text: &str) -> Result<Grant, Error> {
        let wrong = |cause: &str| {
            Error::new(format!("the outbound address `{text}` cannot be read"))
                .kind(Kind::Grant)
                .cause(cause)
                .hint("Write `https://example.com`, `http://127.0.0.1:*`, `http://*.example.com:8080` or `*`.")
        };
        if text == "*" {
            return Ok(Grant::Everything);
        }
        let (scheme, rest) = match text.split_once("://") {
            Some(("http", rest)) => (Scheme::Http, rest),
            Some(("https", rest)) => (Scheme::Https, rest),
            Some(_) => return Err(wrong("only http and https can be called")),
            None => return Err(wrong("it has no scheme")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = split_port(rest);
        let port = match port {
            None => Port::Exact(scheme.default_port()),
            Some("*") => Port::Any,
            Some(digits) => Port::Exact(
                digits.parse().map_err(|_| wrong("its port is neither a number nor `*`"))?,
            ),
        };
        let host = match host {
            "" => return Err(wrong("it has no host")),
            "*" => Host::Any,
            host if host.contains(['/', '?', '#', '@', ' ']) => {
                return Err(wrong("after the scheme there must be a host, and a port at most"));
            }
            host => match host.strip_prefix('*') {
                Some(below) if below.starts_with('.') && !below.contains('*') => {
                    Host::Below(below.to_ascii_lowercase())
                }
                None if !host.contains('*') => Host::Exact(host.to_ascii_lowercase()),
                _ => return Err(wrong("`*` stands for whole labels at the front of the host")),
            },
        };
        Ok(Grant::Address { scheme, host, port })
    }

    fn covers(&self, uri: &Uri) -> bool {
        let Grant::Address { scheme, host, port } = self else { return true };
        let (Some(asked_scheme), Some(asked_host)) = (Scheme::of(uri), uri.host()) else {
            return false;
        };
        let asked_host = asked_host.to_ascii_lowercase();
        let asked_port = uri.port_u16().unwrap_or(asked_scheme.default_port());
        let host_fits = match host {
            Host::Any => true,
            Host::Exact(exact) => asked_host == *exact,
            Host::Below(suffix) => {
                asked_host.len() > suffix.len() && asked_host.ends_with(suffix.as_str())
            }
        };
        let port_fits = match port {
            Port::Any => true,
            Port::Exact(exact) => asked_port == *exact,
        };
        asked_scheme == *scheme && host_fits && port_fits
    }
}

/// A port follows the last colon that is not inside an IPv6 address.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// Whether one of `grants` covers `uri`. User names in the authority are never
/// granted: they make an address look like another one.
pub(crate) fn granted(grants: &[Grant], uri: &Uri) -> bool {
    let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    plain && grants.iter().any(|grant| grant.covers(uri))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(grant: &str, uri: &str) -> bool {
        granted(&[Grant::parse(grant).unwrap()], &uri.parse().unwrap())
    }

    #[test]
    fn ports_are_the_schemes_own_unless_given() {
        assert!(allows("https://example.com", "https://example.com/a?b"));
        assert!(allows("https://example.com", "https://EXAMPLE.com:443/"));
        assert!(!allows("https://example.com", "https://example.com:8443/"));
        assert!(!allows("https://example.com", "http://example.com/"));
        assert!(allows("http://127.0.0.1:*", "http://127.0.0.1:54321/x"));
        assert!(!allows("http://127.0.0.1:*", "http://127.0.0.2:54321/x"));
        assert!(allows("http://[::1]:8080", "http://[::1]:8080/"));
        assert!(!allows("http://[::1]", "http://[::1]:8080/"));
    }

    #[test]
    fn a_star_stands_for_labels_in_front() {
        assert!(allows("http://*.example.com:8080", "http://a.b.example.com:8080/"));
        assert!(!allows("http://*.example.com:8080", "http://example.com:8080/"));
        assert!(!allows("http://*.example.com:8080", "http://badexample.com:8080/"));
        assert!(allows("http://*:*", "http://anything:1/"));
        assert!(allows("*", "https://anything:1/"));
    }

    #[test]
    fn user_names_are_never_granted() {
        assert!(!allows("*", "http://example.com@evil.example/"));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "example.com",
            "ftp://example.com",
            "http://",
            "http://a:b",
            "http://a:70000",
            "http://a*b",
            "http://*x.com",
            "http://a.*.com",
            "http://a/path",
            "http://user@host",
        ] {
            assert!(Grant::parse(text).is_err(), "{text}");
        }
    }
}
