//! Other toolchains than the one that setup installs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{MODULE, app, apps, artifact, build, copy, expect_success, serve};
use crate::{Test, optional, test};

/// The oldest Go that is promised to work.
const OLDEST: &str = "go1.25.0";

pub fn tests() -> Vec<Test> {
    let no_oldest = oldest().err();
    vec![
        optional("the oldest Go that is promised works", no_oldest, oldest_works),
        test("the SDK's files for TinyGo compile", tinygo_compiles),
        test("doctor shows TinyGo, and its absence is told", tinygo_is_missing),
        test("the manifest's other toolchains are told", unknown_toolchain),
        test("TinyGo is run as it must be", tinygo_is_run),
        optional("TinyGo makes a component that answers", no_tinygo(), tinygo_works),
    ]
}

/// The `go` of that distribution, which Go's own mechanism fetches through the
/// module proxy.
fn oldest() -> Result<PathBuf, String> {
    let mut command = Command::new("go");
    command.args(["env", "GOROOT"]).env("GOTOOLCHAIN", OLDEST).current_dir("/");
    let output = command.output().map_err(|error| format!("go on PATH: {error}"))?;
    if !output.status.success() {
        return Err(format!("{OLDEST}: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("bin/go"))
}

fn oldest_works() {
    let folder = tempfile::tempdir().unwrap();
    copy(&apps().join("mux"), folder.path());
    let go = oldest().unwrap();
    expect_success(&build(folder.path()).env("ISOSPIN_GO", go).output().unwrap());
    let served = serve(&artifact(folder.path()));
    let answer = served.request("GET", "/hello/ann", "");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello ann\n"), "{answer}");
}

fn no_tinygo() -> Option<String> {
    match Command::new("tinygo").arg("version").output() {
        Ok(_) => None,
        Err(error) => Some(format!("tinygo on PATH: {error}; no package registry carries TinyGo")),
    }
}

fn tinygo_compiles() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdks/go");
    for tags in ["tinygo", "tinygo,isospin_environment"] {
        let mut command = Command::new("go");
        command.args(["vet", "-tags", tags, "./..."]).current_dir(&sdk);
        command.env("GOOS", "wasip1").env("GOARCH", "wasm").env("GOFLAGS", "");
        expect_success(&command.output().unwrap());
    }
}

const MANIFEST: &str =
    "[app]\nname = \"small\"\n\n[component.small]\npath = \".\"\ntoolchain = \"tinygo\"\n";

fn small(manifest: &str) -> tempfile::TempDir {
    let source = std::fs::read_to_string(apps().join("lean/main.go")).unwrap();
    app(MODULE, source, &[("isospin.toml", manifest)])
}

fn tinygo_is_missing() {
    let nowhere = "/nowhere/tinygo";
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_isospin"));
    let output = doctor.args(["doctor", "go"]).env("ISOSPIN_TINYGO", nowhere).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("tinygo") && printed.contains(">=0.34"), "{printed}");
    // A component that does not ask for it does not need it.
    expect_success(&output);

    let folder = small(MANIFEST);
    let output = build(folder.path()).env("ISOSPIN_TINYGO", nowhere).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains("tinygo: it is not where it should be"), "{printed}");
    assert!(printed.contains("ISOSPIN_TINYGO"), "{printed}");
    if no_tinygo().is_some() {
        let output = build(folder.path()).env_remove("ISOSPIN_TINYGO").output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        for text in ["tinygo: it is not installed", "Install TinyGo 0.34 or newer"] {
            assert!(printed.contains(text), "{text:?} is not in\n{printed}");
        }
    }
}

fn unknown_toolchain() {
    let folder = small(&MANIFEST.replace("tinygo", "gccgo"));
    let output = build(folder.path()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    for text in ["Go has no toolchain `gccgo`", "isospin.toml:6:13", "tinygo"] {
        assert!(printed.contains(text), "{text:?} is not in\n{printed}");
    }
}

/// A program in TinyGo's place that tells how it was run, and fails as it does.
fn tinygo_is_run() {
    let folder = small(&format!("{MANIFEST}environment = {{}}\n"));
    let standing = folder.path().join("tinygo");
    let script = "#!/bin/sh\n[ \"$1\" = version ] && echo 'tinygo version 0.42.0 linux/amd64' && exit\n\
                  echo \"run: $*\" >&2\ncommand -v go >&2\nexit 1\n";
    std::fs::write(&standing, script).unwrap();
    std::fs::set_permissions(&standing, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let output = build(folder.path()).env("ISOSPIN_TINYGO", &standing).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    let expected = "run: build -target=wasip1 -buildmode=c-shared -tags=isospin_environment \
                    -opt=z -no-debug -o ";
    assert!(printed.contains(expected), "{printed}");
    assert!(printed.contains("the Go code of component `small` does not compile"), "{printed}");
}

fn tinygo_works() {
    let folder = small(MANIFEST);
    expect_success(&build(folder.path()).output().unwrap());
    let served = serve(&artifact(folder.path()));
    let answer = served.request("GET", "/", "");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("Hello"), "{answer}");
}
