//! Every limit and every failure, each for its request alone.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

mod support;

use std::time::{Duration, Instant};

use support::{Client, HELLO, guest, host};

/// Fails for a body that is not empty, greets else.
fn fragile(failure: &str) -> Vec<u8> {
    let handler = format!(
        "(local $input i32)
         (local.set $input (call $open (local.get $request)))
         (if (call $next (local.get $input)) (then {failure}))
         {HELLO}"
    );
    guest(&handler)
}

fn greets(host: &support::Host) {
    let response = host.get("/");
    assert_eq!((response.status, response.text()), (200, "hello\n"));
}

#[test]
fn a_trap_is_500_for_its_request_alone() {
    let host = host(fragile("unreachable"), |_| {});
    greets(&host);
    let response = host.post("/", b"x");
    assert_eq!((response.status, response.body.len(), response.whole), (500, 0, true));
    host.lines.expect("subject Host the guest failed");
    host.lines.expect("0: handle (offset 0x");
    host.lines.expect("wasm `unreachable` instruction executed");
    assert!(!host.lines.has("isospin_host"), "the host's own frames are of no use");
    greets(&host);
}

#[test]
fn a_trap_after_the_response_began_cuts_it() {
    let handler = r#"
        (call $begin (local.get $out) (i32.const 200))
        (i64.store (i32.const 1024) (i64.const 0x0a6f6c6c6568))
        (drop (call $write (i32.const 1024) (i32.const 6)))
        unreachable"#;
    let host = host(guest(handler), |_| {});
    for _ in 0..20 {
        let response = host.get("/");
        assert_eq!((response.status, response.text()), (200, "hello\n"));
        assert!(!response.whole, "the response must not end as if it were whole");
    }
    host.lines.expect("subject Host the guest failed");
}

#[test]
fn a_guest_without_a_response_is_500() {
    let host = host(guest(""), |_| {});
    assert_eq!(host.get("/").status, 500);
    host.lines.expect("without a response");
}

#[test]
fn a_loop_is_504_and_others_go_on() {
    let host = host(fragile("(loop $forever (br $forever))"), |configuration| {
        configuration.limits.time = Duration::from_millis(400);
    });
    let address = host.server.local_address();
    let loops: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn(move || Client::new(address).request("POST", "/", &[], b"x").status)
        })
        .collect();
    greets(&host);
    for looping in loops {
        assert_eq!(looping.join().unwrap(), 504);
    }
    host.lines.expect("computed for too long");
    host.lines.expect("0: handle (offset 0x");
    greets(&host);
}

#[test]
fn waiting_counts_as_time() {
    let host = host(guest("(call $sleep (i64.const 60000))"), |configuration| {
        configuration.limits.time = Duration::from_millis(200);
    });
    let begun = Instant::now();
    let response = host.get("/");
    assert_eq!((response.status, response.body.len()), (504, 0));
    assert!(begun.elapsed() < Duration::from_secs(5));
    host.lines.expect("waited for too long");
}

#[test]
fn time_that_is_up_after_the_response_began_cuts_it() {
    let handler = r#"
        (call $begin (local.get $out) (i32.const 200))
        (drop (call $write (i32.const 1024) (i32.const 6)))
        (call $sleep (i64.const 60000))"#;
    let host = host(guest(handler), |configuration| {
        configuration.limits.time = Duration::from_millis(200);
    });
    let response = host.get("/");
    assert_eq!((response.status, response.body.len(), response.whole), (200, 6, false));
}

