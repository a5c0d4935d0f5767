//! Set-up with fake package managers: shell scripts in temporary folders.

#![allow(clippy::disallowed_methods, reason = "scripts are written as any program would")]

use std::sync::Mutex;

use super::*;
use crate::report::Silent;
use crate::toolchain::Folders;
use crate::toolchain::needs::Kind;
use crate::toolchain::tool::{Place, Version};

const ROW: Tool = Tool {
    name: "made",
    purpose: "is made by the test",
    requirement: ">=1.2, <2",
    places: &[Place::Managed("bin/made")],
    version: Version::Arguments(&[]),
    install: Install::Code { pin: "1", says: "makes a script", run: make },
};

static MADE: Tool = ROW;

static FAILING: Tool =
    Tool { name: "failing", install: Install::Code { pin: "1", says: "fails", run: fail }, ..ROW };

static WRONG: Tool = Tool {
    name: "wrong",
    requirement: ">=2",
    install: Install::Code { pin: "1", says: "makes a script that is too old", run: make },
    ..ROW
};

static BY_HAND: Tool =
    Tool { name: "by-hand", install: Install::Person("Ask at the counter."), ..ROW };

fn make(site: &Site) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let path = site.folder.join("bin/made");
    crate::files::write(&path, b"#!/bin/sh\necho made 1.2.3\n")?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    crate::files::write(&site.resume.join("half"), b"half")
}

fn fail(site: &Site) -> Result<()> {
    make(site)?;
    Err(Error::new(Code::SetupFailed, "failing: it fails").hint("Do not wonder."))
}

struct Home {
    folder: tempfile::TempDir,
    finder: Finder,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let finder = Finder::new(Folders::inside(folder.path()), std::ffi::OsString::new());
    Home { folder, finder }
}

impl Home {
    fn set_up(&self, tools: &[&'static Tool], report: &dyn Report) -> Result<Vec<Installed>> {
        let need = |tool: &&'static Tool| Need { tool, kind: Kind::Language, users: vec!["test"] };
        let needs: Vec<Need> = tools.iter().map(need).collect();
        plan(&self.finder, &needs)?.run(&self.finder, report)
    }

    /// What is in the folder of managed tools.
    fn tools(&self) -> Vec<String> {
        let listed = std::fs::read_dir(self.folder.path().join("tools")).unwrap();
        let mut names: Vec<String> =
            listed.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn what_is_missing_is_made_once() {
    let home = home();
    let first = home.set_up(&[&MADE], &Silent).unwrap();
    assert!(!first[0].unchanged && first[0].size > 0 && first[0].version == "1.2.3", "{first:?}");
    assert_eq!(home.tools(), [".lock", &MADE.folder_name()]);
    assert!(!home.folder.path().join("cache/setup").join(MADE.folder_name()).exists());
    assert!(home.set_up(&[&MADE], &Silent).unwrap()[0].unchanged);
}

#[test]
fn a_failure_leaves_nothing_half_made_and_keeps_no_other_tool_back() {
    let home = home();
    let error = home.set_up(&[&FAILING, &MADE, &BY_HAND], &Silent).unwrap_err();
    assert_eq!(error.causes()[0], "failing: it fails");
    assert_eq!(error.message(), "failing, by-hand: they are still missing");
    assert_eq!(home.tools(), [".lock", &MADE.folder_name()]);
    // What may be gone on with is kept.
    assert!(home.folder.path().join("cache/setup").join(FAILING.folder_name()).exists());
}

#[test]
fn what_only_a_person_installs_is_told() {
    let error = home().set_up(&[&BY_HAND], &Silent).unwrap_err();
    assert_eq!(error.code(), Code::ToolMissing);
    assert_eq!(error.advice(), Some("Ask at the counter."));
}

#[test]
fn what_does_not_work_after_its_installation_is_an_error() {
    let error = home().set_up(&[&WRONG], &Silent).unwrap_err();
    assert_eq!(error.code(), Code::ToolVersion);
    assert!(error.causes().last().unwrap().contains("installed just now"), "{error}");
}

#[test]
fn leftovers_of_killed_runs_go() {
    let home = home();
    let left = home.folder.path().join("tools/.partial-abc/new/bin");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("made"), "half").unwrap();
    home.set_up(&[&MADE], &Silent).unwrap();
    assert_eq!(home.tools(), [".lock", &MADE.folder_name()]);
}

#[test]
fn a_broken_folder_is_replaced() {
    let home = home();
    let broken = home.folder.path().join("tools").join(MADE.folder_name());
    std::fs::create_dir_all(broken.join("bin")).unwrap();
    std::fs::write(broken.join("bin/made"), "").unwrap();
    home.set_up(&[&MADE], &Silent).unwrap();
    assert!(std::fs::read(broken.join("bin/made")).unwrap().starts_with(b"#!"));
}

#[test]
fn an_unwritable_place_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, "").unwrap();
    let finder = Finder::new(Folders::inside(&in_the_way), std::ffi::OsString::new());
    let needs = [Need { tool: &MADE, kind: Kind::Language, users: vec!["test"] }];
    let error = plan(&finder, &needs).unwrap().run(&finder, &Silent).unwrap_err();
    assert_eq!(error.code(), Code::InTheWay);
    assert!(error.message().contains("file/tools"), "{error}");
}

/// Collects the notes that it is told.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Report for Notes {
    fn event(&self, event: &Event) {
        if let Event::Note { text } = event {
            self.0.lock().unwrap().push((*text).to_owned());
        }
    }
}

#[test]
fn of_two_set_ups_one_waits_and_then_has_nothing_to_do() {
    let home = home();
    let needs = [Need { tool: &MADE, kind: Kind::Language, users: vec!["test"] }];
    let late = plan(&home.finder, &needs).unwrap();
    let notes = Notes::default();
    let store = Store::open(home.finder.folders(), &|| {}).unwrap();
    std::thread::scope(|scope| {
        let late = scope.spawn(|| late.run(&home.finder, &notes).unwrap());
        while notes.0.lock().unwrap().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        install(&MADE, &home.finder, &store, &Silent).unwrap();
        drop(store);
        assert!(late.join().unwrap()[0].unchanged);
    });
    assert_eq!(*notes.0.lock().unwrap(), ["waiting for another `isospin setup` to finish"]);
}

static ON_TOP: Tool = Tool {
    name: "on-top",
    install: Install::Code { pin: "1", says: "needs another tool first", run: make_on_top },
    ..ROW
};

fn make_on_top(site: &Site) -> Result<()> {
    assert!(site.need(&MADE)?.exists());
    make(site)
}

#[test]
fn what_an_installation_needs_is_installed_first() {
    let home = home();
    let done = home.set_up(&[&ON_TOP, &MADE], &Silent).unwrap();
    assert!(!done[0].unchanged && done[1].unchanged, "{done:?}");
}
