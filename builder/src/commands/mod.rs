//! One file per command. Each parses its arguments and calls one operation.

mod add;
mod address;
mod bench;
mod build;
mod choose;
mod clean;
mod completions;
mod conform;
mod dev;
mod doctor;
mod explain;
mod inspect;
mod manual;
mod new;
mod serve;
mod setup;
mod up;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::language::LANGUAGES;
use crate::report::{Code, Error, Manner, Result, print_data};
use crate::toolchain::User;

/// Turns HTTP handlers in any of six languages into small WASI components.
#[derive(Debug, Parser)]
#[command(name = "isospin", version, disable_version_flag = true, arg_required_else_help = true)]
pub struct Isospin {
    #[command(flatten)]
    speech: Speech,
    /// Print the version
    #[arg(short = 'V', long)]
    version: bool,
    #[command(subcommand)]
    command: Option<Command>,
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
    New(new::New),
    Add(add::Add),
    Build(build::Build),
    Serve(serve::Serve),
    Up(up::Up),
    Dev(dev::Dev),
    Doctor(doctor::Doctor),
    Explain(explain::Explain),
    Setup(setup::Setup),
    Inspect(inspect::Inspect),
    Bench(bench::Bench),
    Conform(conform::Conform),
    Clean(clean::Clean),
    Completions(completions::Completions),
    Manual(manual::Manual),
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

    /// The names that [`users`](LanguageNames::users) have.
    fn names(&self) -> Vec<&'static str> {
        self.users().iter().map(|user| user.name).collect()
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
    /// The command line. What is wrong with it is told, as is the help that it asks for.
    ///
    /// # Errors
    /// The exit code, if there is nothing to run.
    pub fn read() -> std::result::Result<Isospin, ExitCode> {
        Isospin::try_parse().map_err(|refusal| {
            // Nobody can ask the arguments whether a machine reads along: they make no sense.
            let json = std::env::args_os().any(|argument| argument == "--json");
            if !(json && refusal.use_stderr()) {
                refusal.exit();
            }
            let error = wrong_usage(&refusal.render().to_string());
            Manner { json, ..Manner::default() }.fail(&error);
            ExitCode::from(error.code().exit_code())
        })
    }

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
        if self.version {
            print_version(manner);
            return Ok(());
        }
        let Some(command) = self.command else {
            return Err(Error::new(Code::Usage, "isospin: a command is missing")
                .hint("`isospin --help` lists them."));
        };
        match command {
            Command::New(new) => new.run(manner),
            Command::Add(add) => add.run(manner),
            Command::Build(build) => build.run(manner),
            Command::Serve(serve) => serve.run(manner),
            Command::Up(up) => up.run(manner),
            Command::Dev(dev) => dev.run(manner),
            Command::Bench(bench) => bench.run(manner),
            Command::Conform(conform) => conform.run(manner),
            Command::Inspect(inspect) => inspect.run(manner),
            Command::Doctor(doctor) => doctor.run(manner),
            Command::Explain(explain) => explain.run(manner),
            Command::Setup(setup) => setup.run(manner),
            Command::Clean(clean) => clean.run(manner),
            Command::Completions(completions) => completions.run(),
            Command::Manual(manual) => manual.run(manner),
        }
    }
}

/// The program's version, and the languages that it knows.
fn print_version(manner: Manner) {
    let version = env!("CARGO_PKG_VERSION");
    print_data(&match manner.json {
        false => format!("isospin {version}"),
        true => serde_json::json!({
            "isospin": version,
            "languages": LANGUAGES.iter().map(|language| language.name()).collect::<Vec<_>>(),
        })
        .to_string(),
    });
}

/// The log of what the program itself does: `RUST_LOG` chooses, `--verbose` shows commands.
/// What clap says of a command line, as one of our errors: its first line is what is
/// wrong, and a tip may follow.
fn wrong_usage(text: &str) -> Error {
    let mut lines = text.lines();
    let wrong = lines.next().unwrap_or_default();
    let error = Error::new(Code::Usage, wrong.strip_prefix("error: ").unwrap_or(wrong));
    let tips = lines.filter_map(|line| line.trim().strip_prefix("tip: "));
    tips.fold(error, Error::cause)
}

fn start_log(verbose: bool) {
    use tracing_subscriber::EnvFilter;
    let fallback = if verbose { "warn,isospin_builder=debug" } else { "error" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(fallback));
    // A second start (in tests) finds a log that already runs: that is fine.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(crate::report::terminal())
        .with_target(false)
        .without_time()
        .try_init();
}