#[test]
fn memory_that_is_used_up_is_503() {
    let exhaust = "(loop $more
        (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable";
    let host = host(fragile(exhaust), |configuration| configuration.limits.memory = 8 << 20);
    let response = host.post("/", b"x");
    assert_eq!((response.status, response.body.len()), (503, 0));
    host.lines.expect("memory limit is reached");
    greets(&host);
}

#[test]
fn a_guest_may_be_refused_memory_and_still_answer() {
    let handler = format!("(drop (memory.grow (i32.const 4096))) {HELLO}");
    let host = host(guest(&handler), |configuration| configuration.limits.memory = 1 << 20);
    greets(&host);
}

#[test]
fn endless_recursion_is_500() {
    let handler = format!(
        "(local $input i32)
         (local.set $input (call $open (local.get $request)))
         (if (call $next (local.get $input)) (then (drop (call $deeper (i32.const 0)))))
         {HELLO})
         (func $deeper (param i32) (result i32)
           (i32.add (i32.const 1) (call $deeper (local.get 0)))"
    );
    let host = host(guest(&handler), |_| {});
    assert_eq!(host.post("/", b"x").status, 500);
    host.lines.expect("call stack exhausted");
    greets(&host);
}

#[test]
fn a_body_that_announces_too_much_is_413() {
    let host = host(fragile(""), |configuration| configuration.limits.request_body = 1000);
    assert_eq!(host.post("/", &[b'x'; 1000]).status, 200);
    let response = host.post("/", &[b'x'; 1001]);
    assert_eq!((response.status, response.body.len()), (413, 0));
}

#[test]
fn a_body_that_grows_too_large_is_413() {
    let handler = format!(
        "(local $input i32)
         (local.set $input (call $open (local.get $request)))
         (loop $more (br_if $more (call $next (local.get $input))))
         {HELLO}"
    );
    let host = host(guest(&handler), |configuration| configuration.limits.request_body = 1000);
    let mut client = host.connect();
    client.send(b"POST / HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n");
    for _ in 0..4 {
        client.send(format!("12c\r\n{}\r\n", "x".repeat(300)).as_bytes());
    }
    let response = client.response(false);
    assert_eq!((response.status, response.body.len()), (413, 0));
    host.lines.expect("the request's body is too large");
    greets(&host);
}

#[test]
fn a_flood_of_an_answer_is_cut() {
    let handler = "(call $begin (local.get $out) (i32.const 200))
        (loop $more (br_if $more (call $write (i32.const 0) (i32.const 4096))))";
    let host = host(guest(handler), |configuration| {
        configuration.limits.response_body = 100_000;
    });
    let response = host.get("/");
    assert_eq!(response.status, 200);
    assert!(!response.whole && response.body.len() <= 100_000);
    host.lines.expect("the response's body is too large");
}

#[test]
fn requests_beyond_the_queue_are_503() {
    let handler = format!("(call $sleep (i64.const 700)) {HELLO}");
    let host = host(guest(&handler), |configuration| {
        configuration.limits.concurrent = 1;
        configuration.limits.queue = 1;
    });
    let address = host.server.local_address();
    let started: Vec<_> = (0..2)
        .map(|_| {
            let request = std::thread::spawn(move || {
                Client::new(address).request("GET", "/", &[], b"").status
            });
            std::thread::sleep(Duration::from_millis(150));
            request
        })
        .collect();
    assert_eq!(host.get("/").status, 503);
    for request in started {
        assert_eq!(request.join().unwrap(), 200);
    }
}

#[test]
fn heads_that_are_too_large_are_431() {
    let host = host(fragile(""), |_| {});
    let mut many = String::from("GET / HTTP/1.1\r\nhost: test\r\n");
    for index in 0..10_000 {
        many.push_str(&format!("x-{index}: y\r\n"));
    }
    let large = format!("GET / HTTP/1.1\r\nhost: test\r\nx: {}\r\n\r\n", "y".repeat(1 << 20));
    for head in [format!("{many}\r\n"), large] {
        let mut client = host.connect();
        // The server need not read it to the end.
        let _ = std::io::Write::write_all(&mut client.0, head.as_bytes());
        let first = client.line();
        assert!(first.is_empty() || first.contains("431"), "{first}");
    }
    greets(&host);
}

#[test]
fn a_slow_client_holds_nobody_up() {
    let host = host(fragile(""), |configuration| {
        configuration.limits.header_time = Duration::from_millis(500);
    });
    let mut slow: Vec<Client> = (0..50).map(|_| host.connect()).collect();
    for client in &mut slow {
        client.send(b"GET / HT");
    }
    greets(&host);
    // In the end they are sent away.
    for client in &mut slow {
        let first = client.line();
        assert!(first.is_empty() || first.contains("408"), "{first}");
    }
}
