//! What requests cost: each language beside C, and our host beside another.

use std::process::Command;
use std::time::Duration;

use isospin_builder::toolchain::{Finder, WASMTIME};

use crate::apps::{Built, isospin};
use crate::load::{Load, Result, Subject, take_turns};
use crate::table::{Cell, Table};

/// The connections at once, from the figures to reach.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How long one round of load takes.
pub const ROUND: Duration = Duration::from_millis(500);

/// Requests per second.
pub fn rate(load: &Load) -> f64 {
    load.rate
}

/// Median latency.
pub fn p50(load: &Load) -> f64 {
    load.p50
}

/// A component that is asked for a path.
pub struct Asked {
    pub built: Built,
    pub path: &'static str,
}

/// One connection to each component, a fresh instance per request, as ratios
/// to the component called `unit`.
///
/// # Errors
/// If one does not answer.
pub fn languages(asked: &[Asked], unit: &str, rounds: usize) -> Result<Table> {
    let mut subjects = Vec::new();
    for asked in asked {
        subjects.push(serve(&asked.built, asked.path)?);
    }
    take_turns(&mut subjects, &[1], rounds, ROUND)?;
    let of = subjects.iter().find(|subject| subject.name == unit);
    let of = of.ok_or_else(|| format!("{unit}: it was not built"))?;
    let columns = &["component", "language", "p50", "to C", "requests/s"];
    let mut table = Table::new("A fresh instance per request, one connection", columns);
    for (subject, asked) in subjects.iter().zip(asked) {
        table.row([
            Cell::text(&*subject.name),
            Cell::text(&*asked.built.language),
            Cell::microseconds(subject.median(0, p50)),
            Cell::Ratio(subject.ratio(of, 0, p50)),
            Cell::Rate(subject.median(0, rate)),
        ]);
    }
    Ok(table)
}

/// Our host and `wasmtime serve` with the same component.
///
/// # Errors
/// If one does not answer.
pub fn hosts(built: &Built, rounds: usize) -> Result<Table> {
    let title = format!("{} on this host beside `wasmtime serve`", built.name);
    let columns = &["connections", "p50", "theirs", "ratio", "requests/s", "theirs", "ratio"];
    let mut table = Table::new(title, columns);
    let Some(wasmtime) = Finder::of_user()?.look(&WASMTIME)?.found else {
        table.row([Cell::text("not measured: `isospin setup --hosts` installs wasmtime")]);
        return Ok(table);
    };
    let theirs = Subject::told("wasmtime", "/", |address| {
        let mut command = Command::new(&wasmtime.path);
        command.args(["serve", "--addr", &address.to_string()]).arg(&built.path);
        command
    })?;
    let mut subjects = [serve(built, "/")?, theirs];
    take_turns(&mut subjects, &CONNECTIONS, rounds, ROUND)?;
    let [ours, theirs] = &subjects;
    for (index, connections) in CONNECTIONS.into_iter().enumerate() {
        table.row([
            Cell::text(connections.to_string()),
            Cell::microseconds(ours.median(index, p50)),
            Cell::microseconds(theirs.median(index, p50)),
            Cell::Ratio(ours.ratio(theirs, index, p50)),
            Cell::Rate(ours.median(index, rate)),
            Cell::Rate(theirs.median(index, rate)),
            Cell::Ratio(ours.ratio(theirs, index, rate)),
        ]);
    }
    Ok(table)
}

/// `isospin serve` with one component.
fn serve(built: &Built, path: &str) -> Result<Subject> {
    let mut command = isospin()?;
    command.args(["serve", "--json", "--quiet", "--listen", "127.0.0.1:0"]).arg(&built.path);
    Subject::telling(&built.name, path, &mut command)
}
