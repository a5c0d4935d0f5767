//! Guests made of text, a client that shows every byte, and a log to look into.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use isospin_host::wit::{WASI_2, WASI_3, WitFile};
use isospin_host::{Component, Configuration, Line, Server, Source};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, UnresolvedPackageGroup, WorldId};

/// More than the handler world, to test what the host does with the rest.
const WORLD: &str = "package test:guest;
    world guest {
      include wasi:http/proxy@0.2.12;
      import wasi:cli/environment@0.2.12;
      import wasi:filesystem/preopens@0.2.12;
    }";

static TWO: LazyLock<(Resolve, WorldId)> = LazyLock::new(|| resolve(WASI_2, WORLD));

static THREE: LazyLock<(Resolve, WorldId)> = LazyLock::new(|| {
    resolve(WASI_3, "package test:guest; world guest { include wasi:http/service@0.3.0; }")
});

/// A world over these WASI packages.
fn resolve(packages: &[WitFile], world: &str) -> (Resolve, WorldId) {
    let parse = |name, text| UnresolvedPackageGroup::parse(name, text).unwrap();
    let packages = packages.iter().map(|(name, text)| parse(*name, text)).collect();
    let mut resolve = Resolve::default();
    let package = resolve.push_groups(parse("guest.wit", world), packages).unwrap();
    let world = resolve.select_world(&[package], Some("guest")).unwrap();
    (resolve, world)
}

fn encode(text: &str, (resolve, world): &(Resolve, WorldId)) -> Vec<u8> {
    let mut module = wat::parse_str(text).unwrap();
    embed_component_metadata(&mut module, resolve, *world, StringEncoding::UTF8, false).unwrap();
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&module).unwrap();
    encoder.encode().unwrap()
}

/// A component of WASI 0.3, from a whole module.
pub fn guest_of_three(text: &str) -> Vec<u8> {
    encode(text, &THREE)
}

/// A component whose handler is `(func $handle (param $request i32) (param $out i32)`
/// followed by `handler`; `extra` holds imports of its own.
pub fn guest_with(extra: &str, handler: &str) -> Vec<u8> {
    let text = format!(
        "(module {extra} {} (func $handle (export \"wasi:http/incoming-handler@0.2.12#handle\")
           (param $request i32) (param $out i32) {handler}))",
        include_str!("prelude.wat")
    );
    encode(&text, &TWO)
}

pub fn guest(handler: &str) -> Vec<u8> {
    guest_with("", handler)
}

/// Answers `hello` and a line feed.
pub const HELLO: &str = r#"
    (call $begin (local.get $out) (i32.const 200))
    (i64.store (i32.const 1024) (i64.const 0x0a6f6c6c6568))
    (drop (call $write (i32.const 1024) (i32.const 6)))
    (call $finish)"#;

/// Lines that a server and its guests wrote: `component origin text`.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub fn has(&self, text: &str) -> bool {
        self.all().iter().any(|line| line.contains(text))
    }

    /// Waits a moment for a line with `text`.
    pub fn expect(&self, text: &str) {
        let begun = Instant::now();
        while !self.has(text) {
            assert!(begun.elapsed() < Duration::from_secs(10), "no {text:?} in {:#?}", self.all());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

pub struct Host {
    pub server: Server,
    pub lines: Lines,
}

/// A server of one component at `/...`.
pub fn host(bytes: Vec<u8>, change: impl FnOnce(&mut Configuration)) -> Host {
    host_of(&[Component::alone("subject", Source::Bytes(bytes))], change)
}

pub fn host_of(components: &[Component], change: impl FnOnce(&mut Configuration)) -> Host {
    let lines = Lines::default();
    let mut configuration = logging(&lines);
    change(&mut configuration);
    let server = Server::start(configuration, components).unwrap();
    Host { server, lines }
}

pub fn logging(lines: &Lines) -> Configuration {
    let lines = lines.clone();
    let log = move |line: Line<'_>| {
        let text = format!("{} {:?} {}", line.component, line.origin, line.text);
        lines.0.lock().unwrap().push(text);
    };
    let mut configuration = Configuration { log: Arc::new(log), ..Configuration::default() };
    // Room for few, so that many tests at once need little address space.
    configuration.limits.concurrent = 16;
    configuration
}

impl Host {
    pub fn connect(&self) -> Client {
        Client::new(self.server.local_address())
    }

    pub fn get(&self, path: &str) -> Response {
        self.connect().request("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &[u8]) -> Response {
        self.connect().request("POST", path, &[], body)
    }
}

pub struct Client(pub TcpStream);

#[derive(Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub head: String,
    /// As it arrived, without the framing of chunks.
    pub body: Vec<u8>,
    /// Whether the framing says that the body is whole.
    pub whole: bool,
}

impl Response {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Client {
    pub fn new(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Client(stream)
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: test\r\n");
        for (name, value) in fields {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        self.send(format!("{head}\r\n").as_bytes());
        // A server that has heard enough may close: what it answered counts.
        let _ = self.0.write_all(body);
        self.response(method == "HEAD")
    }

    /// One line with its line end; empty at the end of the stream.
    pub fn line(&mut self) -> String {
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\n") && matches!(self.0.read(&mut byte), Ok(1)) {
            line.push(byte[0]);
        }
        String::from_utf8(line).unwrap()
    }

    pub fn head(&mut self) -> String {
        let mut head = String::new();
        loop {
            let line = self.line();
            head.push_str(&line);
            if line.trim_end().is_empty() {
                return head;
            }
        }
    }

    pub fn response(&mut self, head_only: bool) -> Response {
        let head = self.head();
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let bodiless = head_only || matches!(status, 204 | 304);
        let mut response = Response { status, head, body: Vec::new(), whole: bodiless };
        if bodiless {
        } else if response.head.contains("transfer-encoding: chunked") {
            while let Some(chunk) = self.chunk() {
                if chunk.is_empty() {
                    response.whole = true;
                    break;
                }
                response.body.extend(chunk);
            }
        } else if let Some((_, rest)) = response.head.split_once("content-length: ") {
            let length = rest.lines().next().unwrap().parse().unwrap();
            response.body.resize(length, 0);
            response.whole = self.0.read_exact(&mut response.body).is_ok();
        }
        response
    }

    /// The next chunk; empty at the body's end, nothing if the stream ends before.
    pub fn chunk(&mut self) -> Option<Vec<u8>> {
        let length = usize::from_str_radix(self.line().trim_end(), 16).ok()?;
        let mut chunk = vec![0; length + 2];
        self.0.read_exact(&mut chunk).ok()?;
        chunk.truncate(length);
        Some(chunk)
    }
}
