//! Measures JavaScript beside componentize-js (StarlingMonkey) in one run: the
//! same handler, the same host (`wasmtime serve`), the same load, turn by turn.
//!
//! `cargo run --release --example versus_javascript`. npm installs componentize-js
//! into a temporary folder. Times are medians; on a shared machine only their
//! ratios mean something.

#![allow(clippy::print_stdout, reason = "a program that prints figures")]
#![allow(clippy::disallowed_methods, reason = "it measures programs in a folder of its own")]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use isospin_builder::toolchain::{Finder, WASMTIME};

const PACKAGE: &str = "@bytecodealliance/componentize-js@0.23";
const HANDLER: &str =
    "export default { async fetch() { return new Response(\"Hello from JavaScript!\\n\"); } };\n";
/// The same handler, as componentize-js is given one.
const LISTENER: &str = "addEventListener(\"fetch\", (event) => event.respondWith(new Response(\"Hello from JavaScript!\\n\")));\n";
const COMPONENTIZE: &str = r#"
import { componentize } from "@bytecodealliance/componentize-js";
import { writeFile } from "node:fs/promises";
const { component } = await componentize({ sourcePath: "listener.js", witPath: "wit", worldName: "app" });
await writeFile("theirs.wasm", component);
"#;
/// The version of WASI that it is made for.
const THEIR_WASI: &str = "0.2.10";
const ROUNDS: usize = 3;
const LOAD: Duration = Duration::from_secs(2);

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("app"))?;
    std::fs::write(at("app/handler.js"), HANDLER)?;
    std::fs::write(at("listener.js"), LISTENER)?;
    std::fs::write(at("componentize.mjs"), COMPONENTIZE)?;
    write_world(&at("wit"))?;
    run(Command::new("npm").args(["install", "--no-audit", "--no-fund", PACKAGE]), folder.path())?;
    let isospin = std::env::current_exe()?.with_file_name("").join("../isospin");
    // The first build compiles the engine, which is kept; it is not counted.
    run(Command::new(&isospin).arg("build"), &at("app"))?;
    let mut subjects = [Subject::new("isospin"), Subject::new("componentize-js")];
    for round in 0..ROUNDS {
        let edited = HANDLER.replace("Hello", &format!("Hello{}", " again".repeat(round)));
        std::fs::write(at("app/handler.js"), edited)?;
        subjects[0].built(|| run(Command::new(&isospin).arg("build"), &at("app")))?;
        subjects[1].built(|| run(Command::new("node").arg("componentize.mjs"), folder.path()))?;
    }
    let files = [only_file(&at("app/dist"))?, at("theirs.wasm")];
    let wasmtime = wasmtime()?;
    for round in 0..=ROUNDS {
        for (subject, file) in subjects.iter_mut().zip(&files) {
            let (latency, rate) = measure(&wasmtime, file)?;
            // The first round warms up.
            if round > 0 {
                subject.latencies.push(latency);
                subject.rates.push(rate);
            }
        }
    }
    println!("{:16} {:>9} {:>9} {:>10} {:>11}", "", "size", "build", "p50", "requests/s");
    for (subject, file) in subjects.iter_mut().zip(&files) {
        let size = std::fs::metadata(file)?.len() as f64 / 1e6;
        let (build, p50, rate) = (
            median(&mut subject.builds),
            median(&mut subject.latencies),
            median(&mut subject.rates),
        );
        let name = subject.name;
        println!("{name:16} {size:>6.2} MB {build:>7.2} s {:>7.3} ms {rate:>11.0}", p50 * 1e3);
    }
    Ok(())
}

struct Subject {
    name: &'static str,
    /// Seconds.
    builds: Vec<f64>,
    latencies: Vec<f64>,
    /// Requests per second.
    rates: Vec<f64>,
}

impl Subject {
    fn new(name: &'static str) -> Subject {
        Subject { name, builds: Vec::new(), latencies: Vec::new(), rates: Vec::new() }
    }

    fn built(&mut self, build: impl FnOnce() -> Result<()>) -> Result<()> {
        let start = Instant::now();
        build()?;
        self.builds.push(start.elapsed().as_secs_f64());
        Ok(())
    }
}

fn run(command: &mut Command, folder: &Path) -> Result<()> {
    let output = command.current_dir(folder).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn only_file(folder: &Path) -> Result<PathBuf> {
    let mut entries = std::fs::read_dir(folder)?;
    Ok(entries.next().ok_or("nothing was built")??.path())
}

fn wasmtime() -> Result<PathBuf> {
    let look = Finder::of_user()?.look(&WASMTIME)?;
    Ok(look.found.ok_or("`isospin setup --hosts` installs wasmtime")?.path)
}

/// The packages of WASI, from the crate that serves them, in the version that
/// componentize-js takes, and a world that exports a handler.
fn write_world(folder: &Path) -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("cargo lists no packages")?;
    let serves = packages.iter().find(|package| package["name"] == "wasmtime-wasi-http");
    let serves = serves.and_then(|package| Path::new(package["manifest_path"].as_str()?).parent());
    let packages =
        serves.ok_or("wasmtime-wasi-http is not among the dependencies")?.join("wit/deps");
    std::fs::create_dir_all(folder.join("deps"))?;
    for entry in std::fs::read_dir(packages)? {
        let entry = entry?;
        let text = std::fs::read_to_string(entry.path())?.replace("0.2.12", THEIR_WASI);
        std::fs::write(folder.join("deps").join(entry.file_name()), text)?;
    }
    let export = format!("export wasi:http/incoming-handler@{THEIR_WASI};");
    Ok(std::fs::write(
        folder.join("world.wit"),
        format!("package local:app;\nworld app {{ {export} }}\n"),
    )?)
}

/// Serves a file and sends one request after the other; the median latency, and the rate.
fn measure(wasmtime: &Path, file: &Path) -> Result<(f64, f64)> {
    // A port that was free a moment ago: the program does not choose one itself.
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    // componentize-js needs more than the world that `serve` offers by itself.
    let process = Command::new(wasmtime)
        .args(["serve", "-S", "cli", "--addr", &address.to_string()])
        .arg(file)
        .stderr(Stdio::null())
        .spawn()?;
    let _served = Served(process);
    let begun = Instant::now();
    let stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(error) if begun.elapsed() > Duration::from_secs(180) => return Err(error.into()),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut latencies = Vec::new();
    let start = Instant::now();
    while start.elapsed() < LOAD {
        let sent = Instant::now();
        write!(writer, "GET / HTTP/1.1\r\nhost: {address}\r\n\r\n")?;
        read_response(&mut reader)?;
        latencies.push(sent.elapsed().as_secs_f64());
    }
    let rate = latencies.len() as f64 / start.elapsed().as_secs_f64();
    Ok((median(&mut latencies), rate))
}

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads one response to its end, by its length or its chunks.
fn read_response(reader: &mut impl BufRead) -> Result<()> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    if !line.contains(" 200 ") {
        return Err(format!("the answer is `{}`", line.trim()).into());
    }
    let mut length = None;
    while line.trim() != "" {
        line.clear();
        reader.read_line(&mut line)?;
        if let Some(digits) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = Some(digits.trim().parse::<usize>()?);
        }
    }
    if let Some(length) = length {
        return Ok(reader.read_exact(&mut vec![0; length])?);
    }
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim(), 16)?;
        reader.read_exact(&mut vec![0; size + 2])?;
        if size == 0 {
            return Ok(());
        }
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
