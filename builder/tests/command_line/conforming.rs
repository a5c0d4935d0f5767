//! `isospin conform` on guests and hosts that are not ours.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;

use libtest_mimic::Trial;

use super::surroundings::{
    built_in, fail, hello, isospin, poor_guest, run, stderr, stdout, succeed,
};
use super::{always, needs};

pub fn tests() -> Vec<Trial> {
    vec![
        always("a running guest is talked to, and results go to files", running),
        always("an expectation that no longer holds fails the run", unexpected_pass),
        always("who is no guest is named with the reason", no_guest),
        always("a host that cannot be used is named with the reason", no_host),
        always("wrong usage of the suite ends with 2", wrong_usage),
        needs("c", "a component is called as its file is", called_as_its_file),
        needs("c", "a component that is no guest is told at once", no_guest_built),
        needs("c", "unasked, the suite runs on the embedded host alone", on_embedded_alone),
    ]
}

/// Answers everything as the guest answers `/status/200`. The address ends with the test.
fn parrot() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 11\r\nconnection: close\r\n\r\nstatus 200\n",
            );
        }
    });
    url
}

const PASSES: &str = "headers/content-type-of-text";
const FAILS: &str = "bodies/empty";

fn running() {
    let folder = tempfile::tempdir().unwrap();
    let url = parrot();
    let output = succeed(folder.path(), &["conform", "--url", &url, "--case", PASSES]);
    let said = stdout(&output);
    assert!(said.contains("1 passed") && !said.contains('\u{1b}'), "{said}");
    let arguments = [
        "conform",
        "--url",
        &url,
        "--case",
        "{bodies/empty,state/{after-an-error,counter-fresh},outbound/get}",
    ];
    let files = ["--junit", "out/junit.xml", "--html", "out/report.html"];
    let said = fail(folder.path(), &[&arguments[..], &files].concat(), 1, "E0601");
    assert!(said.contains("2 cases failed"), "{said}");
    let read = |file| std::fs::read_to_string(folder.path().join("out").join(file)).unwrap();
    let (junit, page) = (read("junit.xml"), read("report.html"));
    for skipped in ["fresh or reused", "do not reach the driver"] {
        assert!(junit.contains(skipped), "{junit}");
        assert!(page.contains(skipped), "{skipped}");
    }
    assert!(junit.contains("<failure") && page.contains("status 200"), "{junit}");
}

fn unexpected_pass() {
    let folder = tempfile::tempdir().unwrap();
    let url = parrot();
    let expect = |case: &str| {
        let text = format!(
            "[[expectation]]\ncase = \"{case}\"\nlanguage = \"guest\"\nreason = \"It is a parrot.\"\n"
        );
        std::fs::write(folder.path().join("known.toml"), text).unwrap();
    };
    let run = |case| ["conform", "--url", &url, "--expectations", "known.toml", "--case", case];
    expect(FAILS);
    let said = stdout(&succeed(folder.path(), &run(FAILS)));
    assert!(said.contains("1 failed as expected"), "{said}");
    expect(PASSES);
    let said = fail(folder.path(), &run(PASSES), 1, "E0601");
    assert!(said.contains("1 passed although a failure is expected"), "{said}");
    std::fs::write(folder.path().join("known.toml"), "[[expectation]]\ncase = 1\n").unwrap();
    assert!(fail(folder.path(), &run(PASSES), 2, "E0801").contains("known.toml"));
}

fn no_guest() {
    let folder = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str], code, name| {
        fail(folder.path(), &[&["conform", "--case", PASSES][..], arguments].concat(), code, name)
    };
    std::fs::write(folder.path().join("text.wasm"), "not at all").unwrap();
    std::fs::write(folder.path().join("module.wasm"), b"\0asm\x01\0\0\0").unwrap();
    std::fs::write(folder.path().join("empty.wasm"), b"\0asm\x0d\0\x01\0").unwrap();
    assert!(said(&["--component", "text.wasm"], 1, "E0404").contains("text.wasm"));
    assert!(said(&["--component", "missing.wasm"], 1, "E0705").contains("missing.wasm"));
    assert!(said(&["--component", "module.wasm"], 1, "E0411").contains("core module"));
    let exports = said(&["--component", "empty.wasm"], 1, "E0406");
    assert!(exports.contains("it exports nothing") && exports.contains("GUEST.md"), "{exports}");
    let (_held, free) = isospin_conformance::port::reserve().unwrap();
    let nobody = said(&["--url", &format!("http://{free}")], 1, "E0602");
    assert!(nobody.contains("nothing listens there"), "{nobody}");
    said(&["--url", "127.0.0.1:80"], 2, "E0801");
}

