//! The resolver against fake tools: shell scripts in temporary folders.

#![allow(clippy::disallowed_methods, reason = "scripts are written as any program would")]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::*;
use crate::toolchain::tool::{Install, Place};

static FAKE: Tool = Tool {
    name: "fake",
    purpose: "compiles nothing",
    requirement: ">=2.1, <3",
    places: &[Place::Managed("bin/fake"), Place::Path("fake")],
    version: Version::Arguments(&["--version"]),
    install: Install::Pip { requirements: "fake==2.1.0 --hash=sha256:00" },
};

static OTHER: Tool = Tool {
    name: "other",
    places: &[Place::Path("other")],
    install: Install::Person("Install it with `apt install other`."),
    ..FAKE_ROW
};

const FAKE_ROW: Tool = Tool {
    name: "",
    purpose: "helps nobody",
    requirement: "*",
    places: &[],
    version: Version::Arguments(&["--version"]),
    install: Install::Person(""),
};

/// A language that needs these tools.
static NOTHINGISH: User =
    User { name: "nothingish", title: "Nothingish", tools: &[&FAKE, &OTHER], alternatives: &[] };

/// A home folder and folders with programs, removed at the end.
struct Surroundings {
    folder: tempfile::TempDir,
}

impl Surroundings {
    fn new() -> Surroundings {
        Surroundings { folder: tempfile::tempdir().unwrap() }
    }

