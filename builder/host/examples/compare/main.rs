//! Measures this host beside `wasmtime serve` on one component, in one run:
//!
//! ```text
//! cargo run --release -p isospin-host --example compare -- hello.wasm [wasmtime] [rounds]
//! ```
//!
//! Each host is a process of its own and gets the same load from this one, over
//! connections that stay open, turn by turn; the figures are medians of the
//! rounds. Without the name of a `wasmtime` program the host is measured alone.

#![allow(
    clippy::disallowed_methods,
    reason = "the measured processes are ended with the measurement"
)]

mod load;

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use isospin_host::{Component, Configuration, Server, Source};
use load::{Load, Result, Subject, take_turns};

const CONNECTIONS: [usize; 3] = [1, 16, 64];
const ROUND: Duration = Duration::from_millis(1000);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, file] if flag == "--serve" => serve(file),
        [file] => compare(file, None, 9),
        [file, wasmtime] => compare(file, Some(wasmtime), 9),
        [file, wasmtime, rounds] => compare(file, Some(wasmtime), rounds.parse()?),
        _ => Err("usage: compare FILE.wasm [WASMTIME] [ROUNDS]".into()),
    }
}

/// The measured process: tells its address, and serves until its input closes.
fn serve(file: &str) -> Result<()> {
    let component = Component::alone("measured", Source::File(file.into()));
    let server = Server::start(Configuration::default(), &[component])?;
    writeln!(std::io::stdout(), "{}", server.local_address())?;
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

fn compare(file: &str, wasmtime: Option<&str>, rounds: usize) -> Result<()> {
    if !Path::new(file).is_file() {
        return Err(format!("{file}: there is no such file").into());
    }
    let mut ours = Command::new(std::env::current_exe()?);
    ours.args(["--serve", file]);
    let mut subjects = vec![Subject::telling("isospin", "/", &mut ours)?];
    if let Some(program) = wasmtime {
        subjects.push(Subject::told("wasmtime serve", "/", |address| {
            let mut command = Command::new(program);
            command.args(["serve", "--addr", &address.to_string(), file]);
            command
        })?);
    }
    take_turns(&mut subjects, &CONNECTIONS, rounds, ROUND)?;
    report(&subjects)
}

fn report(subjects: &[Subject]) -> Result<()> {
    let rate: fn(&Load) -> f64 = |load| load.rate;
    let p50: fn(&Load) -> f64 = |load| load.p50;
    let mut out = std::io::stdout().lock();
    writeln!(out, "connections  host            requests/s     p50 us")?;
    for (index, connections) in CONNECTIONS.into_iter().enumerate() {
        for subject in subjects {
            let (rate, p50) = (subject.median(index, rate), subject.median(index, p50));
            writeln!(out, "{connections:>11}  {:<14} {rate:>11.0} {p50:>10.1}", subject.name)?;
        }
        if let [ours, theirs] = subjects {
            let (rate, p50) = (ours.ratio(theirs, index, rate), ours.ratio(theirs, index, p50));
            writeln!(out, "{connections:>11}  ratio          {rate:>11.2} {p50:>10.2}")?;
        }
    }
    Ok(())
}
