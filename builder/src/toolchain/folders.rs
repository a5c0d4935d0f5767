//! The user's own folders: what is installed, and what can be made again.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Tool;
use crate::paths;
use crate::report::{Code, Error, Result};

/// The folders of one user (or of one `ISOSPIN_HOME`).
#[derive(Debug, Clone)]
pub struct Folders {
    data: PathBuf,
    cache: PathBuf,
}

impl Folders {
    /// `ISOSPIN_HOME` holds everything where it is set; else the places that the
    /// XDG base directory specification gives.
    ///
    /// # Errors
    /// If neither these variables nor `HOME` are set.
    pub fn of_user() -> Result<Folders> {
        Folders::from_variables(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Folders> {
        if let Some(home) = variable("ISOSPIN_HOME") {
            let home = std::path::absolute(&home)
                .map_err(|error| Error::io("use", Path::new(&home), &error))?;
            return Ok(Folders::inside(&home));
        }
        let of_kind = |name: &str, below_home: &str| {
            let found = paths::user_folder(&variable, name, below_home);
            found.map(|path| path.join("isospin")).ok_or_else(|| {
                Error::new(Code::HomeMissing, "HOME: the variable is not set")
                    .cause("there is no folder to keep tools in")
                    .hint("Set HOME, or set ISOSPIN_HOME to a folder for Isospin's own files.")
            })
        };
        Ok(Folders {
            data: of_kind("XDG_DATA_HOME", ".local/share")?,
            cache: of_kind("XDG_CACHE_HOME", ".cache")?,
        })
    }

    /// All of them inside one folder.
    pub fn inside(home: &Path) -> Folders {
        Folders { data: home.to_owned(), cache: home.join("cache") }
    }

    /// What `isospin setup` installed, one folder for each tool.
    pub fn tools(&self) -> PathBuf {
        self.data.join("tools")
    }

    /// What can be made again at any time.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// The folder that `isospin setup` makes for `tool`.
    pub fn of_tool(&self, tool: &Tool) -> PathBuf {
        self.tools().join(tool.folder_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(variables: &[(&str, &str)]) -> Result<(PathBuf, PathBuf)> {
        let lookup = |name: &str| {
            let (_, value) = variables.iter().find(|(key, _)| *key == name)?;
            Some(OsString::from(value))
        };
        Folders::from_variables(lookup).map(|folders| (folders.tools(), folders.cache().to_owned()))
    }

    #[test]
    fn one_variable_moves_everything() {
        let found = folders(&[("ISOSPIN_HOME", "/i"), ("XDG_DATA_HOME", "/x"), ("HOME", "/h")]);
        assert_eq!(found.unwrap(), ("/i/tools".into(), "/i/cache".into()));
    }

    #[test]
    fn the_xdg_folders_are_used_where_they_are_absolute() {
        let found = folders(&[("XDG_DATA_HOME", "/x"), ("XDG_CACHE_HOME", "c"), ("HOME", "/h")]);
        assert_eq!(found.unwrap(), ("/x/isospin/tools".into(), "/h/.cache/isospin".into()));
    }

    #[test]
    fn without_a_home_the_way_out_is_named() {
        let error = folders(&[]).unwrap_err();
        assert!(error.advice().unwrap().contains("ISOSPIN_HOME"), "{error}");
    }
}
