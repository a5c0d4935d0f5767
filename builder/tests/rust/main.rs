//! Rust apps, built by the program and asked over a real socket: what the SDK
//! has in place of the C library does its work.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

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
    let missing = toolchain::resolve(language).err().map(|error| render(&error, false));
    let ignored = missing.is_some() && std::env::var_os("CI").is_none();
    type Test = fn() -> Result<(), Failed>;
    let tests: [(&str, Test); 2] = [
        ("the C library is whole", the_library_is_whole),
        ("a source that is put back with an older time is compiled", put_back),
    ];
    let trials = tests.into_iter().map(|(name, run)| {
        let missing = missing.clone();
        let run = move || missing.map_or_else(run, |missing| Err(missing.into()));
        Trial::test(name, run).with_ignored_flag(ignored)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// Cargo would take the text that it compiled last for the older one.
fn put_back() -> Result<(), Failed> {
    const MANIFEST: &str = "[package]\nname = \"put-back\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\nisospin = { path = \".isospin/sdk/rust\" }\n\n[workspace]\n";
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("app");
    std::fs::create_dir_all(path.join("src"))?;
    std::fs::write(
        path.join("isospin.toml"),
        "[app]\nname = \"put-back\"\n\n[component.put-back]\npath = \".\"\nroute = \"/...\"\n",
    )?;
    std::fs::write(path.join("Cargo.toml"), MANIFEST)?;
    let source = path.join("src/lib.rs");
    let text = |told: &str| {
        format!(
            "use isospin::{{IntoResponse, Request, Result}};\n\n#[isospin::handler]\nasync fn handle(_: Request) -> Result<impl IntoResponse> {{\n    Ok(\"it is {told}\")\n}}\n"
        )
    };
    // A build that was kept would not be compiled.
    let cache = pipeline::Cache::new(folder.path(), 0);
    let shown = |error: Error| Failed::from(render(&error, false));
    let holds = |told: &str| -> Result<bool, Failed> {
        let app = app::load(Some(&path)).map_err(shown)?;
        let options = pipeline::Options::default();
        for (_, result) in pipeline::build_with(&app, &options, &cache, &Silent).map_err(shown)? {
            result.map_err(shown)?;
        }
        let artifact = std::fs::read(path.join("dist/put-back.wasm"))?;
        Ok(artifact.windows(told.len()).any(|window| window == told.as_bytes()))
    };
    std::fs::write(&source, text("older"))?;
    let older = folder.path().join("older.rs");
    std::fs::copy(&source, &older)?;
    assert!(holds("it is older")?);
    std::fs::write(&source, text("newer"))?;
    assert!(holds("it is newer")?);
    std::fs::rename(&older, &source)?;
    assert!(holds("it is older")?, "what cargo made before was taken for what is there");
    assert!(holds("it is older")?);
    Ok(())
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
