//! Where tools and caches live: in folders of the user, never the system's.

use std::path::PathBuf;

/// `ISOSPIN_HOME`, or this user's folder for data.
pub fn data_folder() -> PathBuf {
    from_variables("XDG_DATA_HOME", ".local/share")
}

/// For what can be made again: compiled libraries, compiled code.
pub fn cache_folder() -> PathBuf {
    match std::env::var_os("ISOSPIN_HOME") {
        Some(home) => PathBuf::from(home).join("cache"),
        None => from_variables("XDG_CACHE_HOME", ".cache"),
    }
}

fn from_variables(variable: &str, below_home: &str) -> PathBuf {
    if let Some(home) = std::env::var_os("ISOSPIN_HOME") {
        return PathBuf::from(home);
    }
    let base = std::env::var_os(variable).map(PathBuf::from).unwrap_or_else(|| {
        PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(below_home)
    });
    base.join("isospin")
}
