//! Addresses to listen on, as people write them.

use std::net::{Ipv4Addr, SocketAddr};

/// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `8080`; a port alone is one
/// of the loopback address, so that nobody is let in by what was left out.
///
/// # Errors
/// If the text is none of these: what would be.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix("localhost:").unwrap_or(text);
    let local = port.parse().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    local.or_else(|_| text.parse()).map_err(|_| {
        "write an address and a port, such as 127.0.0.1:8080, localhost:8080 or 8080".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for text in ["127.0.0.1:8080", "localhost:8080", "8080"] {
            assert_eq!(
                address(text).map(|found| found.to_string()).as_deref(),
                Ok("127.0.0.1:8080")
            );
        }
        assert_eq!(address("[::1]:0").map(|found| found.to_string()).as_deref(), Ok("[::1]:0"));
        for wrong in ["", "localhost", ":8080", "127.0.0.1", "127.0.0.1:80000", "+8080 ", "a:1"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
