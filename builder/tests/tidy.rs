//! What a reader should be able to rely on in every file of the repository.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file that is part of the repository: what git would commit.
fn files() -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(root())
        .hidden(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .require_git(false)
        .build();
    walk.map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|end| endings.iter().any(|ending| end == *ending))
}

const SOURCES: &[&str] = &["rs", "go", "zig", "c", "h", "js", "mjs", "ts", "py"];

#[test]
fn sources_are_short_and_end_in_one_line_feed() {
    /// A file has one subject; one that is longer has two.
    const LONGEST: usize = 500;
    let mut wrong = Vec::new();
    for path in files().iter().filter(|path| ends_with(path, SOURCES)) {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{}: {lines} lines", shown(path)));
        }
        if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
            wrong.push(format!("{}: it does not end in one line feed", shown(path)));
        }
        if text.contains("\r\n") {
            wrong.push(format!("{}: it has carriage returns", shown(path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    // Put together so that this file does not find itself.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["X", "XX"], ["todo", "!("], ["unimplemented", "!("]];
    let marks: Vec<String> = marks.iter().map(|parts| parts.concat()).collect();
    let mut wrong = Vec::new();
    for path in files().iter().filter(|path| ends_with(path, SOURCES)) {
        let text = std::fs::read_to_string(path).unwrap();
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                wrong.push(format!("{}:{}: {}", shown(path), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_package_names_the_licence() {
    let mut checked = 0;
    for path in files() {
        let text = match path.file_name().and_then(|name| name.to_str()) {
            Some("Cargo.toml" | "package.json" | "pyproject.toml") => {
                std::fs::read_to_string(&path).unwrap()
            }
            _ => continue,
        };
        // What a template made is its user's.
        let is_made = path.components().any(|part| part.as_os_str() == "golden");
        let is_package = text.contains("[package]")
            || path.extension().is_some_and(|end| end == "json")
            || text.contains("[project]");
        if !is_package || is_made {
            continue;
        }
        checked += 1;
        assert!(
            text.contains("Apache-2.0") || text.contains("license.workspace = true"),
            "{}: it names no licence",
            shown(&path)
        );
    }
    assert!(checked >= 3, "packages were not found");
    assert!(root().join("LICENSE").is_file());
}

#[test]
fn every_language_has_its_folders() {
    for language in isospin_builder::language::LANGUAGES {
        for folder in ["sdks", "templates", "conformance/guests", "conformance/guests/environment"]
        {
            let path = root().join(folder).join(language.name());
            assert!(path.is_dir(), "{}: it is missing", shown(&path));
        }
        let example = root().join(format!("examples/rosetta/words-{}", language.name()));
        assert!(example.is_dir(), "{}: it is missing", shown(&example));
    }
}

#[test]
fn the_changelog_knows_this_version() {
    let text = std::fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(text.contains("## Unreleased") || text.contains(&format!("## {version}")));
}
