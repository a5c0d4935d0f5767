//! Good manifests, and that no bad one causes a panic. What is said of mistakes is
//! shown by `tests/errors`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

use std::path::Path;

use isospin_builder::app;
use isospin_builder::language::LANGUAGES;
use isospin_builder::report::render;

/// An app's folder with handlers `a` and `b`, and this manifest.
fn app_with(manifest: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    for file in ["a/handler.c", "b/handler.c"] {
        std::fs::write(folder.path().join(file), "").unwrap();
    }
    std::fs::write(folder.path().join("isospin.toml"), manifest).unwrap();
    folder
}

/// What is said about a manifest.
fn said(folder: &Path) -> String {
    match app::load(Some(folder)) {
        Ok(app) => format!("{} components\n", app.components.len()),
        Err(error) => render(&error, false),
    }
}

const HEAD: &str = "[app]\nname = \"x\"\n\n";

#[test]
fn a_good_manifest_is_read_in_its_own_order() {
    let text = format!("{HEAD}[component.b]\nroute = \"/b\"\n[component.a]\nroute = \"/...\"\n");
    let folder = app_with(text.as_bytes());
    let app = app::load(Some(folder.path())).unwrap();
    let names: Vec<&str> = app.components.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
}

#[test]
fn a_thousand_mutations_of_a_manifest_cause_no_panic() {
    let seed = format!(
        "{HEAD}[component.a]\npath = \"a\"\nlanguage = \"{}\"\nroute = \"/a/...\"\nenvironment = {{ A = \"é\" }}\noutbound = [\"https://*.example.com:*\"]\n",
        LANGUAGES[0].name()
    );
    let folder = app_with(b"");
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..1_000 {
        let mut bytes = seed.clone().into_bytes();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &mut random);
        }
        std::fs::write(folder.path().join("isospin.toml"), &bytes).unwrap();
        // Whatever it says, it says it: rendering must not panic either.
        let _ = said(folder.path());
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len().max(1));
    match random.below(6) {
        0 => bytes.insert(at, (random.next() & 0xff) as u8),
        1 if !bytes.is_empty() => drop(bytes.remove(at)),
        2 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        3 => bytes.truncate(at),
        4 => bytes.extend_from_within(at..),
        _ => {
            let word: &[u8] =
                [&b"..."[..], b"\"\"\"", b"[[", b"\0", b"\xf0\x9f", b"9999999999999999999"]
                    [random.below(6)];
            bytes.splice(at..at, word.iter().copied());
        }
    }
}

/// xorshift64 (Marsaglia, 2003): the same mutations in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}
