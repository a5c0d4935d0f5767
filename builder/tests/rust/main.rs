//! Rust apps, built by the program and asked over a real socket: what the SDK
//! has in place of the C library does its work.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

#[path = "../examples/http.rs"]
#[allow(dead_code, reason = "only part of it is needed here")]
mod http;

use std::path::Path;

use isospin_builder::language::Profile;
use isospin_builder::report::{Error, Silent, render};
use isospin_builder::{app, language, pipeline, serving, toolchain};
use isospin_host::{Configuration, Server};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let language = language::find("rust").expect("Rust is one of the languages");
    let missing = toolchain::resolve(language).err();
    let ignored = missing.is_some() && std::env::var_os("CI").is_none();
    let trial = Trial::test("the C library is whole", move || match missing {
        Some(error) => Err(render(&error, false).into()),
        None => the_library_is_whole(),
    });
    let trials = vec![trial.with_ignored_flag(ignored)];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn the_library_is_whole() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rust/apps/library");
    let shown = |error: Error| Failed::from(render(&error, false));
    let app = app::load(Some(&folder)).map_err(shown)?;
    // A debug build links what it never calls, and so may find a function twice.
    for profile in [Profile::Debug, Profile::Release] {
        let options = pipeline::Options { profile, ..pipeline::Options::default() };
        pipeline::build(&app, &options, &Silent).map_err(shown)?;
    }
    let mounted = serving::mounted(&app).map_err(shown)?;
    let server = Server::start(Configuration::default(), &mounted).map_err(|e| e.to_string())?;
    let answer = http::get(server.local_address(), "/");
    server.shutdown();
    let text = String::from_utf8(answer.body)?;
    assert_eq!((answer.status, text.as_str()), (200, "all is well\n"));
    Ok(())
}
