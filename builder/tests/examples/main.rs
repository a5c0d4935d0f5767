//! The example apps, built with real tools and asked over a real socket.
//!
//! A language whose tools are not here is shown as ignored; in CI that is a failure.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod http;
mod rosetta;
mod text;

use std::path::Path;

use isospin_builder::app::{self, App};
use isospin_builder::language::{LANGUAGES, Language};
use isospin_builder::report::{Silent, render};
use isospin_builder::{pipeline, serving, toolchain};
use isospin_host::{Configuration, Server};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let mut tests = rosetta::tests();
    tests.extend(for_each_language("hello answers", hello));
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

/// One trial per language; ignored where its tools are missing, but not in CI.
pub fn for_each_language(name: &str, test: fn(&dyn Language) -> Result<(), Failed>) -> Vec<Trial> {
    let in_ci = std::env::var_os("CI").is_some();
    LANGUAGES
        .iter()
        .map(|language| {
            let missing = toolchain::resolve(*language).err();
            let ignored = missing.is_some() && !in_ci;
            let trial =
                Trial::test(format!("{name} ({})", language.name()), move || match missing {
                    Some(error) => Err(render(&error, false).into()),
                    None => test(*language),
                });
            trial.with_ignored_flag(ignored)
        })
        .collect()
}

/// Builds one component of an example in place and serves it.
pub fn serve(example: &str, component: &str) -> Result<(App, Server), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example);
    let shown = |error: isospin_builder::report::Error| Failed::from(render(&error, false));
    let mut app = app::load(Some(&folder)).map_err(shown)?;
    let options =
        pipeline::Options { only: Some(component.to_owned()), ..pipeline::Options::default() };
    pipeline::build(&app, &options, &Silent).map_err(shown)?;
    app.components.retain(|known| known.name == component);
    let mounted = serving::mounted(&app).map_err(shown)?;
    let server = Server::start(Configuration::default(), &mounted).map_err(|e| e.to_string())?;
    Ok((app, server))
}

/// What the smallest component may have of bytes, where that is little.
const MOST: &[(&str, usize)] = &[("c", 14_000), ("rust", 90_000), ("zig", 14_000)];

fn hello(language: &dyn Language) -> Result<(), Failed> {
    let (app, server) = serve("hello", &format!("hello-{}", language.name()))?;
    let answer = http::get(server.local_address(), &format!("/{}", language.name()));
    server.shutdown();
    assert_eq!(answer.status, 200);
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(text, format!("Hello from {}!\n", language.title()));
    let size = std::fs::read(pipeline::artifact_path(&app, &app.components[0]))?.len();
    let most = MOST.iter().find(|(name, _)| *name == language.name());
    if let Some((name, most)) = most.filter(|(_, most)| size > *most) {
        return Err(format!("{name}: hello has {size} bytes, and may have {most}").into());
    }
    Ok(())
}
