//! Prints what building and serving cost, in one run:
//!
//! ```text
//! cargo build --release -p isospin-builder && cargo run --release -p isospin-builder --example figures
//! ```
//!
//! Times are medians; those of loads are shown with their noise. On a shared
//! machine only their ratios mean something, and the load average beside each
//! table tells how busy it was. What a component costs in all, `isospin bench` tells.

#![allow(clippy::print_stdout, reason = "a program that prints figures")]
#![allow(clippy::disallowed_methods, reason = "it measures in a folder of its own")]

mod apps;
mod building;
mod dev;
mod engine;
mod memory;
mod new;
mod nothing;
mod peers;
mod serving;
mod subject;
mod table;

use clap::{Parser, ValueEnum};
use isospin_builder::app;
use isospin_builder::report::Manner;
use isospin_builder::suite::build_guests;

use apps::{App, Built, repository};
use serving::Asking;
use subject::Result;
use table::{Cell, Table};

/// The component to which all others are compared.
const UNIT: &str = "hello-c";

/// Components beside hello: the app, its component, and the path to ask for.
const VARIANTS: &[(&str, &str, &str)] = &[
    ("builder/tests/go/apps", "lean", "/lean"),
    ("builder/tests/libraries/javascript", "hono", "/hello/x"),
    ("builder/tests/libraries/javascript", "hono-quick", "/hello/x"),
    ("builder/tests/libraries/javascript", "hono-zod", "/hello/x"),
    ("builder/tests/libraries/javascript", "zod", ""),
];

/// Prints what building and serving cost
#[derive(Parser)]
struct Arguments {
    /// What to measure [default: all]
    what: Vec<What>,
    /// One line of JSON for each table
    #[arg(long)]
    json: bool,
    /// Rounds of load for each server
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Also installs all tools into an empty folder, and times that and `up` after it
    #[arg(long)]
    from_nothing: bool,
    /// Also installs componentize-js and componentize-py into an empty folder, and measures what they make
    #[arg(long)]
    peers: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Sizes of hello and of the variants; first builds, edits
    Building,
    /// Builds of many components, and of several at once
    Engine,
    /// From a save to the new answer under `isospin dev`
    Dev,
    /// Fresh instances of every language
    Languages,
    /// C hello beside another host
    Hosts,
    /// Builds of the example app
    Rosetta,
    /// From `isospin new` to the first answer
    New,
    /// What a body of 8 MiB does to the guest's memory
    Memory,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let wants = |what| arguments.what.is_empty() || arguments.what.contains(&what);
    let print = |table: Table| table.print(arguments.json);
    let folder = tempfile::tempdir()?;
    let hello = App::copy("examples/hello", folder.path())?;
    if wants(What::Building) {
        print(building::components(&hello)?);
        print(building::rust_against_cargo(&hello)?);
    }
    if wants(What::Engine) {
        print(engine::many(&hello, folder.path())?);
        let apart = folder.path().join("at-once");
        print(engine::at_once(&App::copy("examples/rosetta", &apart)?, &apart)?);
    }
    if wants(What::Dev) {
        print(dev::edits(&hello)?);
    }
    if wants(What::Rosetta) {
        print(building::nothing(&App::copy("examples/rosetta", folder.path())?)?);
    }
    if wants(What::Building) || wants(What::Languages) {
        let variants = variants(folder.path())?;
        let built: Vec<Built> = variants.iter().map(|asked| asked.built.clone()).collect();
        if wants(What::Building) {
            print(building::sizes("Sizes of variants", &built)?);
        }
        if wants(What::Languages) {
            let hello = hello.build(None)?.into_iter().map(|built| Asking { built, path: "/" });
            let variants = variants.into_iter().filter(|asked| !asked.path.is_empty());
            let asking: Vec<Asking> = hello.chain(variants).collect();
            print(serving::languages(&asking, UNIT, arguments.rounds)?);
        }
    }
    if wants(What::Hosts) {
        print(serving::hosts(&hello.build_one(UNIT)?, arguments.rounds)?);
    }
    if wants(What::New) {
        print(new::first_answers(folder.path())?);
    }
    if wants(What::Memory) {
        print(echoes(folder.path())?);
    }
    if arguments.peers {
        print(peers::side_by_side(folder.path(), &hello, arguments.rounds)?);
    }
    if arguments.from_nothing {
        print(nothing::set_up(folder.path())?);
    }
    Ok(())
}

/// The variants, built. Two of the same app are built in one copy of it.
fn variants(folder: &std::path::Path) -> Result<Vec<Asking>> {
    let mut variants = Vec::new();
    for (app, component, path) in VARIANTS {
        let name = std::path::Path::new(app).file_name().unwrap_or_default();
        let app = match folder.join(name) {
            folder if folder.is_dir() => App { folder },
            _ => App::copy(app, folder)?,
        };
        variants.push(Asking { built: app.build_one(component)?, path });
    }
    Ok(variants)
}

/// The least memory with which each language's guest echoes large bodies.
fn echoes(folder: &std::path::Path) -> Result<Table> {
    let app = app::load(Some(&repository().join("conformance/guests")))?;
    let quiet = Manner { quiet: true, ..Manner::default() };
    let columns = &["language", "at the start", "8 MiB", "32 MiB"];
    let mut table = Table::new("Memory to echo a body", columns);
    for guest in build_guests(&app, &[], quiet)? {
        let least = |length| memory::least(&guest.component, length, folder.join("code"));
        table.row([
            Cell::text(&*guest.language),
            Cell::Bytes(memory::start(&guest.component)?),
            Cell::Bytes(least(memory::LARGE)?),
            Cell::Bytes(least(memory::LARGER)?),
        ]);
    }
    Ok(table)
}
