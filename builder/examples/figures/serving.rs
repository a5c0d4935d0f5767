//! What requests cost: each language beside C, and our host beside another.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use isospin_builder::bench::load::Load;
use isospin_builder::bench::{
    Asked, Ledger, Measure, Mode, Moment, Options, Unit, run as measured,
};
use isospin_builder::serving::single;
use isospin_builder::toolchain::{Finder, WASMTIME};
use isospin_host::Limits;

use crate::apps::{Built, isospin};
use crate::subject::{Result, Subject, take_turns};
use crate::table::{Cell, Table};

/// The connections at once, from the figures to reach.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How long one round of load takes.
pub const ROUND: Duration = Duration::from_millis(500);

/// Requests per second.
pub fn rate(load: &Load) -> f64 {
    load.rate
}

/// Median latency, in milliseconds.
pub fn p50(load: &Load) -> f64 {
    load.p50
}

/// A component that is asked for a path.
pub struct Asking {
    pub built: Built,
    pub path: &'static str,
}

/// One connection to each component, a fresh instance per request, as ratios
/// to the component called `unit`.
///
/// # Errors
/// If one does not answer.
pub fn languages(asking: &[Asking], unit: &str, rounds: usize) -> Result<Table> {
    let mut subjects = Vec::new();
    for Asking { built, path } in asking {
        subjects.push(measured::Subject {
            component: single(&built.path, BTreeMap::new(), Vec::new()),
            asked: Asked::path(path)?,
        });
    }
    let turns = u32::try_from(rounds * Mode::ALL.len())?;
    let options = Options {
        rounds,
        time: ROUND * turns,
        connections: vec![1],
        reuse: 1000,
        limits: Limits::default(),
    };
    let records = measured::measure(subjects, &options, |_, _| {})?;
    let of = records.iter().find(|record| record.subject.component.name == unit);
    let of = of.ok_or_else(|| format!("{unit}: it was not built"))?;
    let columns = &["component", "language", "p50", "to C", "requests/s"];
    let mut table = Table::new("A fresh instance per request, one connection", columns);
    let p50 = Measure::Answer(Mode::Fresh, Moment::P50);
    for record in &records {
        let ledger = Ledger::new(record, &options, Some(of));
        let ratio = ledger.ratio(p50).map(|ratio| ratio.figure);
        table.row([
            Cell::text(&*ledger.component),
            Cell::text(ledger.language.as_deref().unwrap_or_default()),
            Cell::figure(Unit::Milliseconds, ledger.figure(p50)),
            Cell::times(ratio),
            Cell::figure(Unit::PerSecond, ledger.figure(Measure::Requests(Mode::Fresh, 1))),
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
    let mut command = isospin()?;
    command.args(["serve", "--json", "--quiet", "--listen", "127.0.0.1:0"]).arg(&built.path);
    let ours = Subject::telling(&built.name, &mut command)?;
    let theirs = Subject::told("wasmtime", |address| {
        let mut command = Command::new(&wasmtime.path);
        command.args(["serve", "--addr", &address.to_string()]).arg(&built.path);
        command
    })?;
    let mut subjects = [ours, theirs];
    take_turns(&mut subjects, &CONNECTIONS, rounds, ROUND)?;
    let [ours, theirs] = &subjects;
    for (index, connections) in CONNECTIONS.into_iter().enumerate() {
        table.row([
            Cell::text(connections.to_string()),
            Cell::figure(Unit::Milliseconds, ours.figure(index, p50)),
            Cell::figure(Unit::Milliseconds, theirs.figure(index, p50)),
            Cell::times(ours.ratio(theirs, index, p50)),
            Cell::figure(Unit::PerSecond, ours.figure(index, rate)),
            Cell::figure(Unit::PerSecond, theirs.figure(index, rate)),
            Cell::times(ours.ratio(theirs, index, rate)),
        ]);
    }
    Ok(table)
}
