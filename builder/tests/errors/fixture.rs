//! A fixture in a file: what is needed, a command, and the files on which it runs.
//!
//! ```text
//! needs: c
//! env: ISOSPIN_ZIG=APP/tool
//! run: build app
//! -- app/handler.c --
//! int nothing(void) { return 0; }
//! ```
//!
//! - `needs`: languages, or what `surroundings.rs` knows besides;
//! - `env`: a variable; `hide`: a program that must not be found on `PATH`;
//! - `shell`: a command that prepares the folder; `given: hello.wasm`: a good
//!   component that is put there;
//! - `mount: OPTIONS FOLDER`: a file system in memory; `under`: a command before ours;
//! - `varies`: what a tool printed is of no version that is pinned, and left out;
//! - `run`: the arguments of `isospin`. It must fail.
//!
//! `APP` stands for the folder. A file that begins with `#!` can be run; one
//! named `x (wat)` is assembled, one named `x (latin1)` written in that encoding.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::surroundings::{self, PROGRAM};

pub struct Fixture {
    pub name: String,
    head: Vec<(String, String)>,
    files: Vec<(String, String)>,
}

impl Fixture {
    /// All of them, sorted by name.
    pub fn all() -> Vec<Fixture> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors/fixtures");
        let mut paths: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| Fixture::read(path)).collect()
    }

    fn read(path: &Path) -> Fixture {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut fixture = Fixture { name, head: Vec::new(), files: Vec::new() };
        for line in text.lines() {
            let file = line.strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
            if let Some(file) = file {
                fixture.files.push((file.to_owned(), String::new()));
            } else if let Some((_, text)) = fixture.files.last_mut() {
                text.push_str(line);
                text.push('\n');
            } else {
                let (key, value) = line.split_once(": ").unwrap_or((line, ""));
                fixture.head.push((key.to_owned(), value.to_owned()));
            }
        }
        fixture
    }

    pub fn needs(&self) -> Vec<&str> {
        let mut needs: Vec<&str> = self.values("needs").flat_map(str::split_whitespace).collect();
        // The component that is given is made of C.
        needs.extend(self.values("given").map(|_| "c"));
        needs
    }

    /// What the program says, with the folder's name taken out.
    pub fn run(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        self.write(&folder);
        let app = folder.path().canonicalize().unwrap();
        for name in self.values("given") {
            std::fs::write(app.join(name), surroundings::hello()).unwrap();
        }
        for line in self.values("shell") {
            let done = Command::new("sh").args(["-c", line]).current_dir(&app).status().unwrap();
            assert!(done.success(), "{line}");
        }
        let mut command = self.command(&app);
        command.current_dir(&app).env_remove("RUST_LOG");
        for name in self.values("hide") {
            command.env("PATH", surroundings::path_without(name));
            command.env_remove(format!("ISOSPIN_{}", name.to_uppercase()));
        }
        for pair in self.values("env") {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            command.env(name, value.replace("APP", app.to_str().unwrap()));
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{} does not fail: {said}", self.name);
        let said = surroundings::normal(&said, &app);
        match self.values("varies").next() {
            Some(_) => without_output(&said),
            None => said,
        }
    }

    fn command(&self, app: &Path) -> Command {
        let arguments = self.values("run").next().expect("a fixture has a line `run`");
        let arguments = arguments.split_whitespace();
        if let Some(mount) = self.values("mount").next() {
            let (options, folder) = mount.split_once(' ').unwrap();
            std::fs::create_dir(app.join(folder)).unwrap();
            let script =
                format!("mount -t tmpfs -o {options} tmpfs {folder} && exec \"$0\" \"$@\"");
            let mut command = surroundings::mounting(&script);
            command.arg(PROGRAM).args(arguments);
            return command;
        }
        let under: Vec<&str> = self.values("under").flat_map(str::split_whitespace).collect();
        let mut words = under.into_iter().chain([PROGRAM]).chain(arguments);
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        command
    }

    fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.head.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn write(&self, folder: &TempDir) {
        use std::os::unix::fs::PermissionsExt;
        let app = folder.path().canonicalize().unwrap();
        for (name, text) in &self.files {
            let (name, form) = name.split_once(" (").unwrap_or((name, ""));
            let path = app.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let bytes = match form {
                "wat)" => wat::parse_str(text).unwrap(),
                "latin1)" => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
                _ => text.replace("APP", app.to_str().unwrap()).into_bytes(),
            };
            let is_script = bytes.starts_with(b"#!");
            std::fs::write(&path, bytes).unwrap();
            if is_script {
                let mode = std::fs::Permissions::from_mode(0o755);
                std::fs::set_permissions(&path, mode).unwrap();
            }
        }
    }
}

/// The text without what a tool printed: it stands between the causes and the
/// hint, with an empty line on either side.
fn without_output(said: &str) -> String {
    let start = said.find("\n\n  ");
    let end = said.rfind("\n\nhint: ").or_else(|| said.rfind("\n\nmore: "));
    match (start, end) {
        (Some(start), Some(end)) if start < end => {
            format!("{}\n\n  (what the tool printed){}", &said[..start], &said[end..])
        }
        _ => said.to_owned(),
    }
}
