//! Components of WASI 0.3 are served as they are.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod support;

use support::{guest_of_three, host};

fn handler() -> Vec<u8> {
    guest_of_three(include_str!("support/three.wat"))
}

#[test]
fn a_component_of_wasi_3_answers() {
    for reuse in [1, 3] {
        let host = host(handler(), |configuration| configuration.reuse = reuse);
        let mut client = host.connect();
        for _ in 0..7 {
            let response = client.request("GET", "/", &[], b"");
            assert_eq!((response.status, response.text(), response.whole), (200, "hello\n", true));
        }
        assert!(host.lines.all().is_empty(), "{:?}", host.lines.all());
    }
}

#[test]
fn a_trap_in_wasi_3_is_500() {
    let host = host(handler(), |_| {});
    let response = host.get("/trap");
    assert_eq!((response.status, response.body.len()), (500, 0));
    host.lines.expect("subject Host the guest failed");
    host.lines.expect("unreachable");
    assert_eq!(host.get("/").text(), "hello\n");
}
