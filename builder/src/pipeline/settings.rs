//! What decides a build besides the files of a component.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::recipe::Key;
use crate::app::Component;
use crate::language::Profile;
use crate::report::{Error, Result};
use crate::toolchain::{Found, Origin, Toolchain};

/// Digest of all that is not a file of the component: this builder, the tools, what
/// is asked of them, and what of their surroundings they heed.
pub fn settings(
    builder: &str,
    component: &Component,
    toolchain: &Toolchain,
    profile: Profile,
) -> String {
    let language = component.language;
    let mut key = Key::new("settings");
    key.add(builder);
    key.add(language.name());
    key.add(profile.name());
    for capability in component.capabilities() {
        key.add(capability.name());
    }
    key.add("tools");
    for found in &toolchain.tools {
        key.add(found.tool.name);
        key.add(&found.version);
        key.add(place(found));
    }
    key.add("surroundings");
    for path in language.surroundings(&component.path) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        // Nearest first, and where below the folder above the component, so that
        // the same file counts the same for every clone.
        let above = component.path.ancestors().find(|folder| path.starts_with(folder));
        let inside = above.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(&path);
        key.add(inside.as_os_str().as_encoded_bytes());
        key.add(bytes);
    }
    key.add("variables");
    let mut variables: Vec<_> = std::env::vars_os()
        .filter(|(name, _)| {
            let name = name.to_string_lossy();
            language.variables().iter().any(|prefix| name.starts_with(prefix))
        })
        .collect();
    variables.sort();
    for (name, value) in variables {
        key.add(name.as_encoded_bytes());
        key.add(value.as_encoded_bytes());
    }
    key.digest()
}

/// What tells a tool from another of the same version. One that `isospin setup`
/// installed is pinned by digest, wherever it is; any other may be anything.
fn place(found: &Found) -> String {
    if found.origin == Origin::Managed {
        return String::new();
    }
    let state = found
        .path
        .metadata()
        .map(|data| format!("{} {} {}", data.len(), data.mtime(), data.mtime_nsec()));
    format!("{} {}", found.path.display(), state.unwrap_or_default())
}

/// What tells this builder from another: SDKs, world and adapters are inside
/// the program, so another program means another build.
///
/// # Errors
/// If the program's own file cannot be found.
pub fn builder_identity() -> Result<String> {
    let program =
        std::env::current_exe().map_err(|error| Error::io("find", Path::new("isospin"), &error))?;
    let metadata =
        std::fs::metadata(&program).map_err(|error| Error::io("read", &program, &error))?;
    let modified = metadata.modified().ok().map(|time| format!("{time:?}"));
    Ok(format!("{} {} {modified:?}", env!("CARGO_PKG_VERSION"), metadata.len()))
}
