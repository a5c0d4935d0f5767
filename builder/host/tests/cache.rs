//! Compiled code is kept between runs, and never trusted blindly.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{HELLO, guest, host};

fn entries(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths
}

#[test]
fn code_is_compiled_once() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("not").join("there");
    let serve = || {
        let host = host(guest(HELLO), |configuration| configuration.cache = Some(cache.clone()));
        assert_eq!(host.get("/").text(), "hello\n");
        host.lines.all()
    };
    assert!(serve().is_empty());
    let written = entries(&cache, "cwasm");
    assert_eq!(written.len(), 1);
    let age = fs::metadata(&written[0]).unwrap().modified().unwrap();
    assert!(serve().is_empty());
    assert_eq!(fs::metadata(&written[0]).unwrap().modified().unwrap(), age);
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 2, "nothing temporary is left");
}

#[test]
fn a_damaged_entry_is_compiled_anew() {
    let folder = tempfile::tempdir().unwrap();
    let serve = || {
        let cache = folder.path().to_owned();
        let host = host(guest(HELLO), |configuration| configuration.cache = Some(cache));
        assert_eq!(host.get("/").text(), "hello\n");
        host.lines
    };
    serve();
    let entry = entries(folder.path(), "cwasm").remove(0);
    let whole = fs::read(&entry).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for damaged in [&flipped, &whole[..whole.len() / 2].to_vec(), &Vec::new()] {
        fs::remove_file(&entry).unwrap();
        fs::write(&entry, damaged).unwrap();
        assert!(serve().has("damaged"));
        assert_eq!(fs::read(&entry).unwrap(), whole);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_no_failure() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let host = host(guest(HELLO), |configuration| configuration.cache = Some(file.path().into()));
    assert_eq!(host.get("/").text(), "hello\n");
    host.lines.expect("cannot be written");
}

#[test]
fn code_that_is_made_quickly_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let quick = |configuration: &mut isospin_host::Configuration| {
        configuration.cache = Some(folder.path().to_owned());
        configuration.quick = true;
    };
    assert_eq!(host(guest(HELLO), quick).get("/").text(), "hello\n");
    assert!(entries(folder.path(), "cwasm").is_empty());
    // What was kept before is taken: a damaged entry is seen.
    host(guest(HELLO), |configuration| configuration.cache = Some(folder.path().to_owned()));
    fs::write(&entries(folder.path(), "cwasm")[0], "damaged").unwrap();
    let host = host(guest(HELLO), quick);
    assert_eq!(host.get("/").text(), "hello\n");
    host.lines.expect("is damaged");
}

#[test]
fn code_that_fits_into_no_slot_is_compiled_once() {
    let folder = tempfile::tempdir().unwrap();
    // After the handler's own end there is a table that is larger than those of slots.
    let large = guest(&format!("{HELLO}) (table 70000 funcref"));
    for _ in 0..2 {
        let cache = folder.path().to_owned();
        let host = host(large.clone(), |configuration| configuration.cache = Some(cache));
        assert_eq!(host.get("/").text(), "hello\n");
        assert!(host.lines.all().is_empty(), "{:?}", host.lines.all());
        assert_eq!(entries(folder.path(), "cwasm").len(), 1);
    }
}