fn no_host() {
    let folder = tempfile::tempdir().unwrap();
    let host = |file: &str, program: &str, command: &str| {
        let text = format!(
            "about = \"A host.\"\nprogram = \"{program}\"\ncommand = [\"{{component}}\", \"{command}\"]\n\
             modes.fresh = []\nlistens.seconds = 1\n"
        );
        std::fs::write(folder.path().join(file), text).unwrap();
    };
    let said = |name: &str, exit, code| {
        fail(folder.path(), &["conform", "--case", PASSES, "--host", name], exit, code)
    };
    assert!(said("nobody", 2, "E0801").contains("embedded, jco, wasmtime, and `all`"));
    host("typing.toml", "sh", "{port}{prot}");
    assert!(said("typing.toml", 2, "E0801").contains("nothing stands for `{prot}`"));
    host("absent.toml", "no-such-program", "{port}");
    assert!(said("absent.toml", 1, "E0201").contains("`no-such-program` is not on PATH"));
    host("beside.toml", "./server", "{port}");
    assert!(said("beside.toml", 1, "E0201").contains("server does not exist"));
    std::fs::create_dir(folder.path().join("none")).unwrap();
    assert!(said("none", 2, "E0801").contains("no .toml file"));
}

fn wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    fail(folder.path(), &["conform", "--case", "nothing/*"], 2, "E0801");
    for arguments in [
        &["conform", "--url", "http://127.0.0.1:1", "--component", "x.wasm"][..],
        &["conform", "--seed", "1"],
        &["conform", "--properties", "--junit", "x.xml"],
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

/// `all` names the hosts that it does without; here, where nothing is installed, all others.
fn on_embedded_alone() {
    let folder = poor_guest();
    let file = built_in(folder.path());
    for (hosts, left_out) in [(&[][..], 0), (&["--host", "all"], 2)] {
        let mut command = isospin(folder.path());
        command.args(["conform", "--case", FAILS, "--component"]).arg(&file).args(hosts);
        command.env("ISOSPIN_HOME", folder.path().join("home")).env("PATH", "/nowhere");
        let output = command.output().unwrap();
        let (table, said) = (stdout(&output), stderr(&output));
        assert!(table.contains("embedded (fresh)") && !table.contains("jco"), "{table}");
        assert_eq!(said.matches("without the host").count(), left_out, "{said}");
    }
}

fn called_as_its_file() {
    let folder = poor_guest();
    let file = built_in(folder.path());
    let name = file.file_stem().unwrap().to_str().unwrap();
    let arguments = ["conform", "--host", "embedded", "--case", FAILS, "--component"];
    let said =
        fail(folder.path(), &[&arguments[..], &[file.to_str().unwrap()]].concat(), 1, "E0601");
    assert!(said.contains(&format!("{name} on embedded")), "{said}");
}

/// Before any case, whatever is asked of it.
fn no_guest_built() {
    let folder = hello();
    let file = built_in(folder.path());
    let shown = file.strip_prefix(folder.path()).unwrap().to_str().unwrap();
    let again = ["--component", shown, "--properties"];
    for more in [&[][..], &["--mode", "reused"], &["--case", PASSES], &again] {
        let arguments = [&["conform", "--component", shown], more].concat();
        let output = run(folder.path(), &arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("[E0602]: {shown}: it is not a guest")), "{said}");
        assert!(said.contains(r#"`GET /status/200` got 200 "hello\n""#), "{said}");
        assert!(!said.contains("failed") && stdout(&output).is_empty(), "{said}");
    }
    let mut served = isospin(folder.path());
    served.args(["serve", shown, "--listen", "127.0.0.1:0"]).stderr(Stdio::piped());
    let mut served = served.spawn().unwrap();
    let line = BufReader::new(served.stderr.take().unwrap()).lines().find_map(|line| {
        let line = line.unwrap();
        line.find("http://").map(|at| line[at..].split_whitespace().next().unwrap().to_owned())
    });
    let url = line.unwrap();
    let said = fail(folder.path(), &["conform", "--url", &url], 1, "E0602");
    served.kill().unwrap();
    served.wait().unwrap();
    assert!(said.contains(&format!("{url}: it is not a guest")), "{said}");
}
