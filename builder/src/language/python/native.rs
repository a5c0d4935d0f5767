//! Native code in packages: it cannot run in a component. Many packages have
//! some that they can do without, and import it inside of `try`; so what is native
//! is replaced by a module that says so when it is imported. A package that cannot
//! do without it is thereby refused by name when the component is built.

use std::path::{Path, PathBuf};

use crate::files;
use crate::report::{Error, Result};

/// Replaces the native modules below `folder`, and removes native libraries.
///
/// # Errors
/// If a file cannot be removed or written.
pub fn replace(folder: &Path) -> Result<()> {
    for path in files::files_below(folder)? {
        if !is_native(&path) {
            continue;
        }
        std::fs::remove_file(&path).map_err(|error| Error::io("remove", &path, &error))?;
        if let Some((module, file)) = module_of(folder, &path)
            && !file.exists()
            && !file.with_extension("").join("__init__.py").exists()
        {
            files::write(&file, stand_in(&module).as_bytes())?;
        }
    }
    Ok(())
}

fn is_native(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let endings = [".so", ".pyd", ".dylib", ".dll", ".a"];
    endings.iter().any(|ending| name.ends_with(ending)) || name.contains(".so.")
}

/// The dotted name of a native module, and the file of Python that stands for it.
/// None for what is no module, such as libraries that modules load.
fn module_of(folder: &Path, path: &Path) -> Option<(String, PathBuf)> {
    let inside = path.strip_prefix(folder).ok()?;
    let name = inside.file_name()?.to_str()?;
    let (stem, _) = name.split_once('.')?;
    let mut parts: Vec<&str> =
        inside.parent()?.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    parts.push(stem);
    let is_identifier = |part: &&str| {
        part.chars().all(|c| c.is_alphanumeric() || c == '_') && !part.starts_with(char::is_numeric)
    };
    if !parts.iter().all(is_identifier) {
        return None;
    }
    Some((parts.join("."), path.with_file_name(format!("{stem}.py"))))
}

fn stand_in(module: &str) -> String {
    let package = module.split('.').next().unwrap_or(module);
    format!(
        "raise ImportError(\n    \"the package `{package}` needs native code (`{module}`), which cannot \
         run in a component: \"\n    \"use a package in pure Python, or a version of this one that does \
         without\",\n    name=\"{module}\",\n)\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            files::write(&folder.path().join(name), b"x").unwrap();
        }
        folder
    }

    fn left(folder: &tempfile::TempDir) -> Vec<String> {
        let files = files::files_below(folder.path()).unwrap();
        let name = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        files.iter().map(name).collect()
    }

    #[test]
    fn a_native_module_says_that_it_is_one() {
        let folder =
            folder_with(&["fast/__init__.py", "fast/_speed.cpython-314-x86_64-linux-gnu.so"]);
        replace(folder.path()).unwrap();
        assert_eq!(left(&folder), ["fast/__init__.py", "fast/_speed.py"]);
        let text = std::fs::read_to_string(folder.path().join("fast/_speed.py")).unwrap();
        assert!(text.contains("`fast` needs native code (`fast._speed`)"), "{text}");
    }

    #[test]
    fn what_is_there_in_python_too_stays() {
        let folder = folder_with(&[
            "md.py",
            "md.cpython-314-x86_64-linux-gnu.so",
            "both/__init__.py",
            "both.abi3.so",
        ]);
        replace(folder.path()).unwrap();
        assert_eq!(left(&folder), ["both/__init__.py", "md.py"]);
        assert_eq!(std::fs::read(folder.path().join("md.py")).unwrap(), b"x");
    }

    #[test]
    fn libraries_go_without_a_trace() {
        let folder = folder_with(&["numbers.libs/libfortran-1a2b.so.5", "numbers/lib-x.so"]);
        replace(folder.path()).unwrap();
        assert!(left(&folder).is_empty());
    }
}
