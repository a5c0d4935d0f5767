//! Ports of loopback that nobody else takes meanwhile: many tests and hosts run at once.

use std::io::{Error, ErrorKind, Result};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

use socket2::{Domain, Socket, Type};

/// Below the ports that systems give to whoever asks for any (Linux from 32768, IANA's
/// dynamic ones from 49152), and above those that well-known servers have.
const NEVER_GIVEN: Range<u16> = 20_000..32_000;

/// How many ports are tried.
const TRIES: u32 = 100;

/// Binds a socket that does not listen: connections to its address are refused, and
/// nobody else is given it, as long as the socket is kept.
///
/// # Errors
/// If there is no port.
pub fn reserve() -> Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let address = socket.local_addr()?;
    let address = address.as_socket().ok_or_else(|| Error::from(ErrorKind::AddrNotAvailable))?;
    Ok((socket, address))
}

/// A free port for a server that another program starts, which must be told where to
/// listen. Nothing holds it until then; it is one that no system gives away unasked, and
/// another one with each call.
///
/// # Errors
/// If none was found.
pub fn for_another() -> Result<u16> {
    // From anywhere, since other processes do the same.
    static NEXT: LazyLock<AtomicU16> = LazyLock::new(|| AtomicU16::new(fastrand::u16(..)));
    for _ in 0..TRIES {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = NEVER_GIVEN.start + next % (NEVER_GIVEN.end - NEVER_GIVEN.start);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err(Error::new(ErrorKind::AddrInUse, "no free port was found"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_reserved_port_refuses_and_is_nobody_elses() {
        let (socket, address) = reserve().unwrap();
        let refused = TcpStream::connect(address).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        assert_eq!(TcpListener::bind(address).unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(socket);
        TcpListener::bind(address).unwrap();
    }

    #[test]
    fn a_port_for_another_can_be_listened_on() {
        let port = for_another().unwrap();
        assert!(NEVER_GIVEN.contains(&port));
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    }
}
