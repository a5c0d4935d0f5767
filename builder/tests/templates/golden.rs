//! Every template, rendered: its files are those in `golden/`, and as their
//! language's own formatter would have them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use isospin_builder::language::LANGUAGES;
use isospin_builder::template::{app_templates, component_templates};
use isospin_builder::toolchain::{Finder, ZIG};
use libtest_mimic::Trial;

use crate::{npm, pip};

use super::support::{names, read, succeed, tree};
use super::{always, needs};

/// What the projects in `golden/` are called: a name in which every form differs.
const NAME: &str = "my-app";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates/golden")
}

pub fn tests() -> Vec<Trial> {
    let mut tests = vec![
        always("every template makes what golden/ shows", all_are_as_shown),
        always("every language has the templates that every language has", same_templates),
        always("the SDK is there before the first build", sdk_is_there),
    ];
    tests.extend(FORMATTERS.iter().map(|formatter| {
        let missing = formatter.program().err();
        let name = format!("what templates make is formatted ({})", formatter.program);
        needs(missing, &name, || formatter.check())
    }));
    tests
}

/// Every template's place in `golden/`, and what `isospin new` is told for it.
fn all() -> Vec<(PathBuf, Vec<String>)> {
    let mut all = Vec::new();
    for language in LANGUAGES {
        for template in component_templates(*language).unwrap() {
            let words = ["--language", language.name(), "--template", &template.name];
            let place = Path::new(language.name()).join(&template.name);
            all.push((place, words.iter().map(|word| (*word).to_owned()).collect()));
        }
    }
    for template in app_templates().unwrap() {
        let words = vec!["--template".to_owned(), template.name.clone()];
        all.push((Path::new("app").join(&template.name), words));
    }
    all
}

fn all_are_as_shown() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut shown = BTreeMap::new();
    for (place, words) in all() {
        let made = tempfile::tempdir().unwrap();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        succeed(made.path(), &[&["new", NAME][..], &words].concat());
        let files = tree(&made.path().join(NAME));
        shown.extend(files.into_iter().map(|(path, bytes)| (place.join(path), bytes)));
    }
    if bless {
        let _ = std::fs::remove_dir_all(folder());
        for (path, bytes) in &shown {
            isospin_builder::files::write(&folder().join(path), bytes).unwrap();
        }
    }
    let golden = tree(&folder());
    let paths = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&shown), paths(&golden), "`BLESS=1` writes golden/ anew");
    for (path, bytes) in shown {
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, read(&folder(), path.to_str().unwrap()), "{}", path.display());
        assert!(text.is_empty() || text.ends_with('\n'), "{}", path.display());
    }
}

fn same_templates() {
    for language in LANGUAGES {
        let templates = component_templates(*language).unwrap();
        let names: Vec<&str> = templates.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["hello", "api", "proxy"], "{}", language.name());
        for template in templates {
            assert!(!template.description.is_empty(), "{}/{}", language.name(), template.name);
            let paths: Vec<_> = template.rendered_paths().collect();
            for file in [".gitignore", "README.md"] {
                assert!(paths.iter().any(|path| path == Path::new(file)), "{file}");
            }
        }
    }
    assert_eq!(names(&folder()).len(), LANGUAGES.len() + 1);
}

fn sdk_is_there() {
    for language in LANGUAGES {
        let made = tempfile::tempdir().unwrap();
        succeed(made.path(), &["new", "x", "--language", language.name()]);
        let sdk = made.path().join("x/.isospin/sdk").join(language.name());
        assert!(sdk.join("README.md").is_file(), "{}", sdk.display());
        assert_eq!(read(made.path(), "x/.isospin/.gitignore"), "*\n");
    }
}

/// A language's own formatter, which is run on all its files at once.
struct Formatter {
    program: &'static str,
    arguments: &'static [&'static str],
    endings: &'static [&'static str],
    /// Whether it lists what is wrong and succeeds all the same.
    lists: bool,
}

static FORMATTERS: &[Formatter] = &[
    Formatter {
        program: "rustfmt",
        // Its own defaults, not this repository's.
        arguments: &["--check", "--edition=2024", "--config=use_small_heuristics=Default"],
        endings: &["rs"],
        lists: false,
    },
    Formatter { program: "gofmt", arguments: &["-l"], endings: &["go"], lists: true },
    Formatter {
        program: "zig",
        arguments: &["fmt", "--check"],
        endings: &["zig", "zon"],
        lists: false,
    },
    Formatter {
        program: "clang-format",
        arguments: &["--dry-run", "--Werror"],
        endings: &["c", "h"],
        lists: false,
    },
    Formatter {
        program: "prettier",
        arguments: &["--check"],
        endings: &["js", "json"],
        lists: false,
    },
    Formatter {
        program: "ruff",
        // It would keep what it read among the files that are compared.
        arguments: &["format", "--check", "--no-cache", "--line-length=100"],
        endings: &["py"],
        lists: false,
    },
];

impl Formatter {
    /// Where it is: among our own tools, installed for the tests, or on `PATH`.
    fn program(&self) -> Result<PathBuf, String> {
        match self.program {
            "zig" => {
                let look = Finder::of_user().and_then(|finder| finder.look(&ZIG));
                match look.map(|look| look.found) {
                    Ok(Some(found)) => Ok(found.path),
                    _ => Err("there is no zig: `isospin setup zig` installs it".to_owned()),
                }
            }
            "prettier" => {
                let package = include_str!("../installed/prettier/package.json");
                let lock = include_str!("../installed/prettier/package-lock.json");
                let folder = npm::packages("prettier", package, lock)?;
                Ok(folder.join("node_modules/.bin/prettier"))
            }
            "clang-format" | "ruff" => {
                let list = include_str!("../installed/formatters.txt");
                let folder = pip::packages("formatters", &[(list, "--only-binary")])?;
                Ok(folder.join("bin").join(self.program))
            }
            _ => which::which(self.program)
                .map_err(|_| format!("there is no {} on PATH", self.program)),
        }
    }

    fn check(&self) {
        let files: Vec<PathBuf> = tree(&folder())
            .into_keys()
            .filter(|path| {
                path.extension().is_some_and(|end| self.endings.iter().any(|known| end == *known))
            })
            .collect();
        assert!(files.len() > 2, "{files:?}");
        let program = self.program().unwrap();
        let mut command = Command::new(&program);
        // What pip installed is found from its own folder.
        if let Some(folder) = program.parent().and_then(Path::parent) {
            command.env("PYTHONPATH", folder);
        }
        let output =
            command.args(self.arguments).args(files).current_dir(folder()).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let all_is_well = output.status.success() && (!self.lists || printed.is_empty());
        assert!(all_is_well, "{printed}{}", String::from_utf8_lossy(&output.stderr));
    }
}
