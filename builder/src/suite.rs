//! What the conformance suite is run on: our guests, built, and the hosts that
//! are installed.

use std::path::PathBuf;

use isospin_conformance::host::{Adapter, AdapterHost, EmbeddedHost};
use isospin_conformance::{GuestBuild, Host, Programs, corpus};

use crate::app::App;
use crate::language::LANGUAGES;
use crate::pipeline::{self, Options};
use crate::report::{Code, Error, Manner, Result};
use crate::toolchain::{Finder, Folders, HOSTS, Tool};

/// The host that is part of this program; it keeps compiled code among the user's own files.
///
/// # Errors
/// If there is no place for them.
pub fn embedded_host() -> Result<Box<dyn Host>> {
    Ok(Box::new(EmbeddedHost::new(Some(Folders::of_user()?.cache().join("code")))))
}

/// What must be installed for the host of this name.
///
/// # Errors
/// If there is no such host.
pub fn tools_of_host(name: &str) -> Result<Vec<&'static Tool>> {
    let adapters = corpus::adapters().map_err(failed)?;
    let Some((_, adapter)) = adapters.iter().find(|(other, _)| other == name) else {
        let names: Vec<&str> = adapters.iter().map(|(name, _)| name.as_str()).collect();
        let what = format!("{name}: there is no such host");
        let hint = format!("There are {}.", names.join(", "));
        return Err(Error::new(Code::Usage, what).hint(hint));
    };
    adapter.programs().map(tool).collect()
}

/// A host that is a program, if what it needs is installed.
///
/// # Errors
/// If a program is missing, with how to install it.
pub fn installed_host(name: &str, adapter: Adapter) -> Result<Box<dyn Host>> {
    let programs = programs(&adapter)?;
    Ok(Box::new(AdapterHost::new(name, adapter, &programs).map_err(failed)?))
}

/// Finds the programs of an adapter in the table of tools.
fn programs(adapter: &Adapter) -> Result<Programs> {
    let finder = Finder::of_user()?;
    let mut programs = Programs::new();
    for name in adapter.programs() {
        let look = finder.look(tool(name)?)?;
        match &look.found {
            Some(found) => programs.insert(name.to_owned(), found.path.clone()),
            None => return Err(look.failure(None)),
        };
    }
    Ok(programs)
}

fn tool(name: &str) -> Result<&'static Tool> {
    let found = HOSTS.iter().copied().find(|tool| tool.name == name);
    found.ok_or_else(|| failed(format!("{name}: no tool of this name is known")))
}

/// Builds the guests of these languages (of all, if there are none), and their environment guests.
///
/// # Errors
/// The first one that does not build.
pub fn build_guests(app: &App, languages: &[String], manner: Manner) -> Result<Vec<GuestBuild>> {
    let report = manner.report();
    let mut guests = Vec::new();
    for language in LANGUAGES.iter().map(|language| language.name()) {
        let has = |name: &str| app.components.iter().any(|component| component.name == name);
        let chosen = languages.is_empty() || languages.iter().any(|name| name == language);
        if !chosen || !has(language) {
            continue;
        }
        let build = |name: &str| -> Result<PathBuf> {
            let options = Options { only: Some(name.to_owned()), ..Options::default() };
            let built = pipeline::build(app, &options, report.as_ref())?;
            let path = built.first().map(|artifact| artifact.path.clone()).unwrap_or_default();
            Ok(std::path::absolute(&path).unwrap_or(path))
        };
        let environment = format!("{language}-environment");
        guests.push(GuestBuild {
            language: language.to_owned(),
            component: build(language)?,
            environment: if has(&environment) { Some(build(&environment)?) } else { None },
        });
    }
    if guests.is_empty() {
        return Err(Error::new(
            Code::ComponentUnknown,
            format!("{}: it holds no guest", app.path.display()),
        )
        .hint("A guest is a component with the name of its language."));
    }
    Ok(guests)
}

/// A failure of the suite itself.
pub fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(Code::ConformFailed, format!("the suite: {error:#}"))
}
