//! Hello beside what other tools make of the same languages: installed into a
//! folder that is thrown away, by the package managers' own clients.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use isospin_builder::bench::Unit;
use isospin_builder::component::World;
use isospin_builder::toolchain::{Finder, WASMTIME};

use crate::apps::{App, Built, run, timed};
use crate::serving::{ROUND, p50, rate};
use crate::subject::{Result, Subject, take_turns};
use crate::table::{Cell, Table};

const COMPONENTIZE_JS: &str = "@bytecodealliance/componentize-js@0.23.0";
const COMPONENTIZE_PY: &str = "componentize-py==0.25.1";

/// The version of the world's packages that componentize-js 0.23 knows; its
/// engine exports no other.
const WASI_OF_COMPONENTIZE_JS: &str = "0.2.10";

/// A build takes seconds.
const BUILDS: usize = 3;

/// Another tool: the language it is for, and how it builds hello.
struct Peer {
    name: &'static str,
    language: &'static str,
    build: fn(&Path) -> Result<(PathBuf, Command)>,
}

const PEERS: &[Peer] = &[
    Peer { name: "componentize-js", language: "javascript", build: componentize_js },
    Peer { name: "componentize-py", language: "python", build: componentize_py },
];

/// Size, build after an edit, and a fresh instance per request of ours and of
/// theirs. All are served by `wasmtime serve -S cli`, as theirs want more of a
/// host than the world has.
///
/// # Errors
/// If a tool cannot be installed, or hello not be built.
pub fn side_by_side(folder: &Path, hello: &App, rounds: usize) -> Result<Table> {
    let columns = &["made by", "language", "size", "build", "p50", "requests/s"];
    let mut table = Table::new("Hello beside other tools, on wasmtime", columns);
    let Some(wasmtime) = Finder::of_user()?.look(&WASMTIME)?.found else {
        table.row([Cell::text("not measured: `isospin setup --hosts` installs wasmtime")]);
        return Ok(table);
    };
    let ours = hello.build(None)?;
    let mut made: Vec<(&str, Built, Duration)> = Vec::new();
    for peer in PEERS {
        if let Some(built) = ours.iter().find(|built| built.language == peer.language) {
            let build = || hello.build_one(&built.name).map(drop);
            made.push(("isospin", built.clone(), hello.edits(&built.name, build)?));
        }
        let (path, mut command) = (peer.build)(&folder.join(peer.name))?;
        let time = timed(BUILDS, || run(&mut command))?;
        let size = std::fs::metadata(&path)?.len();
        let language = peer.language.to_owned();
        made.push((peer.name, Built { name: peer.name.to_owned(), language, path, size }, time));
    }
    let mut subjects = Vec::new();
    for (_, built, _) in &made {
        subjects.push(Subject::told(&built.name, |address| {
            let mut command = Command::new(&wasmtime.path);
            command.args(["serve", "-Scli", "--addr", &address.to_string()]).arg(&built.path);
            command
        })?);
    }
    take_turns(&mut subjects, &[1], rounds, ROUND)?;
    for ((maker, built, time), subject) in made.iter().zip(&subjects) {
        table.row([
            Cell::text(*maker),
            Cell::text(&*built.language),
            Cell::Bytes(built.size),
            Cell::Time(*time),
            Cell::figure(Unit::Milliseconds, subject.figure(0, p50)),
            Cell::figure(Unit::PerSecond, subject.figure(0, rate)),
        ]);
    }
    Ok(table)
}

fn componentize_js(folder: &Path) -> Result<(PathBuf, Command)> {
    write(folder, "package.json", r#"{ "name": "peer", "private": true }"#)?;
    write(folder, "hello.js", include_str!("peers/hello.js"))?;
    write(folder, "componentize.mjs", include_str!("peers/componentize.mjs"))?;
    for (path, text) in World::new([]).files() {
        // Also where it stands without the sign: what is new since then is taken as older.
        let text = ["0.2.12", "0.2.11"]
            .iter()
            .fold(text, |text, newer| text.replace(newer, WASI_OF_COMPONENTIZE_JS));
        write(&folder.join("wit"), &path, &text)?;
    }
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--silent", COMPONENTIZE_JS])
        .current_dir(folder))?;
    let mut command = Command::new("node");
    command
        .args(["componentize.mjs", "hello.js", "wit", "application", "hello.wasm"])
        .current_dir(folder);
    Ok((folder.join("hello.wasm"), command))
}

fn componentize_py(folder: &Path) -> Result<(PathBuf, Command)> {
    write(folder, "app/app.py", include_str!("peers/app.py"))?;
    for (path, text) in World::new([]).files() {
        write(&folder.join("wit"), &path, &text)?;
    }
    let packages = folder.join("packages");
    run(Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"])
        .arg(&packages)
        .arg(COMPONENTIZE_PY))?;
    let mut command = Command::new(packages.join("bin/componentize-py"));
    command
        .env("PYTHONPATH", &packages)
        .args(["-d", "wit", "-w", "application", "componentize"])
        .args(["-p", "app", "app", "-o", "hello.wasm"])
        .current_dir(folder);
    Ok((folder.join("hello.wasm"), command))
}

fn write(folder: &Path, path: &str, text: &str) -> Result<()> {
    let path = folder.join(path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(std::fs::write(path, text)?)
}
