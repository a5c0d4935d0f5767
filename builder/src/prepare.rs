//! Languages made ready for their first build: what tools compile once (a C library,
//! an engine, a standard library) is compiled before somebody waits for it.
//!
//! That is done by building what a first build would be, an app with one component of
//! each language, which is then thrown away: so nothing here knows what a language
//! compiles. That it was done is noted in the user's cache, beside what was made.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::app::MANIFEST;
use crate::create::{Start, new_app};
use crate::language::{LANGUAGES, Language};
use crate::pipeline::{self, Cache, Options};
use crate::report::{Built, Code, Error, Event, Prepared, Report, Result, Stage};
use crate::template::{Files, Template};
use crate::toolchain::Folders;
use crate::{app, files, process};

/// The names of the app's components are this and their language, which alone may be
/// a word of that language.
const NAME: &str = "first-";

/// A language, and the note that it was prepared.
struct Wanted {
    language: &'static dyn Language,
    note: PathBuf,
}

impl Wanted {
    /// Whether it was prepared, and what its tools keep for themselves is still there.
    fn is_done(&self) -> bool {
        files::outlast(&self.language.shared_caches(), &self.note)
    }
}

/// Which of `languages` are prepared, in the order of the table; `tools` as for
/// [`prepare`].
///
/// # Errors
/// If there is no place for the user's own files, or this program cannot be read.
pub fn prepared(languages: &[&str], tools: &[(&str, String)]) -> Result<Vec<(&'static str, bool)>> {
    let wanted = wanted(languages, tools)?;
    Ok(wanted.iter().map(|wanted| (wanted.language.name(), wanted.is_done())).collect())
}

fn wanted(languages: &[&str], tools: &[(&str, String)]) -> Result<Vec<Wanted>> {
    let folders = Folders::of_user()?;
    let builder = pipeline::builder_identity()?;
    let asked = LANGUAGES.iter().filter(|language| languages.contains(&language.name()));
    let wanted = asked.map(|language| Wanted {
        language: *language,
        note: note(*language, &folders, &builder, tools),
    });
    Ok(wanted.collect())
}

/// How a tool is told from another one of its name.
pub fn identity(version: &str, path: &Path) -> String {
    format!("{version} {}", path.display())
}

/// Has the tools of `languages` compile what they compile once, unless that was done
/// before by the same. `tools` are the names of the tools that are there, with the
/// [`identity`] of each.
///
/// # Errors
/// If one of the languages cannot build a first component, the others are prepared all
/// the same; or the interruption. The next call begins again where this one ended.
pub fn prepare(
    languages: &[&str],
    tools: &[(&str, String)],
    report: &dyn Report,
) -> Result<Vec<Prepared>> {
    let (done, wanted): (Vec<Wanted>, Vec<Wanted>) =
        wanted(languages, tools)?.into_iter().partition(Wanted::is_done);
    let mut prepared: Vec<Prepared> = done
        .iter()
        .map(|done| Prepared {
            language: done.language.name(),
            unchanged: true,
            took: Duration::ZERO,
        })
        .collect();
    prepared.iter().for_each(|one| report.event(&Event::Prepared(one)));
    if !wanted.is_empty() {
        prepared.extend(build(&wanted, report)?);
    }
    Ok(prepared)
}

/// Where it is noted that a language was prepared by this builder with these tools.
fn note(
    language: &dyn Language,
    folders: &Folders,
    builder: &str,
    tools: &[(&str, String)],
) -> PathBuf {
    let mut digest = Sha256::new();
    digest.update(builder);
    // In the language's own order: what was installed just now is told last.
    for tool in language.tools() {
        if let Some((name, told)) = tools.iter().find(|(name, _)| *name == tool.name) {
            digest.update(format!("\n{name} {told}"));
        }
    }
    for folder in language.shared_caches() {
        digest.update(format!("\n{}", folder.display()));
    }
    let digest: String =
        digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    folders.cache().join("prepared").join(format!("{}-{digest}", language.name()))
}

