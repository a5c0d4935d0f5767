//! Parses the command line, runs one command, and ends with its exit code.

use std::process::ExitCode;

use isospin_builder::commands::Isospin;

fn main() -> ExitCode {
    let arguments = match Isospin::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let manner = arguments.manner();
    match arguments.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            manner.fail(&error);
            ExitCode::from(error.code().exit_code())
        }
    }
}
