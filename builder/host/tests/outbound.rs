//! Requests that guests send: only where they may, and told apart when they fail.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod support;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use isospin_host::{Component, Server, Source};
use socket2::{Domain, Socket, Type};
use support::{guest_with, host_of};

const IMPORTS: &str = r#"
    (import "wasi:http/types@0.2.12" "[constructor]outgoing-request"
      (func $outgoing-request (param i32) (result i32)))
    (import "wasi:http/types@0.2.12" "[method]outgoing-request.set-scheme"
      (func $set-scheme (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasi:http/types@0.2.12" "[method]outgoing-request.set-authority"
      (func $set-authority (param i32 i32 i32 i32) (result i32)))
    (import "wasi:http/types@0.2.12" "[method]outgoing-request.set-path-with-query"
      (func $set-path (param i32 i32 i32 i32) (result i32)))
    (import "wasi:http/outgoing-handler@0.2.12" "handle" (func $send (param i32 i32 i32 i32)))
    (import "wasi:http/types@0.2.12" "[method]future-incoming-response.subscribe"
      (func $subscribe (param i32) (result i32)))
    (import "wasi:http/types@0.2.12" "[method]future-incoming-response.get"
      (func $get (param i32 i32)))"#;

/// Calls the authority that its path names, with HTTPS if an `s` comes first
/// (`/p127.0.0.1:80`, `/s127.0.0.1:80`). The status of its answer is 299, or
/// 200 and the number of the error code.
const CALL: &str = r#"
    (local $at i32) (local $length i32) (local $asked i32) (local $future i32)
    (local $status i32)
    (call $request-path (local.get $request) (i32.const 0))
    (local.set $at (i32.load (i32.const 4)))
    (local.set $length (i32.load (i32.const 8)))
    (local.set $asked (call $outgoing-request (call $fields)))
    (drop (call $set-scheme (local.get $asked) (i32.const 1)
      (i32.eq (i32.load8_u offset=1 (local.get $at)) (i32.const 115)) (i32.const 0) (i32.const 0)))
    (drop (call $set-authority (local.get $asked) (i32.const 1)
      (i32.add (local.get $at) (i32.const 2)) (i32.sub (local.get $length) (i32.const 2))))
    (drop (call $set-path (local.get $asked) (i32.const 1) (local.get $at) (i32.const 1)))
    (call $send (local.get $asked) (i32.const 0) (i32.const 0) (i32.const 0))
    (if (i32.load8_u (i32.const 0))
      (then (local.set $status (i32.add (i32.const 200) (i32.load8_u (i32.const 8)))))
      (else
        (local.set $future (i32.load (i32.const 8)))
        (call $block (call $subscribe (local.get $future)))
        (call $get (local.get $future) (i32.const 0))
        (if (i32.load8_u (i32.const 16))
          (then (local.set $status (i32.add (i32.const 200) (i32.load8_u (i32.const 24)))))
          (else (local.set $status (i32.const 299))))))
    (call $begin (local.get $out) (local.get $status))
    (call $finish)"#;

const SUCCESS: u16 = 299;
const DNS_ERROR: u16 = 201;
const CONNECTION_REFUSED: u16 = 206;
const CONNECTION_TERMINATED: u16 = 207;
const TLS_PROTOCOL_ERROR: u16 = 212;
const REQUEST_DENIED: u16 = 215;
const RESPONSE_INCOMPLETE: u16 = 225;
const PROTOCOL_ERROR: u16 = 235;

/// The guest's status for `path`, with these grants.
fn call(grants: &[&str], path: &str) -> u16 {
    let component = Component {
        outbound: grants.iter().map(|grant| (*grant).to_owned()).collect(),
        ..Component::alone("subject", Source::Bytes(guest_with(IMPORTS, CALL)))
    };
    host_of(&[component], |_| {}).get(path).status
}

/// Answers one connection with these bytes, and closes it.
fn peer(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(answer);
    });
    address
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

#[test]
fn granted_addresses_are_called() {
    let peer = peer(OK);
    assert_eq!(call(&["http://127.0.0.1:*"], &format!("/p{peer}")), SUCCESS);
}

#[test]
fn nothing_else_is_called() {
    let peer = peer(OK);
    let path = format!("/p{peer}");
    for grants in [&[][..], &["https://127.0.0.1:*"], &["http://127.0.0.1", "http://*.localhost:*"]]
    {
        assert_eq!(call(grants, &path), REQUEST_DENIED, "{grants:?}");
    }
    assert_eq!(call(&["*"], &path), SUCCESS, "the peer was not asked before");
}

#[test]
fn the_log_names_what_was_denied() {
    let component = Component::alone("subject", Source::Bytes(guest_with(IMPORTS, CALL)));
    let host = host_of(&[component], |_| {});
    assert_eq!(host.get("/sname:secret@example.com:81").status, REQUEST_DENIED);
    host.lines.expect(
        "subject Host a request to https://example.com:81 was denied: `outbound` does not list it",
    );
}

#[test]
fn failures_have_their_error_codes() {
    // Bound, so that no other program takes the port, and not listening.
    let reserved = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    reserved.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    let closed = reserved.local_addr().unwrap().as_socket().unwrap();
    assert_eq!(call(&["*"], &format!("/p{closed}")), CONNECTION_REFUSED);
    assert_eq!(call(&["*"], "/pno-such-host.invalid:80"), DNS_ERROR);
    assert_eq!(call(&["*"], &format!("/p{}", peer(b"SSH-2.0-server\r\n"))), PROTOCOL_ERROR);
    assert_eq!(call(&["*"], &format!("/s{}", peer(OK))), TLS_PROTOCOL_ERROR);
    let cut = call(&["*"], &format!("/p{}", peer(b"HTTP/1.1 200 OK\r\n")));
    assert!(matches!(cut, RESPONSE_INCOMPLETE | CONNECTION_TERMINATED), "{cut}");
}

#[test]
fn a_grant_that_cannot_be_read_is_refused_at_start() {
    let component = Component {
        outbound: vec!["example.com".to_owned()],
        ..Component::alone("subject", Source::Bytes(guest_with(IMPORTS, CALL)))
    };
    let error = Server::start(support::logging(&Default::default()), &[component]).err().unwrap();
    assert!(error.message.contains("subject: ") && error.message.contains("`example.com`"));
}
