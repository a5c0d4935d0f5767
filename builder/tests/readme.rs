//! What the README says is so: it knows every language and every command, and
//! CI runs what it tells the reader to run.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use std::path::Path;

use clap::CommandFactory;
use isospin_builder::commands::Isospin;
use isospin_builder::language::LANGUAGES;

fn file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The first cell of each row of the table that stands below this heading.
fn first_column(text: &str, heading: &str) -> Vec<String> {
    let after = text.split(heading).nth(1).unwrap();
    let rows = after.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|row| row.replace("\\|", "/").split('|').nth(1).unwrap().trim().to_owned())
        .collect()
}

#[test]
fn every_language_has_its_row() {
    let rows = first_column(&file("README.md"), "\n## A handler\n");
    assert_eq!(rows.len(), LANGUAGES.len(), "{rows:?}");
    for language in LANGUAGES {
        let names = |row: &&String| row.split(", ").any(|name| name == language.title());
        assert!(rows.iter().any(|row| names(&row)), "{} is not in {rows:?}", language.title());
    }
}

#[test]
fn every_command_has_its_row() {
    let rows = first_column(&file("README.md"), "\n## Commands\n");
    let names: Vec<&str> =
        rows.iter().map(|row| row.trim_matches('`').split(' ').nth(1).unwrap()).collect();
    let program = Isospin::command();
    let commands: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
    assert_eq!(names, commands);
}

#[test]
fn options_that_it_shows_exist() {
    let rows = first_column(&file("README.md"), "\n## Commands\n");
    for row in rows {
        let words: Vec<&str> = row.trim_matches('`').split(['[', ']', ' ']).collect();
        let program = Isospin::command();
        let command = program.find_subcommand(words[1]).unwrap();
        for option in words.iter().filter_map(|word| word.strip_prefix("--")) {
            let known = command.get_arguments().any(|argument| argument.get_long() == Some(option));
            assert!(known, "`{}` has no --{option}", words[1]);
        }
    }
}

#[test]
fn ci_runs_the_command_that_passes_the_tests() {
    let readme = file("README.md");
    let blocks: Vec<&str> = readme.split("```sh\n").skip(1).collect();
    let command = blocks.iter().find(|block| block.contains("cargo test")).unwrap();
    let command = command.split("\n```").next().unwrap();
    let ci = file(".ci/run");
    for part in command.split(" && ") {
        assert!(ci.contains(part), "`{part}` is not in .ci/run");
    }
}

#[test]
fn folders_that_it_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let rows = first_column(&file("README.md"), "\n## Where things are\n");
    assert!(rows.len() > 4, "{rows:?}");
    for row in rows {
        let path = row.trim_matches('`').split('<').next().unwrap();
        assert!(root.join(path).is_dir(), "{path}: it is not there");
    }
}
