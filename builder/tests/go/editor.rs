//! gopls, Go's language server, in an app: it finds the SDK through the app's
//! `go.mod` as it stands. Where it is not installed the tests are ignored;
//! CONTRIBUTING.md says how to install it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{MODULE, app, build};
use crate::{Test, optional};

pub fn tests() -> Vec<Test> {
    let missing = gopls().is_none().then(|| {
        "there is no gopls, Go's language server: install it with Go (0.23 is known to work)"
            .to_owned()
    });
    vec![optional("gopls completes and finds the SDK", missing, finds_the_sdk)]
}

/// In ISOSPIN_GOPLS, on PATH, or where `go install` puts it.
fn gopls() -> Option<PathBuf> {
    let chosen = std::env::var_os("ISOSPIN_GOPLS").map(PathBuf::from);
    let on_path = || {
        let folders = std::env::var_os("PATH")?;
        std::env::split_paths(&folders)
            .map(|folder| folder.join("gopls"))
            .find(|file| file.is_file())
    };
    let installed = || {
        let output = Command::new("go").args(["env", "GOPATH"]).output().ok()?;
        Some(Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("bin/gopls"))
    };
    chosen.or_else(on_path).or_else(installed).filter(|file| file.is_file())
}

/// An app that is being written: `isospin.` is not finished.
const SOURCE: &str = "package main\n\nimport (\n\t\"net/http\"\n\n\t\"isospin\"\n)\n\nfunc main() {\n\tisospin.Handle(http.NotFoundHandler())\n\tisospin.\n}\n";

fn finds_the_sdk() {
    let folder = app(MODULE, SOURCE, &[]);
    let file = folder.path().join("main.go").canonicalize().unwrap();
    // It does not compile yet, and nothing but the SDK is written.
    let output = build(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let module = std::fs::read_to_string(folder.path().join("go.mod")).unwrap();
    assert_eq!(module, MODULE, "the build has changed go.mod");
    assert!(!folder.path().join("go.sum").exists());

    let mut server = LanguageServer::start(folder.path());
    server.open(&file, SOURCE);
    // The H of `isospin.Handle`, and the place behind the second `isospin.`.
    let definition = server.ask("textDocument/definition", position(&file, 9, 10));
    let place = definition[0]["uri"].as_str().unwrap_or_default().to_owned();
    assert!(place.contains("/.isospin/sdk/go/"), "{definition}");
    let completion = server.ask("textDocument/completion", position(&file, 10, 9));
    let items = completion["items"].as_array().cloned().unwrap_or_default();
    let has = |label: &str| items.iter().any(|item| item["label"] == label);
    for label in ["Handle", "HandlerFunc", "Client", "Transport"] {
        assert!(has(label), "{label} is not in {completion}");
    }
    let hover = server.ask("textDocument/hover", position(&file, 9, 10));
    assert!(hover.to_string().contains("http.Handler"), "{hover}");
}

fn position(file: &Path, line: u32, character: u32) -> Value {
    json!({
        "textDocument": { "uri": format!("file://{}", file.display()) },
        "position": { "line": line, "character": character },
    })
}

/// The little of the Language Server Protocol that is needed here.
struct LanguageServer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: u64,
}

impl LanguageServer {
    fn start(folder: &Path) -> LanguageServer {
        let mut process = Command::new(gopls().unwrap())
            .current_dir(folder)
            // All that it needs is in the app and in the distribution.
            .env("GOPROXY", "off")
            .env("GOFLAGS", "")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut server = LanguageServer { process, input, output, asked: 0 };
        let root = format!("file://{}", folder.canonicalize().unwrap().display());
        let folders = json!([{ "uri": root, "name": "app" }]);
        server.ask(
            "initialize",
            json!({ "processId": null, "rootUri": root, "workspaceFolders": folders, "capabilities": {} }),
        );
        server.tell("initialized", json!({}));
        server
    }

    fn open(&mut self, file: &Path, text: &str) {
        let uri = format!("file://{}", file.display());
        let document = json!({ "uri": uri, "languageId": "go", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn tell(&mut self, method: &str, parameters: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
    }

    /// Asks and waits for the answer; what the server asks meanwhile gets an empty one.
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        loop {
            let message = self.receive();
            if message.get("method").is_some() {
                if let Some(id) = message.get("id") {
                    self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
                }
            } else if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let count = self.output.read_line(&mut line).unwrap();
            assert!(count > 0, "gopls has ended");
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.parse().unwrap();
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }
}

impl Drop for LanguageServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
