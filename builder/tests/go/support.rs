//! Apps in temporary folders, built by the program and served by the host.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use isospin_host::{Component, Configuration, Line, Server, Source};

pub const MODULE: &str =
    "module broken\n\ngo 1.25\n\nrequire isospin v0.0.0\n\nreplace isospin => ./.isospin/sdk/go\n";

/// The folder of apps beside these tests.
pub fn apps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/apps")
}

/// A folder with a `go.mod`, a `main.go`, and perhaps more files.
pub fn app(module: &str, source: impl AsRef<[u8]>, others: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("go.mod"), module).unwrap();
    std::fs::write(folder.path().join("main.go"), source).unwrap();
    for (name, text) in others {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The program, about to build an app.
pub fn build(app: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isospin"));
    command.arg("build").arg(app);
    command
}

/// Builds an app that builds, and returns its artifact.
pub fn built(app: &Path) -> PathBuf {
    expect_success(&build(app).output().unwrap());
    artifact(app)
}

pub fn expect_success(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The only artifact of an app.
pub fn artifact(app: &Path) -> PathBuf {
    let mut found = std::fs::read_dir(app.join("dist")).unwrap();
    found.next().unwrap().unwrap().path()
}

pub fn copy(from: &Path, to: &Path) {
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

/// A component that is served, and what it has logged.
pub struct Served {
    server: Server,
    log: Arc<Mutex<String>>,
}

pub fn serve(file: &Path) -> Served {
    let component = Component::alone("subject", Source::Bytes(std::fs::read(file).unwrap()));
    let log = Arc::new(Mutex::new(String::new()));
    let lines = Arc::clone(&log);
    let configuration = Configuration {
        log: Arc::new(move |line: Line<'_>| {
            let mut lines = lines.lock().unwrap();
            lines.push_str(line.text);
            lines.push('\n');
        }),
        ..Configuration::default()
    };
    Served { server: Server::start(configuration, &[component]).unwrap(), log }
}

impl Served {
    pub fn address(&self) -> SocketAddr {
        self.server.local_address()
    }

    /// Waits until the log holds `text`, and returns the log.
    pub fn logged(&self, text: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let log = self.log.lock().unwrap().clone();
            if log.contains(text) {
                return log;
            }
            assert!(Instant::now() < deadline, "{text:?} is not in the log:\n{log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends a request and returns all that comes.
    pub fn request(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        // A response that is cut may end in a reset: what came before counts.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }
}