/// Builds an app with a component in each language, and throws it away.
fn build(wanted: &[Wanted], report: &dyn Report) -> Result<Vec<Prepared>> {
    let folder = files::temporary_folder()?;
    let path = folder.path().join("first");
    new_app(&path, "first", &Start::App(template(wanted)))?;
    // A build that was kept would compile nothing.
    let cache = Cache::new(folder.path(), 0);
    let preparing = Preparing { report };
    let app = app::load(Some(&path))?;
    let mut prepared = Vec::new();
    let mut failures = Vec::new();
    for (name, result) in pipeline::build_with(&app, &Options::default(), &cache, &preparing)? {
        let Some(wanted) = wanted.iter().find(|one| name == component(one.language)) else {
            continue;
        };
        match result {
            Ok(built) => {
                // That it cannot be noted costs time at the next set-up only.
                let _ = files::write(&wanted.note, b"");
                prepared.push(told(&built));
            }
            Err(_) if process::interrupted() => return Err(process::interruption()),
            Err(error) => failures.push((wanted.language.name(), error)),
        }
    }
    if failures.is_empty() {
        return Ok(prepared);
    }
    // What is shown of those that failed.
    report.clear();
    Err(failed(failures, &path, report))
}

/// An app with a component of each language's first template.
fn template(wanted: &[Wanted]) -> Template {
    let mut manifest = "[app]\nname = \"first\"\n".to_owned();
    for Wanted { language, .. } in wanted {
        let (component, language) = (component(*language), language.name());
        manifest.push_str(&format!(
            "[component.{component}]\nlanguage = \"{language}\"\nroute = \"/{language}\"\n"
        ));
    }
    Template {
        name: "first".to_owned(),
        description: String::new(),
        before: Vec::new(),
        keys: toml_edit::Table::new(),
        files: Files::from([(MANIFEST.into(), manifest.into_bytes())]),
    }
}

fn component(language: &dyn Language) -> String {
    format!("{NAME}{}", language.name())
}

/// The failures as one; several are told each.
fn failed(failures: Vec<(&'static str, Error)>, app: &Path, report: &dyn Report) -> Error {
    const AGAIN: &str = "Then run `isospin setup` again; with `--no-prepare` this is left to your \
                         own first build.";
    let names: Vec<&str> = failures.iter().map(|(language, _)| *language).collect();
    let names = names.join(", ");
    let mut errors: Vec<Error> = failures
        .into_iter()
        .map(|(language, error)| {
            // Its message stays as a cause, without the folder, which is gone.
            let app = format!("{}/", app.display());
            let causes =
                [error.message()].into_iter().chain(error.causes().iter().map(String::as_str));
            let causes = causes.map(|cause| cause.replace(&app, ""));
            let message =
                format!("{language}: a first app does not build, though its tools are there");
            let told = causes.fold(Error::new(Code::PreparingFailed, message), Error::cause);
            let told = match error.tool_output() {
                Some(output) => told.output(output),
                None => told,
            };
            told.hint(format!("{} {AGAIN}", error.advice().unwrap_or("Mend what is said above.")))
        })
        .collect();
    if errors.len() == 1 {
        return errors.remove(0);
    }
    for (error, component) in errors.iter().zip(names.split(", ")) {
        report.event(&Event::Failed { component, error });
    }
    let message = format!("{names}: a first app does not build, though their tools are there");
    Error::new(Code::PreparingFailed, message)
        .hint(format!("Do what is said with each of them. {AGAIN}"))
}

/// Tells of the build as of work on languages: the app is nobody's.
struct Preparing<'a> {
    report: &'a dyn Report,
}

impl Report for Preparing<'_> {
    fn event(&self, event: &Event) {
        match event {
            Event::Stage { component, stage: Stage::Compile, .. } => {
                let subject = component.trim_start_matches(NAME);
                let what = "compiles what first builds need";
                self.report.event(&Event::Doing { tool: subject, text: what });
            }
            Event::Built(built) => self.report.event(&Event::Prepared(&told(built))),
            _ => {}
        }
    }
}

fn told(built: &Built) -> Prepared {
    let took = built.stages.iter().map(|stage| stage.duration).sum();
    Prepared { language: built.language, unchanged: false, took }
}
