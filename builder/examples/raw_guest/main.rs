//! Builds the guest of the conformance suite that uses no SDK:
//! `cargo run -p isospin-builder --example raw_guest -- raw.wasm`, and then
//! `isospin conform --component raw.wasm`.

#![allow(clippy::print_stderr, clippy::disallowed_methods, reason = "it is a program")]

use std::path::PathBuf;
use std::process::ExitCode;

use isospin_builder::language::LANGUAGES;
use isospin_builder::report::render;

mod building;

fn main() -> ExitCode {
    let Some(output) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Usage: raw_guest FILE.wasm");
        return ExitCode::FAILURE;
    };
    let Some(c) = LANGUAGES.iter().find(|language| language.name() == "c") else {
        return ExitCode::FAILURE;
    };
    let built = match tempfile::tempdir() {
        Ok(scratch) => building::build(*c, scratch.path(), &output),
        Err(error) => {
            eprintln!("there is no folder for temporary files: {error}");
            return ExitCode::FAILURE;
        }
    };
    match built {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", render(&error, false));
            ExitCode::FAILURE
        }
    }
}
