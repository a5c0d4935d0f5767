#![allow(clippy::disallowed_methods, reason = "files are damaged as anything may do it")]

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Cache, Files, Outside};
use crate::pipeline::state::sha256;
use crate::report::Silent;

const LIMIT: u64 = 1_000_000;

fn cache() -> (tempfile::TempDir, Cache) {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(&folder.path().join("builds"), LIMIT);
    (folder, cache)
}

fn files(text: &str) -> Files {
    Files::from([("component".to_owned(), text.as_bytes().to_vec())])
}

fn key(name: &str) -> String {
    sha256(name.as_bytes())
}

fn found(cache: &Cache, name: &str) -> Option<Files> {
    cache.find(&key(name), |_| Some(())).map(|(files, _)| files)
}

fn kept(cache: &Cache) -> Vec<PathBuf> {
    crate::files::files_below(cache.folder()).unwrap()
}

#[test]
fn what_was_kept_is_found_again() {
    let (_folder, cache) = cache();
    assert_eq!(found(&cache, "a"), None);
    cache.keep(&key("a"), &[], &files("one"), &Silent);
    cache.keep(&key("b"), &[], &files("two"), &Silent);
    assert_eq!(found(&cache, "a"), Some(files("one")));
    assert_eq!(found(&cache, "b"), Some(files("two")));
    assert_eq!(found(&cache, "c"), None);
}

#[test]
fn entries_of_one_key_differ_in_their_inputs() {
    let (_folder, cache) = cache();
    let input = |text: &str| Outside { path: "../x.h".into(), sha256: key(text) };
    for text in ["one", "two"] {
        cache.keep(&key("a"), &[input(text)], &files(text), &Silent);
    }
    for text in ["one", "two"] {
        let found =
            cache.find(&key("a"), |inputs| (inputs == [input(text)]).then(|| inputs.to_vec()));
        assert_eq!(found, Some((files(text), vec![input(text)])));
    }
    assert_eq!(cache.find(&key("a"), |inputs| inputs.is_empty().then_some(())), None);
    // Those of long ago go.
    for round in 0..20 {
        cache.keep(&key("a"), &[input(&round.to_string())], &files("x"), &Silent);
    }
    let entries = kept(&cache).into_iter().filter(|path| super::is_entry(path)).count();
    assert_eq!(entries, super::ENTRIES_OF_A_KEY);
}

/// Whatever is done to one of its files, an entry is whole or not there.
#[test]
fn what_is_damaged_is_not_there_and_goes_away() {
    let damages: [fn(&Path); 4] = [
        |path| std::fs::write(path, b"").unwrap(),
        |path| {
            let bytes = std::fs::read(path).unwrap();
            std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        },
        |path| {
            let mut bytes = std::fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(path, bytes).unwrap();
        },
        |path| std::fs::remove_file(path).unwrap(),
    ];
    for damage in damages {
        for which in 0..2 {
            let (_folder, cache) = cache();
            cache.keep(&key("a"), &[], &files("some text"), &Silent);
            let damaged = kept(&cache)[which].clone();
            damage(&damaged);
            assert_eq!(found(&cache, "a"), None, "{}", damaged.display());
            assert!(!damaged.exists(), "{}", damaged.display());
            // And can be kept anew.
            cache.keep(&key("a"), &[], &files("some text"), &Silent);
            assert_eq!(found(&cache, "a"), Some(files("some text")));
        }
    }
}

#[test]
fn a_file_that_unpacks_to_more_than_it_should_is_refused() {
    let (_folder, cache) = cache();
    cache.keep(&key("a"), &[], &files("small"), &Silent);
    let file = kept(&cache).into_iter().find(|path| !super::is_entry(path)).unwrap();
    let bomb = zstd::encode_all(std::io::repeat(0).take_of(1 << 30), 1).unwrap();
    std::fs::write(&file, bomb).unwrap();
    let start = std::time::Instant::now();
    assert_eq!(found(&cache, "a"), None);
    assert!(start.elapsed() < Duration::from_secs(1), "it was unpacked");
}

trait TakeOf: std::io::Read + Sized {
    fn take_of(self, length: u64) -> std::io::Take<Self> {
        std::io::Read::take(self, length)
    }
}

impl<R: std::io::Read> TakeOf for R {}

#[test]
fn what_was_of_no_use_for_the_longest_time_goes_first() {
    let (_folder, cache) = cache();
    // What cannot be compressed.
    let text = |round: u64| -> String {
        (0..4000).map(|n| sha256(format!("{round} {n}").as_bytes())).collect()
    };
    for round in 0..12 {
        cache.keep(&key(&round.to_string()), &[], &files(&text(round)), &Silent);
        let old = SystemTime::now() - Duration::from_secs(1000 - round);
        for path in kept(&cache) {
            let file = std::fs::File::open(&path).unwrap();
            if file.metadata().unwrap().modified().unwrap()
                > SystemTime::now() - Duration::from_secs(100)
            {
                file.set_modified(old).unwrap();
            }
        }
    }
    // The oldest is used once more.
    assert!(found(&cache, "0").is_some());
    let before = cache.usage().unwrap();
    assert_eq!(before.entries, 12);
    assert!(before.size > LIMIT);
    cache.trim();
    let after = cache.usage().unwrap();
    assert!(after.size <= LIMIT, "{after:?}");
    assert!(after.size > LIMIT / 2, "{after:?}");
    assert!(found(&cache, "0").is_some());
    assert!(found(&cache, "11").is_some());
    assert_eq!(found(&cache, "1"), None);
}

#[test]
fn emptying_frees_everything() {
    let (_folder, cache) = cache();
    assert_eq!(cache.empty().unwrap().size, 0);
    cache.keep(&key("a"), &[], &files("some text"), &Silent);
    // One that was killed in its middle.
    let left = cache.folder().with_file_name(".isospin-removed-x");
    std::fs::create_dir_all(left.join("builds/keys")).unwrap();
    let freed = cache.empty().unwrap();
    assert_eq!(freed.entries, 1);
    assert!(freed.size > 0);
    assert_eq!(kept(&cache), Vec::<PathBuf>::new());
    assert_eq!(std::fs::read_dir(cache.folder().parent().unwrap()).unwrap().count(), 0);
}

#[test]
fn a_cache_that_is_off_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(&folder.path().join("builds"), 0);
    cache.keep(&key("a"), &[], &files("x"), &Silent);
    assert_eq!(found(&cache, "a"), None);
    assert!(!cache.folder().exists());
}
