//! One file per command. Each parses its arguments and calls one operation.

mod build;
mod conform;
mod doctor;
mod explain;
mod inspect;
mod serve;
mod setup;
mod up;

use clap::{Args, Parser, Subcommand};

use crate::language::LANGUAGES;
use crate::report::{Manner, Result};
use crate::toolchain::User;

/// Turns HTTP handlers in any of six languages into small WASI components.
#[derive(Debug, Parser)]
#[command(name = "isospin", version, propagate_version = true, subcommand_required = true)]
pub struct Isospin {
    #[command(flatten)]
    speech: Speech,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command has.
#[derive(Debug, Clone, Args)]
struct Speech {
    /// Print data as JSON on stdout, one object per line
    #[arg(long, global = true)]
    json: bool,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: every stage, every command that is run
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Build),
    Serve(serve::Serve),
    Up(up::Up),
    Doctor(doctor::Doctor),
    Explain(explain::Explain),
    Setup(setup::Setup),
    Inspect(inspect::Inspect),
    Conform(conform::Conform),
}

/// Languages as arguments; none means all of them.
#[derive(Debug, Clone, Args)]
struct LanguageNames {
    /// The languages [default: all]
    #[arg(value_name = "LANGUAGE", value_parser = language_names())]
    languages: Vec<String>,
}

fn language_names() -> clap::builder::PossibleValuesParser {
    LANGUAGES.iter().map(|language| language.name()).collect::<Vec<_>>().into()
}

impl LanguageNames {
    fn is_empty(&self) -> bool {
        self.languages.is_empty()
    }

    /// In the order of the table, each once.
    fn users(&self) -> Vec<User> {
        let users = LANGUAGES.iter().map(|language| User::from(*language));
        users
            .filter(|user| self.is_empty() || self.languages.iter().any(|name| name == user.name))
            .collect()
    }
}

impl Isospin {
    pub fn manner(&self) -> Manner {
        Manner { json: self.speech.json, quiet: self.speech.quiet, verbose: self.speech.verbose }
    }

    /// Runs the command.
    ///
    /// # Errors
    /// What the command could not do; its code tells the exit code.
    pub fn run(self) -> Result<()> {
        let manner = self.manner();
        start_log(manner.verbose);
        crate::process::handle_interrupts();
        match self.command {
            Command::Build(build) => build.run(manner),
            Command::Serve(serve) => serve.run(manner),
            Command::Up(up) => up.run(manner),
            Command::Conform(conform) => conform.run(manner),
            Command::Inspect(inspect) => inspect.run(manner),
            Command::Doctor(doctor) => doctor.run(manner),
            Command::Explain(explain) => explain.run(manner),
            Command::Setup(setup) => setup.run(manner),
        }
    }
}

/// The log of what the program itself does: `RUST_LOG` chooses, `--verbose` shows commands.
fn start_log(verbose: bool) {
    use tracing_subscriber::EnvFilter;
    let fallback = if verbose { "warn,isospin_builder=debug" } else { "error" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(fallback));
    // A second start (in tests) finds a log that already runs: that is fine.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .try_init();
}
