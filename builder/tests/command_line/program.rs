//! What the program tells of itself: its version, completions, manual pages.

use clap::CommandFactory;
use isospin_builder::commands::Isospin;
use isospin_builder::language::LANGUAGES;
use libtest_mimic::Trial;
use serde_json::Value;

use super::always;
use super::surroundings::{fail, run, stderr, stdout, succeed};

pub fn tests() -> Vec<Trial> {
    vec![
        always("the version is told to people and machines", version),
        always("wrong usage is told to machines too", wrong_usage),
        always("every shell gets completions for every command", completions),
        always("every command has a manual page", manual),
    ]
}

/// The commands, without those that clap adds.
fn commands() -> Vec<String> {
    let program = Isospin::command();
    program.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

fn version() {
    let folder = tempfile::tempdir().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for option in ["--version", "-V"] {
        assert_eq!(stdout(&succeed(folder.path(), &[option])), format!("isospin {version}\n"));
    }
    let told = stdout(&succeed(folder.path(), &["--version", "--json"]));
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["isospin"], version);
    assert_eq!(told["languages"].as_array().unwrap().len(), LANGUAGES.len());
    fail(folder.path(), &["--json"], 2, "");
}

fn wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["build", "--json", "--profil", "x"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
    let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(
        (told["event"].as_str(), told["error"]["code"].as_str()),
        (Some("error"), Some("E0801"))
    );
    assert!(told["error"]["message"].as_str().unwrap().contains("--profil"), "{told}");
    // Help is none, and people are told as before.
    assert!(stdout(&succeed(folder.path(), &["build", "--help", "--json"])).contains("Usage:"));
    let output = run(folder.path(), &["build", "--profil"]);
    assert!(output.stdout.is_empty() && stderr(&output).contains("Usage:"), "{output:?}");
}

fn completions() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&succeed(folder.path(), &["completions", shell]));
        for command in commands() {
            assert!(script.contains(&command), "{shell} does not know {command}");
        }
        // Not every shell is told what values an option takes.
        for language in LANGUAGES.iter().filter(|_| ["bash", "fish", "zsh"].contains(&shell)) {
            assert!(script.contains(language.name()), "{shell} does not know {}", language.name());
        }
    }
    // The shell itself takes it.
    let script = stdout(&succeed(folder.path(), &["completions", "bash"]));
    std::fs::write(folder.path().join("script"), script).unwrap();
    let ask = "source ./script && COMP_WORDS=(isospin ne) && COMP_CWORD=1 \
               && _isospin isospin ne isospin && echo \"${COMPREPLY[@]}\"";
    let output =
        std::process::Command::new("bash").args(["-c", ask]).current_dir(&folder).output().unwrap();
    assert_eq!(stdout(&output), "new\n", "{}", String::from_utf8_lossy(&output.stderr));
}

fn manual() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &["manual", "man/man1"]);
    let pages = folder.path().join("man/man1");
    for command in commands() {
        let page = std::fs::read_to_string(pages.join(format!("isospin-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS") && page.contains("Example"), "{page}");
    }
    let page = std::fs::read_to_string(pages.join("isospin.1")).unwrap();
    assert!(page.contains("isospin\\-build(1)"), "{page}");
}
