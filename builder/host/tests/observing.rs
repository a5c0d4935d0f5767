//! What the host's own program can do beside components: answer in their place,
//! and be told of every request.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::request::Parts;
use isospin_host::{Body, Component, Configuration, Observer, Responder, Seen, Source, whole};
use support::{HELLO, guest, host, host_of};

/// What was told of one request, as a line.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Observer for Told {
    fn request(&self, seen: Seen<'_>) {
        assert!(seen.head <= seen.total, "{seen:?}");
        let Seen { component, method, target, status, fresh, bytes, .. } = seen;
        let line = format!("{method} {target} {status} {bytes} {component:?} {fresh:?}");
        self.0.lock().unwrap().push(line);
    }
}

impl Told {
    fn observe(&self) -> impl FnOnce(&mut Configuration) + use<> {
        let told = self.clone();
        move |configuration| configuration.observer = Some(Arc::new(told))
    }

    fn expect(&self, lines: &[&str]) {
        let begun = Instant::now();
        while self.0.lock().unwrap().len() < lines.len() {
            assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", self.0.lock().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(*self.0.lock().unwrap(), lines);
    }
}

#[test]
fn every_request_is_told_when_it_is_over() {
    let told = Told::default();
    let host = host(guest(HELLO), |configuration| {
        configuration.reuse = 2;
        told.observe()(configuration);
    });
    // One connection, so that one is over before the next begins.
    let mut client = host.connect();
    for target in ["/", "/a?b=%20", "/c"] {
        client.request("GET", target, &[], b"");
    }
    client.request("HEAD", "/", &[], b"");
    told.expect(&[
        "GET / 200 6 Some(\"subject\") Some(true)",
        "GET /a?b=%20 200 6 Some(\"subject\") Some(false)",
        "GET /c 200 6 Some(\"subject\") Some(true)",
        "HEAD / 200 0 Some(\"subject\") Some(false)",
    ]);
}

#[test]
fn a_request_that_reaches_no_guest_is_told_too() {
    let told = Told::default();
    let component = Component {
        route: isospin_host::Route::parse("/here").unwrap(),
        ..Component::alone("subject", Source::Nowhere)
    };
    let host = host_of(&[component], told.observe());
    assert_eq!(host.get("/here").status, 503);
    assert_eq!(host.get("/there").status, 404);
    told.expect(&["GET /here 503 0 Some(\"subject\") None", "GET /there 404 0 None None"]);
}

/// Answers as long as it is on.
struct Switch(Arc<AtomicBool>);

impl Responder for Switch {
    fn respond(&self, request: &Parts) -> Option<http::Response<Body>> {
        let host = request.uri.authority()?.host().to_owned();
        let on = self.0.load(Ordering::Relaxed);
        on.then(|| http::Response::builder().status(418).body(whole(host)).unwrap())
    }
}

#[test]
fn a_responder_comes_before_its_component() {
    let on = Arc::new(AtomicBool::new(true));
    let component = Component {
        responder: Some(Arc::new(Switch(on.clone()))),
        ..Component::alone("subject", Source::Bytes(guest(HELLO)))
    };
    let host = host_of(&[component], |_| {});
    let mut client = host.connect();
    let first = client.request("POST", "/", &[], b"body");
    assert_eq!((first.status, first.text()), (418, "test"));
    on.store(false, Ordering::Relaxed);
    assert_eq!(client.request("GET", "/", &[], b"").text(), "hello\n");
}
