//! Whole requests over HTTP/1.1, as simple as can be.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A response as it was received, chunks put together.
pub struct Answer {
    pub status: u16,
    /// The head, as text.
    pub head: String,
    pub body: Vec<u8>,
}

pub fn get(address: SocketAddr, target: &str) -> Answer {
    send(address, "GET", target, b"")
}

pub fn post(address: SocketAddr, target: &str, body: &[u8]) -> Answer {
    send(address, "POST", target, body)
}

/// Sends a request and reads until the server closes the connection.
pub fn send(address: SocketAddr, method: &str, target: &str, body: &[u8]) -> Answer {
    send_with(address, method, target, "", body)
}

/// The same with more header lines, each of which ends in `\r\n`.
pub fn send_with(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &str,
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    let mut received = Vec::new();
    std::thread::scope(|scope| {
        let mut writer = stream.try_clone().unwrap();
        scope.spawn(move || {
            writer.write_all(head.as_bytes()).unwrap();
            // A server may answer before it has read everything: not a failure.
            let _ = writer.write_all(body);
        });
        stream.read_to_end(&mut received).unwrap();
    });
    parse(&received)
}

fn parse(received: &[u8]) -> Answer {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&received[..end]).to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let rest = &received[end + 4..];
    let body = match head.contains("transfer-encoding: chunked") {
        true => chunks(rest),
        false => rest.to_vec(),
    };
    Answer { status, head, body }
}

fn chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
}
