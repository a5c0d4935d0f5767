//! All languages do the same work and give the same bytes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

use isospin_builder::language::Language;
use isospin_host::Server;
use libtest_mimic::{Failed, Trial};

use super::http::{self, Answer};
use super::{for_each_language, serve, text};

pub fn tests() -> Vec<Trial> {
    for_each_language("rosetta gives the answers that every language gives", all)
}

fn all(language: &dyn Language) -> Result<(), Failed> {
    let (_app, server) = serve("rosetta", &format!("words-{}", language.name()))?;
    let route = format!("/{}", language.name());
    greets(&server, &route);
    counts(&server, &route);
    refuses_what_is_not_utf8(&server, &route);
    refuses_other_methods(&server, &route);
    fetches(&server, &route);
    server.shutdown();
    Ok(())
}

fn assert_text(answer: &Answer, status: u16, text: &str) {
    assert_eq!(answer.status, status, "{}", answer.head);
    assert_eq!(String::from_utf8_lossy(&answer.body), text);
    assert!(answer.head.contains("content-type: text/plain; charset=utf-8"), "{}", answer.head);
}

fn assert_counted(answer: &Answer, text: &str) {
    assert_eq!(answer.status, 200, "{}", answer.head);
    assert_eq!(String::from_utf8_lossy(&answer.body), text::expected(text));
    assert!(answer.head.contains("content-type: application/json"), "{}", answer.head);
}

fn greets(server: &Server, route: &str) {
    for target in [route.to_owned(), format!("{route}?from"), format!("{route}?from=")] {
        assert_text(&http::get(server.local_address(), &target), 200, "Hello from Isospin!\n");
    }
}

fn counts(server: &Server, route: &str) {
    let book = text::book(1 << 20);
    for text in ["", "one", "It's it's ITS its' ünder", "a b a\nb c.a", &book] {
        assert_counted(&http::post(server.local_address(), route, text.as_bytes()), text);
    }
}

fn refuses_what_is_not_utf8(server: &Server, route: &str) {
    let cases: &[&[u8]] = &[
        b"\xff",
        b"a \xc3",
        b"\xc0\x80 overlong",
        b"\xe0\x9f\xbf overlong",
        b"\xed\xa0\x80 a surrogate",
        b"\xf4\x90\x80\x80 too large",
        b"\x80 alone",
    ];
    for case in cases {
        let answer = http::post(server.local_address(), route, case);
        assert_text(&answer, 400, "the text is not UTF-8\n");
    }
    // Behind a megabyte of good text, so that it stands in a later chunk.
    let mut late = text::book(1 << 20).into_bytes();
    late.push(0xff);
    assert_text(&http::post(server.local_address(), route, &late), 400, "the text is not UTF-8\n");
}

fn refuses_other_methods(server: &Server, route: &str) {
    let answer = http::send(server.local_address(), "DELETE", route, b"");
    assert_eq!(answer.status, 405);
    assert!(answer.head.contains("allow: get, post"), "{}", answer.head);
}

fn fetches(server: &Server, route: &str) {
    let book = text::book(200_000);
    let upstream = upstream(book.clone());
    let target = format!("{route}?from=http%3A%2F%2F{upstream}%2Fbook");
    assert_counted(&http::get(server.local_address(), &target), &book);
    let missing = format!("{route}?from=http://{upstream}/missing");
    let failed = "the text could not be fetched\n";
    assert_text(&http::get(server.local_address(), &missing), 502, failed);
    let malformed = format!("{route}?from=%zz");
    assert_text(&http::get(server.local_address(), &malformed), 502, failed);
    let denied = format!("{route}?from=http://192.0.2.1/");
    assert_text(&http::get(server.local_address(), &denied), 502, failed);
}

/// A server on loopback that answers two requests: `/book` with the text, all
/// else with 404.
fn upstream(text: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            let (status, body) = match head.starts_with(b"GET /book ") {
                true => ("200 OK", text.as_str()),
                false => ("404 Not Found", ""),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            // The guest may leave early; that is seen in its answer.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}
