//! Builds the guide as a static site. An example, so that `cargo run` knows one program.

use std::path::PathBuf;

use clap::Parser;

/// Build the guide as a static site
#[derive(Parser)]
#[command(after_help = "Example:\n  cargo run -p isospin-guide --example guide -- target/guide")]
struct Arguments {
    /// The folder for the site, which is made if it is not there
    folder: PathBuf,
}

fn main() -> anyhow::Result<()> {
    isospin_guide::build(&Arguments::parse().folder)
}
