//! What a component does when something goes wrong while it serves.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::{MODULE, app, built, serve};
use crate::{Test, test};

pub fn tests() -> Vec<Test> {
    vec![
        test("a panic is a 500 and leaves its trace in the log", panics),
        test("a panic in another goroutine leaves its trace too", other_goroutine),
        test("a panic after the response has begun cuts it, and the log says why", after_begin),
        test("the context ends when the client leaves in the middle of its body", context),
    ]
}

const HANDLERS: &str = r#"package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"isospin"
)

type shop struct{ items map[string]int }

func (s *shop) sell(name string) {
	s.items[name]--
}

func main() {
	http.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) {
		var closed shop
		closed.sell("bread")
	})
	http.HandleFunc("/goroutine", func(w http.ResponseWriter, r *http.Request) {
		go func() {
			panic("elsewhere")
		}()
		time.Sleep(time.Second)
	})
	http.HandleFunc("/begun", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "begun")
		w.(http.Flusher).Flush()
		panic(fmt.Errorf("after %s", "that"))
	})
	http.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		fmt.Fprintln(os.Stderr, "body:", err != nil, "context:", r.Context().Err())
	})
	isospin.Handle(nil)
}
"#;

fn subject() -> (tempfile::TempDir, crate::support::Served) {
    let folder = app(MODULE, HANDLERS, &[]);
    let served = serve(&built(folder.path()));
    (folder, served)
}

fn panics() {
    let (_folder, served) = subject();
    let answer = served.request("GET", "/panic", "");
    assert!(answer.starts_with("HTTP/1.1 500 ") && answer.ends_with("\r\n\r\n"), "{answer}");
    let log = served.logged("broken/main.go:16");
    for text in [
        "GET /panic",
        "assignment to entry in nil map",
        "goroutine ",
        "(*shop).sell",
        "broken/main.go:22",
    ] {
        assert!(log.contains(text), "{text:?} is not in\n{log}");
    }
}

fn other_goroutine() {
    let (_folder, served) = subject();
    let answer = served.request("GET", "/goroutine", "");
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    let log = served.logged("broken/main.go:26");
    assert!(log.contains("panic: elsewhere") && log.contains("goroutine "), "{log}");
}

fn after_begin() {
    let (_folder, served) = subject();
    let answer = served.request("GET", "/begun", "");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("begun"), "{answer}");
    assert!(!answer.ends_with("0\r\n\r\n"), "the response ends as if it were whole: {answer}");
    let log = served.logged("broken/main.go:33");
    assert!(log.contains("GET /begun: panic: after that"), "{log}");
}

fn context() {
    let (_folder, served) = subject();
    let mut stream = TcpStream::connect(served.address()).unwrap();
    stream
        .write_all(b"POST /upload HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nhalf of it")
        .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    served.logged("body: true context: context canceled");
}
