//! A real set-up: Zig, into an empty folder of its own.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

/// The tool that is set up; with its installer it is all that the test needs.
const LANGUAGE: &str = "zig";

fn isospin(home: &Path, arguments: &[&str], search_path: &OsString) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isospin"))
        .args(arguments)
        .env("ISOSPIN_HOME", home)
        .env("PATH", search_path)
        .env_remove("ISOSPIN_ZIG")
        .output()
        .unwrap()
}

/// The `PATH` without folders that have a `zig`: the one of this machine does not count.
fn path_without_zig() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::env::split_paths(&path).filter(|one| !one.join("zig").exists()))
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_tool_is_installed_from_nothing_and_found_afterwards() {
    let home = tempfile::tempdir().unwrap();
    let path = path_without_zig();

    let before = isospin(home.path(), &["doctor", LANGUAGE, "--json"], &path);
    assert_eq!(before.status.code(), Some(1), "{}", text(&before.stdout));
    assert!(text(&before.stdout).contains(r#""state":"missing""#), "{}", text(&before.stdout));

    let setup = isospin(home.path(), &["setup", LANGUAGE], &path);
    let told = text(&setup.stderr);
    assert!(setup.status.success(), "{told}");
    assert!(told.contains("zig: installs ziglang 0.17.1 with pip, into "), "{told}");
    assert!(setup.stdout.is_empty());

    let after = isospin(home.path(), &["doctor", LANGUAGE], &path);
    assert!(after.status.success(), "{}{}", text(&after.stdout), text(&after.stderr));
    assert!(text(&after.stdout).contains("managed"), "{}", text(&after.stdout));

    let again = isospin(home.path(), &["setup", LANGUAGE, "--json"], &path);
    assert!(text(&again.stdout).contains(r#""unchanged":true"#), "{}", text(&again.stdout));
}

#[test]
fn an_interrupted_set_up_leaves_nothing_and_can_be_run_again() {
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_isospin"))
        .args(["setup", LANGUAGE])
        .env("ISOSPIN_HOME", home.path())
        .env("PATH", path_without_zig())
        .env_remove("ISOSPIN_ZIG")
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let tools = home.path().join("tools");
    let began = || {
        let listed = std::fs::read_dir(&tools).into_iter().flatten().flatten();
        listed.into_iter().any(|entry| entry.path().join("scratch/requirements.txt").exists())
    };
    while !began() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // What Ctrl-C sends.
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let left: Vec<_> =
        std::fs::read_dir(&tools).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".lock"]);
}

#[test]
fn an_unknown_language_is_wrong_usage() {
    let home = tempfile::tempdir().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    for command in ["setup", "doctor"] {
        assert_eq!(isospin(home.path(), &[command, "cobol"], &path).status.code(), Some(2));
    }
}

#[test]
fn a_tool_that_is_too_old_is_named_with_the_way_out() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let old = home.path().join("old-zig");
    std::fs::write(&old, "#!/bin/sh\necho 0.11.0\n").unwrap();
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o755)).unwrap();
    let doctor = Command::new(env!("CARGO_BIN_EXE_isospin"))
        .args(["doctor", LANGUAGE])
        .env("ISOSPIN_HOME", home.path())
        .env("ISOSPIN_ZIG", &old)
        .output()
        .unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    let table = text(&doctor.stdout);
    assert!(table.contains(&format!("{} is version 0.11.0", old.display())), "{table}");
    assert!(
        table.contains("Unset ISOSPIN_ZIG, or let it hold the path of zig >=0.17.1"),
        "{table}"
    );
    assert!(!table.contains('\u{1b}'), "a pipe gets no colours");
    assert!(text(&doctor.stderr).contains("E0202"), "{}", text(&doctor.stderr));
}
