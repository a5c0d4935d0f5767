//! The app of this folder, built and served.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use isospin_builder::app::{self, App};
use isospin_builder::language::Language;
use isospin_builder::report::{Built, Silent, render};
use isospin_builder::{files, pipeline};
use isospin_host::{Component, Configuration, Limits, Line, Server, Source};
use tempfile::TempDir;

/// One language's component of the app, in a folder of its own.
pub struct Subject {
    language: &'static dyn Language,
    _parent: TempDir,
    folder: PathBuf,
}

impl Subject {
    /// Copies the component into a folder called `name` and builds it.
    pub fn built(language: &'static dyn Language, name: &str) -> Subject {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().canonicalize().unwrap().join(name);
        let manifest = format!(
            "[app]\nname = \"traces\"\n\n[component.{}]\nroute = \"/...\"\n",
            language.name()
        );
        for file in sources(language) {
            let target = folder.join(file.strip_prefix(app_folder()).unwrap());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(&file, target).unwrap();
        }
        std::fs::write(folder.join("isospin.toml"), manifest).unwrap();
        let subject = Subject { language, _parent: parent, folder };
        subject.build();
        subject
    }

    pub fn build(&self) -> Built {
        let options = pipeline::Options::default();
        let built = pipeline::build(&self.app(), &options, &Silent);
        built.unwrap_or_else(|error| panic!("{}", render(&error, false))).remove(0)
    }

    pub fn app(&self) -> App {
        app::load(Some(&self.folder)).unwrap_or_else(|error| panic!("{}", render(&error, false)))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn artifact(&self) -> PathBuf {
        self.folder.join("dist").join(self.language.name()).with_extension("wasm")
    }
}

fn app_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces/app")
}

/// The component's files, without what builds of it left.
fn sources(language: &dyn Language) -> Vec<PathBuf> {
    let all = files::files_below(&app_folder().join(language.name()));
    let all = all.unwrap_or_else(|error| panic!("{}", render(&error, false)));
    let left = [".isospin", "target", "__pycache__", "compile_commands.json", "tsconfig.json"];
    all.into_iter()
        .filter(|path| !path.iter().any(|part| left.iter().any(|name| part == *name)))
        .collect()
}

/// Whether the compiler of this language gives places for a file of their own;
/// other languages have them inside, for traces that they write themselves.
pub fn has_sidecar(language: &dyn Language) -> bool {
    ["c", "zig", "rust"].contains(&language.name())
}

/// A line of the sources that a trace must name.
pub struct Crash {
    /// The request's.
    pub path: String,
    /// Relative to the component's folder.
    pub file: String,
    pub line: usize,
}

/// The lines with a comment `crashes: PATH`.
pub fn crashes(language: &dyn Language) -> Vec<Crash> {
    let component = app_folder().join(language.name());
    let mut found = Vec::new();
    for file in sources(language) {
        let text = std::fs::read_to_string(&file).unwrap();
        let file = file.strip_prefix(&component).unwrap().display().to_string();
        for (index, line) in text.lines().enumerate() {
            if let Some((_, path)) = line.split_once("crashes: ") {
                let path = path.split_whitespace().next().unwrap().to_owned();
                found.push(Crash { path, file: file.clone(), line: index + 1 });
            }
        }
    }
    found
}

/// A component that is served, and what it has logged.
pub struct Served {
    server: Server,
    log: Arc<Mutex<String>>,
}

impl Served {
    pub fn start(file: &Path) -> Served {
        let log = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&log);
        let configuration = Configuration {
            limits: Limits { time: Duration::from_secs(3), ..Limits::default() },
            log: Arc::new(move |line: Line<'_>| {
                let mut lines = lines.lock().unwrap();
                lines.push_str(line.text);
                lines.push('\n');
            }),
            ..Configuration::default()
        };
        let component = Component::alone("subject", Source::File(file.to_owned()));
        Served { server: Server::start(configuration, &[component]).unwrap(), log }
    }

    pub fn address(&self) -> SocketAddr {
        self.server.local_address()
    }

    /// Waits until the log fits, empties it and returns what was in it.
    pub fn expect(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let mut log = self.log.lock().unwrap();
            if fits(&log) {
                return std::mem::take(&mut *log);
            }
            assert!(Instant::now() < deadline, "{what} is not in the log:\n{log}");
            drop(log);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The same for the place of a crash, as most languages write it or as Python does.
    pub fn expect_place(&self, crash: &Crash) -> String {
        let Crash { file, line, .. } = crash;
        let forms = [
            format!("{file}:{line}:"),
            format!("{file}:{line} "),
            format!("{file}\", line {line},"),
        ];
        let forms = [&forms[0], &forms[1], &forms[2]];
        self.expect(&format!("{file}:{line}"), |log| forms.iter().any(|form| log.contains(*form)))
    }
}
