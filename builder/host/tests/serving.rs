//! What clients see: routes, framing, streams, protocols; and what happens to
//! guests whose clients leave or whose code is replaced.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod support;

use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use isospin_host::{Component, Route, Server, Source};
use support::{Client, HELLO, guest, guest_with, host, host_of};

/// Sends back each piece of the body as it comes.
const ECHO: &str = r#"
    (local $input i32)
    (call $begin (local.get $out) (i32.const 200))
    (local.set $input (call $open (local.get $request)))
    (loop $more
      (if (call $next (local.get $input))
        (then
          (drop (call $write (i32.load (i32.const 8)) (i32.load (i32.const 12))))
          (br $more))))
    (call $finish)"#;

/// Answers how many requests this instance has had, this one included.
const COUNT: &str = r#"
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $begin (local.get $out) (i32.const 200))
    (i32.store8 (i32.const 1024) (i32.add (i32.const 48) (global.get $count)))
    (drop (call $write (i32.const 1024) (i32.const 1)))
    (call $finish)"#;

/// Answers the one byte.
fn letter(byte: char) -> Vec<u8> {
    guest(&format!(
        "(call $begin (local.get $out) (i32.const 200))
         (i32.store8 (i32.const 1024) (i32.const {}))
         (drop (call $write (i32.const 1024) (i32.const 1)))
         (call $finish)",
        u32::from(byte)
    ))
}

fn at(name: &str, route: &str, bytes: Vec<u8>) -> Component {
    let component = Component::alone(name, Source::Bytes(bytes));
    Component { route: Route::parse(route).unwrap(), ..component }
}

#[test]
fn routes_lead_to_their_components() {
    let components =
        [at("a", "/a/...", letter('a')), at("b", "/a/b", letter('b')), at("c", "/c", letter('c'))];
    let host = host_of(&components, |_| {});
    for (path, body) in [("/a", "a"), ("/a/x?y", "a"), ("/a/b", "b"), ("/a/b/c", "a"), ("/c", "c")]
    {
        assert_eq!(host.get(path).text(), body, "{path}");
    }
    for path in ["/", "/c/", "/ab", "/A"] {
        let response = host.get(path);
        assert_eq!((response.status, response.body.len()), (404, 0), "{path}");
    }
}

#[test]
fn the_guest_sees_the_whole_path() {
    let handler = "(call $begin (local.get $out) (i32.const 200))
        (call $request-path (local.get $request) (i32.const 0))
        (drop (call $write (i32.load (i32.const 4)) (i32.load (i32.const 8))))
        (call $finish)";
    let host = host_of(&[at("subject", "/x/...", guest(handler))], |_| {});
    for path in ["/x", "/x/a%2Fb?c=%20&d", "/x//y/../z", "/x?"] {
        assert_eq!(host.get(path).text(), path);
    }
}

#[test]
fn a_connection_serves_many_requests() {
    let host = host(guest(HELLO), |_| {});
    let mut client = host.connect();
    for _ in 0..3 {
        assert_eq!(client.request("GET", "/", &[], b"").text(), "hello\n");
        let head = client.request("HEAD", "/", &[], b"");
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(client.request("BREW", "/", &[], b"").status, 200);
    }
}

#[test]
fn statuses_without_a_body_have_none() {
    for status in [204, 304] {
        let handler = format!(
            "(call $begin (local.get $out) (i32.const {status}))
             (drop (call $write (i32.const 1024) (i32.const 6)))
             (call $finish)"
        );
        let host = host(guest(&handler), |_| {});
        let mut client = host.connect();
        for _ in 0..2 {
            let response = client.request("GET", "/", &[], b"");
            assert_eq!(response.status, status);
            assert!(!response.head.contains("transfer-encoding"), "{}", response.head);
        }
        assert!(host.lines.all().is_empty(), "{:?}", host.lines.all());
    }
}

#[test]
fn requests_without_one_clear_host_are_400() {
    let host = host(guest(HELLO), |_| {});
    for fields in ["", "host: a\r\nhost: b\r\n", "host: a b\r\n"] {
        let mut client = host.connect();
        client.send(format!("GET / HTTP/1.1\r\n{fields}\r\n").as_bytes());
        assert_eq!(client.response(false).status, 400, "{fields}");
    }
    let mut client = host.connect();
    client.send(b"GET / HTTP/1.0\r\n\r\n");
    assert!(client.line().contains("200"));
}

