//! Guests: ours, built when they are wanted, and somebody else's file.

use std::path::{Path, PathBuf};

use isospin_conformance::GuestBuild;

use super::name_of;
use crate::app::App;
use crate::component::{Inspection, inspect};
use crate::files;
use crate::language::LANGUAGES;
use crate::pipeline::{self, Options};
use crate::report::{Code, Error, Manner, Result};

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
            Ok(absolute(&path))
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

/// Somebody's build of the guest, called as its file is.
///
/// # Errors
/// If a file is missing, is no component, or handles no requests.
pub fn component_guest(component: &Path, environment: Option<&Path>) -> Result<GuestBuild> {
    for file in [Some(component), environment].into_iter().flatten() {
        check_handler(file)?;
    }
    Ok(GuestBuild {
        language: name_of(component),
        component: absolute(component),
        environment: environment.map(absolute),
    })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn check_handler(file: &Path) -> Result<()> {
    let subject = file.display().to_string();
    let inspection = inspect(&files::read(file)?, &subject)?;
    if inspection.kind != "component" {
        return Err(Error::new(
            Code::CoreModule,
            format!("{subject}: it is a core module, not a component"),
        )
        .hint("A guest is a component; what it must do is written in conformance/GUEST.md."));
    }
    if handles_requests(&inspection) {
        return Ok(());
    }
    let exports: Vec<&str> = inspection.exports.iter().map(|item| item.name.as_str()).collect();
    let exports = if exports.is_empty() { "nothing".to_owned() } else { exports.join(", ") };
    Err(Error::new(Code::ExportMissing, format!("{subject}: it handles no HTTP requests"))
        .cause(format!("it exports {exports}"))
        .hint("A guest exports `wasi:http/incoming-handler`; what it must do is written in conformance/GUEST.md."))
}

/// Of WASI 0.2 or 0.3.
fn handles_requests(inspection: &Inspection) -> bool {
    let handlers = ["wasi:http/incoming-handler", "wasi:http/handler"];
    inspection.exports.iter().any(|item| handlers.contains(&item.name.as_str()))
}
