//! What the driver must know of a component's `Cargo.toml`.

use std::path::{Path, PathBuf};

use crate::report::{Code, Error, Result};

/// A package's manifest, and its workspace's.
pub struct Manifest {
    pub path: PathBuf,
    /// The name of the package.
    pub package: String,
    /// The manifest that says which profiles there are: that of the workspace.
    pub root: PathBuf,
    /// What the user has set in `[profile.release]`.
    pub release_settings: Vec<String>,
}

impl Manifest {
    /// Reads the manifest in `folder`.
    ///
    /// # Errors
    /// If it cannot be read, or describes no package.
    pub fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join("Cargo.toml");
        let own = parse(&path)?;
        let Some(package) = own
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(toml::Value::as_str)
        else {
            return Err(Error::new(
                Code::PackageManifest,
                format!("{}: it describes no package", path.display()),
            )
            .hint("The `path` of a component is the folder of one package, not of a workspace."));
        };
        let (root, settings) = match workspace(folder, &own)? {
            Some((root, table)) => (root, release_settings(&table)),
            None => (path.clone(), release_settings(&own)),
        };
        Ok(Manifest { package: package.to_owned(), path, root, release_settings: settings })
    }
}

/// The workspace that the package belongs to, if it is not its own.
fn workspace(folder: &Path, own: &toml::Table) -> Result<Option<(PathBuf, toml::Table)>> {
    if own.contains_key("workspace") {
        return Ok(None);
    }
    for parent in folder.ancestors().skip(1) {
        let path = parent.join("Cargo.toml");
        if !path.is_file() {
            continue;
        }
        let table = parse(&path)?;
        if let Some(workspace) = table.get("workspace") {
            let member = !excludes(workspace, parent, folder);
            return Ok(member.then_some((path, table)));
        }
    }
    Ok(None)
}

fn excludes(workspace: &toml::Value, root: &Path, folder: &Path) -> bool {
    let excluded = workspace.get("exclude").and_then(toml::Value::as_array);
    excluded.into_iter().flatten().filter_map(toml::Value::as_str).any(|path| {
        let path = root.join(path);
        folder.starts_with(path)
    })
}

fn release_settings(table: &toml::Table) -> Vec<String> {
    let profile = table.get("profile").and_then(|profile| profile.get("release"));
    match profile.and_then(toml::Value::as_table) {
        Some(settings) => settings.keys().cloned().collect(),
        None => Vec::new(),
    }
}

fn parse(path: &Path) -> Result<toml::Table> {
    let text = crate::files::read(path)?;
    String::from_utf8_lossy(&text).parse().map_err(|error: toml::de::Error| {
        Error::new(Code::PackageManifest, format!("{}: it is no TOML", path.display()))
            .output(error.to_string())
            .hint("Correct the line that is shown.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            crate::files::write(&folder.path().join(path), text.as_bytes()).expect("written");
        }
        folder
    }

    #[test]
    fn a_member_has_the_profiles_of_its_workspace() {
        let folder = folder(&[
            ("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n[profile.release]\nlto = \"thin\"\n"),
            ("a/Cargo.toml", "[package]\nname = \"first\"\n[profile.release]\ndebug = true\n"),
        ]);
        let manifest = Manifest::read(&folder.path().join("a")).expect("it is read");
        assert_eq!(manifest.package, "first");
        assert_eq!(manifest.root, folder.path().join("Cargo.toml"));
        assert_eq!(manifest.release_settings, ["lto"]);
    }

    #[test]
    fn an_excluded_package_is_its_own_root() {
        let folder = folder(&[
            ("Cargo.toml", "[workspace]\nexclude = [\"apps\"]\n"),
            ("apps/a/Cargo.toml", "[package]\nname = \"a\"\n"),
        ]);
        let manifest = Manifest::read(&folder.path().join("apps/a")).expect("it is read");
        assert_eq!(manifest.root, manifest.path);
    }

    #[test]
    fn a_workspace_is_no_component() {
        let folder = folder(&[("Cargo.toml", "[workspace]\n")]);
        let error = Manifest::read(folder.path()).err().expect("it is refused");
        assert_eq!(error.code(), Code::PackageManifest);
    }
}