#[test]
fn bodies_stream_both_ways() {
    let host = host(guest(ECHO), |_| {});
    let mut client = host.connect();
    client.send(b"POST / HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n");
    assert!(client.head().starts_with("HTTP/1.1 200"));
    for piece in ["one", "two", "three"] {
        client.send(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes());
        assert_eq!(client.chunk().as_deref(), Some(piece.as_bytes()));
    }
    client.send(b"0\r\n\r\n");
    assert_eq!(client.chunk().as_deref(), Some(&b""[..]));
}

#[test]
fn an_answer_may_come_before_the_body() {
    let host = host(guest(HELLO), |_| {});
    let mut client = host.connect();
    client.send(b"POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 1000000\r\n\r\n");
    assert_eq!(client.response(false).text(), "hello\n");
}

#[test]
fn http_2_is_spoken_in_cleartext() {
    let host = host(guest(HELLO), |_| {});
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(host.server.local_address()).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        tokio::spawn(connection);
        let requests = (0..20).map(|_| {
            let request = http::Request::get("http://test/").body(Empty::<bytes::Bytes>::new());
            sender.send_request(request.unwrap())
        });
        let requests: Vec<_> = requests.collect();
        for response in requests {
            let response = response.await.unwrap();
            assert_eq!(response.version(), http::Version::HTTP_2);
            assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello\n");
        }
    });
}

#[test]
fn an_instance_is_fresh_unless_it_is_reused() {
    let answers = |reuse| {
        let host = host(guest(COUNT), |configuration| configuration.reuse = reuse);
        (0..5).map(|_| host.get("/").text().to_owned()).collect::<String>()
    };
    assert_eq!(answers(1), "11111");
    assert_eq!(answers(3), "12312");
}

#[test]
fn a_guest_that_failed_is_not_used_again() {
    let handler =
        format!("{COUNT} (if (i32.eq (global.get $count) (i32.const 2)) (then unreachable))");
    let host = host(guest(&handler), |configuration| configuration.reuse = 10);
    let answers: String = (0..4).map(|_| host.get("/").text().to_owned()).collect();
    assert_eq!(answers, "1212");
}

#[test]
fn output_goes_to_the_log_line_by_line() {
    let handler = format!(
        "(i64.store (i32.const 2048) (i64.const 0x620a610a63))
         (call $say (i32.const 2048) (i32.const 2))
         (call $say (i32.const 2050) (i32.const 3))
         {HELLO}"
    );
    let host = host(guest(&handler), |_| {});
    host.get("/");
    host.lines.expect("subject Error b");
    assert_eq!(host.lines.all(), ["subject Error c", "subject Error a", "subject Error b"]);
}