    /// Writes a shell script that counts its runs in the file `runs` beside it.
    fn script(&self, path: &str, body: &str) -> PathBuf {
        let path = self.folder.path().join(path);
        let folder = path.parent().unwrap();
        std::fs::create_dir_all(folder).unwrap();
        let script = format!("#!/bin/sh\necho run >> {}/runs\n{body}\n", folder.display());
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn runs(&self, folder: &str) -> usize {
        let runs = std::fs::read_to_string(self.folder.path().join(folder).join("runs"));
        runs.unwrap_or_default().lines().count()
    }

    /// A finder that sees only the folders `a` and `b`.
    fn finder(&self) -> Finder {
        let home = self.folder.path();
        let search_path = std::env::join_paths([home.join("a"), home.join("b")]).unwrap();
        Finder::new(Folders::inside(&home.join("home")), search_path).limit(Duration::from_secs(5))
    }
}

#[test]
fn the_first_place_that_fits_wins() {
    let place = Surroundings::new();
    place.script("a/fake", "echo fake 1.9.0");
    let fits = place.script("b/fake", "echo fake 2.5.1-beta");
    let look = place.finder().look(&FAKE).unwrap();
    let found = look.found.unwrap();
    assert_eq!((found.path, found.version.as_str()), (fits, "2.5.1-beta"));
    assert_eq!(look.unfit.len(), 1);
}

#[test]
fn what_setup_installed_comes_before_the_path() {
    let place = Surroundings::new();
    let managed =
        place.script(&format!("home/tools/{}/bin/fake", FAKE.folder_name()), "echo 2.1.0");
    place.script("a/fake", "echo fake 2.5.1");
    let found = place.finder().look(&FAKE).unwrap().found.unwrap();
    assert_eq!((found.path, found.origin), (managed, Origin::Managed));
}

#[test]
fn a_missing_tool_says_what_it_is_for_and_how_to_get_it() {
    let place = Surroundings::new();
    place.script("a/other", "echo 1.0");
    let error = place.finder().resolve(NOTHINGISH).unwrap_err();
    assert_eq!(error.code(), Code::ToolMissing);
    assert_eq!(error.message(), "fake: it is not installed");
    assert_eq!(error.causes(), ["Nothingish needs it: it compiles nothing"]);
    assert_eq!(error.advice(), Some("Install it with `isospin setup nothingish`."));
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let error = Surroundings::new().finder().resolve(NOTHINGISH).unwrap_err();
    assert!(error.causes().contains(&"other too is not installed".to_owned()), "{error}");
}

#[test]
fn a_wrong_version_is_named_with_its_path() {
    let place = Surroundings::new();
    let old = place.script("a/fake", "echo fake 1.9.0 >&2");
    let error = place.finder().look(&FAKE).unwrap().failure(Some(NOTHINGISH));
    assert_eq!(error.code(), Code::ToolVersion);
    assert_eq!(error.message(), "fake: version 1.9.0 is too old, >=2.1, <3 is needed");
    assert_eq!(error.causes()[0], format!("{} is version 1.9.0", old.display()));
}

#[test]
fn a_version_above_is_too_new() {
    let place = Surroundings::new();
    place.script("a/fake", "echo fake 3.0.0");
    let error = place.finder().look(&FAKE).unwrap().failure(Some(NOTHINGISH));
    assert_eq!(error.code(), Code::ToolNew);
    assert_eq!(error.message(), "fake: version 3.0.0 is too new, >=2.1, <3 is needed");
}

#[test]
fn odd_answers_are_told_and_do_no_harm() {
    for (body, told) in [
        ("echo hello", "prints no version but `hello`"),
        ("true", "prints nothing"),
        ("echo broken pipe dream >&2; exit 3", "exit status: 3, `broken pipe dream`"),
        ("printf '\\377\\376\\0 x'", "prints no version"),
        ("kill -9 $$", "signal: 9"),
    ] {
        let place = Surroundings::new();
        place.script("a/fake", body);
        let error = place.finder().look(&FAKE).unwrap().failure(None);
        assert_eq!(error.code(), Code::ToolBroken, "{body}");
        assert!(error.causes()[0].contains(told), "{body}: {:?}", error.causes());
    }
}

#[test]
fn a_file_that_cannot_be_run_is_told() {
    let place = Surroundings::new();
    let path = place.script("a/fake", "");
    std::fs::write(&path, [0u8; 64]).unwrap();
    let error = place.finder().look(&FAKE).unwrap().failure(None);
    assert!(error.causes()[0].contains("Exec format error"), "{:?}", error.causes());
}

#[test]
fn a_tool_that_hangs_is_ended() {
    let place = Surroundings::new();
    place.script("a/fake", "sleep 60 & sleep 60");
    let finder = place.finder().limit(Duration::from_millis(300));
    let start = Instant::now();
    let error = finder.look(&FAKE).unwrap().failure(None);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(error.causes()[0].contains("ended after 300ms"), "{:?}", error.causes());
}

#[test]
fn an_answer_is_remembered_until_the_file_changes() {
    let place = Surroundings::new();
    place.script("a/fake", "echo fake 2.2.0");
    for _ in 0..3 {
        assert!(place.finder().look(&FAKE).unwrap().found.is_some());
    }
    assert_eq!(place.runs("a"), 1);
    place.script("a/fake", "echo fake 1.0.0 # longer");
    assert!(place.finder().look(&FAKE).unwrap().found.is_none());
    assert_eq!(place.runs("a"), 2);
}

#[test]
fn a_damaged_or_unwritable_memory_costs_only_a_question() {
    let place = Surroundings::new();
    place.script("a/fake", "echo fake 2.2.0");
    let memory = place.folder.path().join("home/cache/answers.json");
    std::fs::create_dir_all(memory.parent().unwrap()).unwrap();
    std::fs::write(&memory, "{ not json").unwrap();
    assert!(place.finder().look(&FAKE).unwrap().found.is_some());
    std::fs::remove_file(&memory).unwrap();
    // A folder where the file should be: it cannot be read nor replaced.
    std::fs::create_dir_all(memory.join("in-the-way")).unwrap();
    assert!(place.finder().look(&FAKE).unwrap().found.is_some());
}

#[test]
fn folders_are_named_after_what_pins_them() {
    let name = FAKE.folder_name();
    assert!(name.starts_with("fake-") && name.len() == "fake-".len() + 12, "{name}");
    let other = Tool { install: Install::Pip { requirements: "fake==2.1.1" }, ..FAKE_ROW };
    assert_ne!(other.folder_name().split_once('-').unwrap().1, name.split_once('-').unwrap().1);
}
