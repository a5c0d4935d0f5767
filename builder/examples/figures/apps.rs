//! Copies of the repository's apps, and what `isospin build` makes of them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use isospin_builder::language::LANGUAGES;
use serde_json::Value;

use crate::subject::Result;

/// How often each time is taken.
pub const ROUNDS: usize = 5;

/// An app in a folder that is measured and thrown away.
pub struct App {
    pub folder: PathBuf,
}

/// A finished component.
#[derive(Clone, Debug)]
pub struct Built {
    pub name: String,
    pub language: String,
    pub path: PathBuf,
    pub size: u64,
}

impl App {
    /// Copies the sources of an app of this repository into `folder`.
    ///
    /// # Errors
    /// If they cannot be copied.
    pub fn copy(from: &str, folder: &Path) -> Result<App> {
        let from = repository().join(from);
        let name = from.file_name().ok_or("the app has no name")?;
        let app = App { folder: folder.join(name) };
        for entry in ignore::WalkBuilder::new(&from).require_git(false).build() {
            let entry = entry?;
            let target = app.folder.join(entry.path().strip_prefix(&from)?);
            match entry.file_type() {
                Some(kind) if kind.is_dir() => std::fs::create_dir_all(&target)?,
                Some(kind) if kind.is_file() => drop(std::fs::copy(entry.path(), &target)?),
                _ => {}
            }
        }
        if app.folder.join("package-lock.json").is_file() {
            run(Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
                .current_dir(&app.folder))?;
        }
        Ok(app)
    }

    /// Builds all components, or one.
    ///
    /// # Errors
    /// What the build printed.
    pub fn build(&self, component: Option<&str>) -> Result<Vec<Built>> {
        let mut command = isospin()?;
        command.args(["build", "--json"]).arg(&self.folder);
        if let Some(component) = component {
            command.args(["--component", component]);
        }
        let output = command.output()?;
        let text = String::from_utf8(output.stdout)?;
        if !output.status.success() {
            return Err(format!("{text}{}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let mut built = Vec::new();
        for line in text.lines() {
            let event: Value = serde_json::from_str(line)?;
            if event["event"] != "built" {
                continue;
            }
            let word = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
            built.push(Built {
                name: word("component"),
                language: word("language"),
                path: word("path").into(),
                size: event["size"].as_u64().unwrap_or_default(),
            });
        }
        // They are finished in any order.
        let place =
            |built: &Built| LANGUAGES.iter().position(|language| language.name() == built.language);
        built.sort_by_key(place);
        Ok(built)
    }

    /// Builds one component.
    ///
    /// # Errors
    /// What the build printed.
    pub fn build_one(&self, component: &str) -> Result<Built> {
        let built = self.build(Some(component))?;
        built.into_iter().next().ok_or_else(|| format!("{component}: nothing was built").into())
    }

    /// The median time of `work` after an edit of the component's one file that
    /// says `Hello`.
    ///
    /// # Errors
    /// If there is no such file, or if the work fails.
    pub fn edits(&self, component: &str, mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
        let file = greeting(&self.folder.join(component))?;
        let original = std::fs::read_to_string(&file)?;
        let mut round = 0;
        let time = timed(ROUNDS, || {
            round += 1;
            let hello = format!("Hello {}", "again ".repeat(round));
            std::fs::write(&file, original.replace("Hello", &hello))?;
            work()
        });
        std::fs::write(&file, original)?;
        time
    }
}

fn greeting(component: &Path) -> Result<PathBuf> {
    for entry in ignore::Walk::new(component) {
        let path = entry?.into_path();
        if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("\"Hello")) {
            return Ok(path);
        }
    }
    Err(format!("{}: no file says \"Hello", component.display()).into())
}

/// The median time of `work`, done `rounds` times.
///
/// # Errors
/// If it fails.
pub fn timed(rounds: usize, mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

/// The program that was built beside this one.
///
/// # Errors
/// If it was not.
pub fn isospin() -> Result<Command> {
    let here = std::env::current_exe()?;
    let program = here.parent().and_then(Path::parent).map(|folder| folder.join("isospin"));
    match program {
        Some(program) if program.is_file() => {
            let mut command = Command::new(program);
            // What is measured is built, and not taken from earlier builds.
            command.env("ISOSPIN_BUILD_CACHE_LIMIT", "0");
            Ok(command)
        }
        _ => Err("isospin: build it first, with the same profile".into()),
    }
}

/// Runs a program to its end.
///
/// # Errors
/// If it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&printed)).into())
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