#[test]
fn a_client_that_leaves_stops_its_guest() {
    let begun = "(i32.store (i32.const 2048) (i32.const 0x0a626162))
        (call $say (i32.const 2048) (i32.const 4))";
    let ended = "(call $say (i32.const 2050) (i32.const 2))";
    let waits = format!("{begun} (call $sleep (i64.const 1000)) {HELLO} {ended}");
    let streams = format!(
        "(call $begin (local.get $out) (i32.const 200))
         (drop (call $write (i32.const 1024) (i32.const 6)))
         {begun} (call $sleep (i64.const 1000)) {ended}"
    );
    for handler in [waits, streams] {
        let host = host(guest(&handler), |configuration| {
            configuration.limits.concurrent = 1;
            configuration.limits.queue = 0;
        });
        let mut client = host.connect();
        client.send(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n");
        host.lines.expect("subject Error bab");
        drop(client);
        std::thread::sleep(Duration::from_millis(200));
        // Its place is free.
        let mut next = host.connect();
        next.send(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n");
        assert!(next.line().contains("200"));
        drop(next);
        std::thread::sleep(Duration::from_millis(1300));
        let lines = host.lines.all();
        let ends = lines.iter().filter(|line| line.ends_with(" b")).count();
        assert!(ends <= 1, "{lines:?}");
    }
}

#[test]
fn a_guest_may_work_on_after_its_response() {
    let handler = format!(
        "{HELLO} (call $sleep (i64.const 300))
         (i32.store (i32.const 2048) (i32.const 0x0a6b6f))
         (call $say (i32.const 2048) (i32.const 3))"
    );
    let host = host(guest(&handler), |_| {});
    let begun = Instant::now();
    assert_eq!(host.get("/").text(), "hello\n");
    assert!(begun.elapsed() < Duration::from_millis(250));
    host.lines.expect("subject Error ok");
}

#[test]
fn code_is_replaced_under_way() {
    let slow = "(call $begin (local.get $out) (i32.const 200))
        (i32.store8 (i32.const 1024) (i32.const 111))
        (drop (call $write (i32.const 1024) (i32.const 1)))
        (call $sleep (i64.const 600))
        (drop (call $write (i32.const 1024) (i32.const 1)))
        (call $finish)";
    let host = host(guest(slow), |_| {});
    let mut old = host.connect();
    old.send(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    old.head();
    assert_eq!(old.chunk().as_deref(), Some(&b"o"[..]));
    host.server.replace(&at("subject", "/...", letter('n'))).unwrap();
    assert_eq!(host.get("/").text(), "n");
    assert!(host.server.update(&[at("broken", "/...", b"no component".to_vec())]).is_err());
    assert_eq!(host.get("/").text(), "n");
    host.server.update(&[at("other", "/other", letter('m'))]).unwrap();
    assert_eq!((host.get("/other").text(), host.get("/").status), ("m", 404));
    assert_eq!(old.chunk().as_deref(), Some(&b"o"[..]));
    assert_eq!(old.chunk().as_deref(), Some(&b""[..]));
}

#[test]
fn a_shutdown_lets_requests_finish() {
    let host = host(guest(&format!("(call $sleep (i64.const 400)) {HELLO}")), |_| {});
    let address = host.server.local_address();
    let idle = host.connect();
    let request = std::thread::spawn(move || Client::new(address).request("GET", "/", &[], b""));
    std::thread::sleep(Duration::from_millis(150));
    let begun = Instant::now();
    assert!(host.server.shutdown());
    assert!(begun.elapsed() < Duration::from_secs(5), "an idle connection must not hold it up");
    assert_eq!(request.join().unwrap().text(), "hello\n");
    assert!(std::net::TcpStream::connect(address).is_err());
    drop(idle);
}

#[test]
fn a_shutdown_does_not_wait_for_ever() {
    let host = host(guest("(call $sleep (i64.const 20000))"), |configuration| {
        configuration.grace = Duration::from_millis(300);
    });
    let mut client = host.connect();
    client.send(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    std::thread::sleep(Duration::from_millis(150));
    let begun = Instant::now();
    assert!(!host.server.shutdown());
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[test]
fn the_environment_is_the_one_that_was_mounted() {
    let import = r#"(import "wasi:cli/environment@0.2.12" "get-environment"
        (func $environment (param i32)))"#;
    let handler = "(local $first i32)
        (call $environment (i32.const 0))
        (local.set $first (i32.load (i32.const 0)))
        (call $begin (local.get $out) (i32.const 200))
        (drop (call $write (i32.load (local.get $first)) (i32.load offset=4 (local.get $first))))
        (drop (call $write (i32.load offset=8 (local.get $first))
          (i32.load offset=12 (local.get $first))))
        (call $finish)";
    let mut component = at("subject", "/...", guest_with(import, handler));
    component.environment.insert("NAME".to_owned(), "value".to_owned());
    assert_eq!(host_of(&[component], |_| {}).get("/").text(), "NAMEvalue");
}

#[test]
fn an_import_that_is_not_offered_is_named() {
    let import = r#"(import "wasi:filesystem/preopens@0.2.12" "get-directories"
        (func $directories (param i32)))"#;
    let bytes = guest_with(import, "(call $directories (i32.const 0))");
    let component = Component::alone("greedy", Source::Bytes(bytes));
    let error = Server::start(support::logging(&Default::default()), &[component]).err().unwrap();
    assert!(error.message.contains("greedy"), "{error}");
    assert!(error.to_string().contains("wasi:filesystem/"), "{error}");
}

#[test]
fn what_is_no_component_is_refused() {
    let module = wat::parse_str("(module)").unwrap();
    let empty = wat::parse_str("(component)").unwrap();
    let truncated = guest(HELLO)[..2000].to_vec();
    for bytes in [module, empty, truncated, b"\0asm".to_vec(), Vec::new()] {
        let component = Component::alone("odd", Source::Bytes(bytes));
        let configuration = support::logging(&Default::default());
        let error = Server::start(configuration, &[component]).err().unwrap();
        assert!(error.message.starts_with("odd: "), "{error}");
    }
}
