//! What commands print with `--json`, line by line.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use serde_json::Value;

use super::validate::{events, validate};

const HANDLER: &str = r#"#include <isospin.h>
#include <stdio.h>

void isospin_handle(isospin_request *request, isospin_response *response) {
    int forgotten;
    fprintf(stderr, "asked\n");
    isospin_respond_text(response, 200, "hello\n");
}
"#;

/// Takes lines, and remembers which events there were.
struct Checked {
    schema: Value,
    seen: Mutex<BTreeSet<String>>,
}

impl Checked {
    fn line(&self, line: &str) -> Value {
        let value: Value = serde_json::from_str(line).unwrap();
        if let Err(why) = validate(&value, &self.schema) {
            panic!("{line}: {why}");
        }
        self.seen.lock().unwrap().insert(value["event"].as_str().unwrap().to_owned());
        value
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> Vec<Value> {
        let output = isospin(folder).args(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        text.lines().map(|line| self.line(line)).collect()
    }

    /// Reads lines until there is such an event.
    fn until(&self, lines: &mut dyn Iterator<Item = String>, event: &str) -> Value {
        let mut values = lines.map(|line| self.line(&line));
        values.find(|value| value["event"] == event).unwrap()
    }
}

fn isospin(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isospin"));
    command
        .arg("--json")
        .current_dir(folder)
        .env("ISOSPIN_BUILD_CACHE", folder.join(".kept-builds"))
        .env_remove("RUST_LOG");
    command
}

fn request(address: &str) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// A command that serves, ended when it is dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serving(folder: &Path, arguments: &[&str]) -> (Serving, impl Iterator<Item = String> + use<>) {
    let child =
        isospin(folder).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut serving = Serving(child.unwrap());
    let lines = BufReader::new(serving.0.stdout.take().unwrap()).lines();
    (serving, lines.map_while(Result::ok))
}

#[test]
fn every_line_is_as_the_schema_says() {
    let schema = serde_json::from_str(&isospin_builder::report::Event::schema()).unwrap();
    let checked = Checked { schema, seen: Mutex::default() };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    checked.run(here, &["new", "begun", "--language", "c"]);
    checked.run(here, &["build", "nowhere"]);
    // Whatever is installed: the answer is a list of tools or a failure.
    checked.run(here, &["setup", "c"]);
    let home = here.join("home");
    let output = isospin(here)
        .args(["setup", "c"])
        .env("ISOSPIN_HOME", &home)
        .env("PATH", "")
        .env("ISOSPIN_ZIG", here.join("no-zig"))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().lines().for_each(|line| drop(checked.line(line)));

    let language = isospin_builder::language::find("c").unwrap();
    if isospin_builder::toolchain::resolve(language).is_ok() {
        let app = here.join("app");
        std::fs::create_dir_all(app.join("one")).unwrap();
        std::fs::create_dir_all(app.join("bad")).unwrap();
        std::fs::write(app.join("one/handler.c"), HANDLER).unwrap();
        std::fs::write(app.join("bad/handler.c"), "nonsense\n").unwrap();
        let manifest = "[app]\nname = \"app\"\n[component.one]\nroute = \"/...\"\n";
        let bad = "[component.bad]\nroute = \"/bad\"\n";
        std::fs::write(app.join("isospin.toml"), format!("{manifest}{bad}")).unwrap();
        checked.run(&app, &["build"]);
        std::fs::write(app.join("isospin.toml"), manifest).unwrap();
        checked.run(&app, &["build"]);
        let short = ["--duration", "1", "--rounds", "1", "--connections", "1"];
        checked.run(&app, &[&["bench"], &short[..]].concat());
        checked.run(&app, &["clean"]);
        served(&checked, &app);
        let seen = checked.seen.lock().unwrap();
        let described = events(&checked.schema);
        let missing: Vec<&String> = described.difference(&seen).collect();
        // Installing is tried in the test of `setup`, with a registry of its own.
        let installing = |name: &&&String| ["doing", "not_installed"].contains(&name.as_str());
        let missing: Vec<_> = missing.iter().filter(|name| !installing(name)).collect();
        assert!(missing.is_empty(), "no command told of {missing:?}");
    }
}

/// What `up` and `dev` tell while they serve.
fn served(checked: &Checked, app: &Path) {
    let listen = ["--listen", "127.0.0.1:0"];
    let (serving_now, mut lines) = serving(app, &[&["up"], &listen[..]].concat());
    let address = checked.until(&mut lines, "serving")["address"].as_str().unwrap().to_owned();
    request(&address);
    drop(serving_now);
    let dashboard = ["dev", "--dashboard", "127.0.0.1:0"];
    let (_serving, mut lines) = serving(app, &[&dashboard[..], &listen[..]].concat());
    let address = checked.until(&mut lines, "serving")["address"].as_str().unwrap().to_owned();
    checked.until(&mut lines, "swapped");
    request(&address);
    checked.until(&mut lines, "log");
    std::fs::write(app.join("one/handler.c"), HANDLER.replace("hello", "other")).unwrap();
    checked.until(&mut lines, "swapped");
    request(&address);
    checked.until(&mut lines, "answered");
}
