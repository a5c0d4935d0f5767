//! Go apps as people write them: published routers run unmodified, the same
//! sources give the same bytes, and mistakes are told.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may stop at once, and says why it is not run"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use isospin_host::{Component, Configuration, Server, Source};

/// Whether there is a Go to test with; says so if not.
fn go_is_here() -> bool {
    let here = Command::new("go").arg("version").output().is_ok();
    if !here {
        assert!(std::env::var_os("CI").is_none(), "there is no `go` on PATH");
        eprintln!("SKIPPED: there is no `go` on PATH");
    }
    here
}

fn isospin(app: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isospin")).arg("build").arg(app).output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn request(address: SocketAddr, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn serve(file: PathBuf) -> Server {
    let component = Component::alone("subject", Source::Bytes(std::fs::read(file).unwrap()));
    Server::start(Configuration::default(), &[component]).unwrap()
}

#[test]
fn published_routers_run_unmodified_and_builds_are_alike() {
    if !go_is_here() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go"), folder.path());
    let built = isospin(folder.path());
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let dist = folder.path().join("dist");

    let chi = serve(dist.join("chi.wasm"));
    let answer = request(chi.local_address(), "GET", "/hello/ann", "");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello ann\n"), "{answer}");
    let answer = request(chi.local_address(), "POST", "/items", "posted");
    assert!(answer.starts_with("HTTP/1.1 201 ") && answer.ends_with("posted"), "{answer}");
    let mux = serve(dist.join("mux.wasm"));
    let answer = request(mux.local_address(), "GET", "/hello/ann", "");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello ann\n"), "{answer}");
    let answer = request(mux.local_address(), "POST", "/hello/ann", "");
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");

    let first = std::fs::read(dist.join("lean.wasm")).unwrap();
    assert!(first.len() <= 3_000_000, "the lean hello has {} bytes", first.len());
    let elsewhere = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/lean"), elsewhere.path());
    let built = isospin(elsewhere.path());
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let mut found = std::fs::read_dir(elsewhere.path().join("dist")).unwrap();
    let second = std::fs::read(found.next().unwrap().unwrap().path()).unwrap();
    assert!(first == second, "the same sources gave other bytes in another folder");
}

#[test]
fn mistakes_are_told_with_their_place_and_advice() {
    if !go_is_here() {
        return;
    }
    let module = "module broken\n\ngo 1.25\n\nrequire isospin v0.0.0\n\nreplace isospin => ./.isospin/sdk/go\n";
    let plain = "module broken\n\ngo 1.25\n";
    let head = "package main\n\nimport \"isospin/lean\"\n\nvar _ = lean.Handle\n\n";
    let cases = [
        (module, format!("{head}func main() {{ x }}\n"), "main.go:7:15: undefined: x"),
        (module, format!("{head}func main() {{}}\n"), "it has no handler"),
        (module, format!("{head}func main() {{ panic(\"too early\") }}\n"), "broken/main.go:7"),
        (module, head.to_owned(), "Add `func main()`"),
        (
            module,
            "package main\n\nimport _ \"example.com/nothing\"\n\nfunc main() {}\n".to_owned(),
            "example.com/nothing",
        ),
        (plain, format!("{head}func main() {{}}\n"), "go mod edit -require=isospin"),
        (
            &module.replace("1.25", "1.99"),
            format!("{head}func main() {{}}\n"),
            "Lower the `go` line",
        ),
        (
            module,
            format!(
                "{head}func main() {{\n\t_, err := lean.Send(&lean.Outgoing{{URL: \"http://a/\"}})\n\tpanic(err)\n}}\n"
            ),
            "no request can be sent there",
        ),
    ];
    for (module, source, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("go.mod"), module).unwrap();
        std::fs::write(folder.path().join("main.go"), &source).unwrap();
        let built = isospin(folder.path());
        let printed = String::from_utf8_lossy(&built.stderr);
        assert_eq!(built.status.code(), Some(1), "{source}\n{printed}");
        assert!(printed.contains(expected), "{expected:?} is not in\n{printed}\nfor\n{source}");
        assert!(!folder.path().join("dist").exists());
    }
}
