//! Parses the command line, runs one command, and ends with its exit code.

use std::process::ExitCode;

use clap::Parser;
use isospin_builder::commands::Isospin;

fn main() -> ExitCode {
    let arguments = Isospin::parse();
    let manner = arguments.manner();
    match arguments.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            manner.fail(&error);
            ExitCode::from(error.code().exit_code())
        }
    }
}
