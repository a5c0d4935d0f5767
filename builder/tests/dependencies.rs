//! What the program is made of: packages of a registry with digests, under
//! licences that go together with ours.
//!
//! Known weaknesses of packages are not looked up: their database is not a
//! package of a registry, so that not every machine that runs the tests has it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::expression::Expression;
use spdx::{LicenseReq, ParseMode};

/// Licences that ask for no more than their text and the authors' names.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// What builds the guide, by the beginning of its names. These licences also ask that
/// changed files of theirs are shown: none is changed, and none is in the program.
const OF_THE_GUIDE: &[(&str, &str)] =
    &[("mdbook-", "MPL-2.0"), ("font-awesome-as-a-crate", "CC-BY-4.0 AND MIT")];

/// Exceptions that only allow more.
const EXCEPTIONS: &[&str] = &["LLVM-exception"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The packages of a workspace for one platform, as its lock file has them. Those
/// of all platforms would have to be downloaded.
fn packages(folder: &str, platform: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version=1", "--filter-platform", platform])
        .current_dir(root().join(folder))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn is_allowed(requirement: &LicenseReq) -> bool {
    let licence = requirement.license.id().is_some_and(|id| LICENCES.contains(&id.name));
    let exception = requirement.addition.as_ref().is_none_or(|addition| {
        addition.id().is_some_and(|exception| EXCEPTIONS.contains(&exception.name))
    });
    licence && exception
}

fn is_of_the_guide(name: &str, licence: &str) -> bool {
    OF_THE_GUIDE.iter().any(|(begins, its)| name.starts_with(begins) && licence == *its)
}

#[test]
fn what_builds_the_guide_is_not_in_the_program() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package=isospin-builder", "--edges=normal,build"])
        .args(["--prefix=none", "--format={p}"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().count() > 100, "the packages were not found");
    for (begins, _) in OF_THE_GUIDE {
        assert!(!text.lines().any(|line| line.starts_with(begins)), "{begins}");
    }
}

#[test]
fn licences_go_together_with_ours() {
    let mut wrong = BTreeSet::new();
    let mut seen = 0;
    let here = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    for (workspace, platform) in [("", here.as_str()), ("sdks/rust", "wasm32-wasip1")] {
        for package in packages(workspace, platform) {
            seen += 1;
            let licence = package["license"].as_str().unwrap_or_default();
            let name = package["name"].as_str().unwrap_or_default();
            let fits = Expression::parse_mode(licence, ParseMode::LAX)
                .is_ok_and(|expression| expression.evaluate(is_allowed))
                || is_of_the_guide(name, licence);
            if !fits {
                wrong.insert(format!("{} {}: `{licence}`", package["name"], package["version"]));
            }
        }
    }
    assert!(seen > 100, "the packages were not found");
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Every lock file of the repository: the workspace's and those of SDKs, guests
/// and examples.
#[test]
fn packages_come_from_one_registry_with_their_digests() {
    let mut registries = BTreeSet::new();
    let mut wrong = Vec::new();
    let files = ignore::WalkBuilder::new(root()).build().map(Result::unwrap);
    let locks = files.filter(|entry| entry.file_name() == "Cargo.lock");
    for lock in locks {
        let text = std::fs::read_to_string(lock.path()).unwrap();
        let lock_file: toml::Table = text.parse().unwrap();
        for package in lock_file["package"].as_array().unwrap() {
            let Some(source) = package.get("source").and_then(|source| source.as_str()) else {
                continue;
            };
            registries.insert(source.to_owned());
            if !source.starts_with("registry+") || package.get("checksum").is_none() {
                wrong.push(format!("{}: {}", lock.path().display(), package["name"]));
            }
        }
    }
    assert_eq!(registries.len(), 1, "{registries:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Else everything above a package with two sets of features is compiled twice:
/// once to run the program, and once more to test it.
#[test]
fn tests_need_no_other_features_than_the_program() {
    let lines = |edges: &str| -> BTreeSet<String> {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--locked", "--workspace", "--prefix=none", "--format={p} {f}"])
            .args(["--edges", edges])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
    };
    let package = |line: &&String| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let (program, tests) = (lines("normal,build"), lines("normal,build,dev"));
    let known: BTreeSet<String> = program.iter().map(|line| package(&line)).collect();
    let lost = program.difference(&tests);
    let changed = tests.difference(&program).filter(|line| known.contains(&package(line)));
    let changed: Vec<&String> = lost.chain(changed).collect();
    assert!(changed.is_empty(), "{changed:#?}");
}
