//! The pins, against the registries: what they name is there, is what its digest
//! says, and works on this machine.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

use std::ffi::OsString;

use isospin_builder::report::{Code, Installed, Silent};
use isospin_builder::toolchain::{
    self, ADA, COMPONENTIZE_PY, ESBUILD, Finder, Folders, Install, Kind, Need, Place, QUICKJS,
    TYPESCRIPT, Tool, Version,
};

/// Sets `tools` up in an empty folder, with these folders as `PATH`.
fn set_up(
    tools: &[&'static Tool],
    search_path: OsString,
) -> isospin_builder::report::Result<(tempfile::TempDir, Vec<Installed>)> {
    let home = tempfile::tempdir().unwrap();
    let finder = Finder::new(Folders::inside(home.path()), search_path);
    let need = |tool: &&'static Tool| Need { tool, kind: Kind::Language, users: vec!["test"] };
    let needs: Vec<Need> = tools.iter().map(need).collect();
    let installed = toolchain::plan(&finder, &needs)?.run(&finder, &Silent)?;
    Ok((home, installed))
}

/// The `PATH` without other copies of what is installed here.
fn path() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let bare = std::env::split_paths(&path)
        .filter(|one| !one.join("esbuild").exists() && !one.join("tsc").exists());
    std::env::join_paths(bare).unwrap()
}

#[test]
fn sources_come_without_being_built() {
    let (_home, installed) = set_up(&[&QUICKJS, &ADA], path()).unwrap();
    assert!(installed[0].path.join("upstream-quickjs/quickjs.c").is_file());
    assert!(installed[1].path.join("ada_url/ada.cpp").is_file());
}

#[test]
fn programs_come_from_npm() {
    let (_home, installed) = set_up(&[&ESBUILD, &TYPESCRIPT], path()).unwrap();
    assert!(installed.iter().all(|one| !one.unchanged), "{installed:?}");
}

#[test]
fn packages_come_from_pip() {
    let (_home, installed) = set_up(&[&COMPONENTIZE_PY], path()).unwrap();
    assert!(installed[0].path.join("__init__.py").is_file(), "{installed:?}");
}

const ROW: Tool = Tool {
    name: "altered",
    purpose: "is not what its digest says",
    requirement: "*",
    places: &[Place::Managed("ada-url")],
    version: Version::Wheel("ada_url"),
    install: Install::PipSource {
        requirements: "ada-url==4.0.0 --hash=sha256:\
                       0000000000000000000000000000000000000000000000000000000000000000",
    },
};

#[test]
fn a_wrong_digest_is_refused() {
    static ALTERED: Tool = ROW;
    let error = set_up(&[&ALTERED], path()).unwrap_err();
    assert_eq!(error.code(), Code::DigestWrong);
    assert!(error.advice().unwrap().contains("is not what this version"), "{error:?}");
}

#[test]
fn without_python_the_way_to_get_it_is_told() {
    let error = set_up(&[&ADA], "/nonexistent".into()).unwrap_err();
    assert_eq!(error.code(), Code::ToolMissing);
    assert_eq!(error.message(), "pip: it is not installed");
    assert!(error.advice().unwrap().contains("python3-pip"), "{error:?}");
}

#[test]
fn without_a_network_the_way_out_is_told() {
    // The registry's client is asked to go through a proxy that is not there.
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("python3");
    let text = format!(
        "#!/bin/sh\nexport https_proxy=http://127.0.0.1:9 PIP_NO_CACHE_DIR=1 PIP_FIND_LINKS=\n\
         exec {} \"$@\"\n",
        python()
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let error = set_up(&[&COMPONENTIZE_PY], folder.path().as_os_str().to_owned()).unwrap_err();
    assert!(error.advice().unwrap().contains("could not be reached"), "{error:?}");
}

fn python() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|one| one.join("python3")).find(|one| one.exists());
    found.unwrap().display().to_string()
}
