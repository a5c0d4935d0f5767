//! Settings for cargo: small modules, and the same bytes in every folder.

use std::path::PathBuf;

use super::manifest::Manifest;
use super::tools;
use super::{Context, TARGET};
use crate::report::Result;

/// What a release build has unless `[profile.release]` says otherwise.
const RELEASE: &[(&str, &str)] = &[
    ("opt-level", "\"s\""),
    ("lto", "true"),
    ("codegen-units", "1"),
    ("panic", "\"abort\""),
    // The lines are for traces, and are taken out of what is released.
    ("debug", "\"line-tables-only\""),
    ("strip", "\"none\""),
    // The SDK and what it keeps bodies in are in every component, and move bytes
    // rather than compute. Smaller still, for the whole, would slow handlers down.
    ("package.isospin.opt-level", "\"z\""),
    ("package.bytes.opt-level", "\"z\""),
];

/// The values of cargo's `--config`.
pub fn settings(cx: &Context, manifest: &Manifest) -> Result<Vec<String>> {
    let mut settings: Vec<String> = RELEASE
        .iter()
        .filter(|(key, _)| !manifest.release_settings.iter().any(|set| decides(set, key)))
        .map(|(key, value)| format!("profile.release.{key}={value}"))
        .collect();
    settings.push(format!("target.{TARGET}.rustflags={}", list(&rustflags(cx, manifest))));
    Ok(settings)
}

/// Whether what a user has set decides a setting of ours: the same one, that
/// for all packages where ours is for one, or any for single packages.
fn decides(set: &str, key: &str) -> bool {
    let mut parts = key.split('.');
    parts.next() == Some(set) || parts.next_back() == Some(set)
}

/// Paths of this machine are replaced in panic messages; the last flag that
/// fits a path counts.
fn rustflags(cx: &Context, manifest: &Manifest) -> Vec<String> {
    let mut replaced: Vec<(PathBuf, &str)> = Vec::new();
    if let Some(root) = manifest.root.parent() {
        replaced.push((root.to_owned(), ""));
    }
    replaced.push((cx.component.path.clone(), ""));
    replaced.push((cx.sdk.clone(), "isospin"));
    if let Some(home) = cargo_home() {
        replaced.push((home.join("registry/src"), "registry"));
        replaced.push((home.join("git/checkouts"), "git"));
    }
    if let Some(sysroot) = tools::sysroot(&cx.toolchain.found(&tools::RUSTC).path) {
        replaced.push((sysroot.join("lib/rustlib/src/rust"), "rust"));
    }
    replaced
        .into_iter()
        .map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display()))
        .collect()
}

/// The variables that a source has compiled in, but for those that cargo sets.
pub fn variables_in(source: &str) -> Vec<String> {
    let asked = source.split("env!(").skip(1).filter_map(|rest| {
        let name = rest.trim_start().strip_prefix('"')?.split_once('"')?.0;
        (!name.starts_with("CARGO_") && name != "OUT_DIR").then(|| name.to_owned())
    });
    asked.collect()
}

/// Cargo's own folder.
pub fn cargo_home() -> Option<PathBuf> {
    match std::env::var_os("CARGO_HOME") {
        Some(home) => Some(home.into()),
        None => std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")),
    }
}

/// A list of strings in TOML, which for strings is that of JSON.
fn list(values: &[String]) -> String {
    serde_json::to_string(values).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{decides, variables_in};

    #[test]
    fn variables_that_are_compiled_in_are_found() {
        let source = "let a = env!(\"STAGE\"); option_env!( \"REGION\"); env!(\"CARGO_PKG_NAME\")";
        assert_eq!(variables_in(source), ["STAGE", "REGION"]);
    }

    #[test]
    fn what_a_user_sets_is_left_alone() {
        assert!(decides("lto", "lto"));
        assert!(decides("opt-level", "package.bytes.opt-level"));
        assert!(decides("package", "package.bytes.opt-level"));
        assert!(!decides("lto", "package.bytes.opt-level"));
        assert!(!decides("package", "opt-level"));
    }
}
