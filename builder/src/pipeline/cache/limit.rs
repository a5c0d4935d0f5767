//! Where builds are kept, and how much of the disk they may take.

use std::path::{Path, PathBuf};

use crate::report::{Code, Error, Result};
use crate::toolchain::Folders;

/// Holds the folder, if it is another than the user's own.
const FOLDER_VARIABLE: &str = "ISOSPIN_BUILD_CACHE";

/// Holds the limit, as `500MB` or `5GB`; `0` keeps nothing.
pub const LIMIT_VARIABLE: &str = "ISOSPIN_BUILD_CACHE_LIMIT";

/// Some hundred builds of the largest components, some ten thousand of small ones.
const DEFAULT: u64 = 2_000_000_000;

const UNITS: &[(&str, u64)] = &[
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
    ("B", 1),
    ("", 1),
];

/// The folder that the user has named, or the default.
///
/// # Errors
/// If there is no place for the user's own files.
pub fn folder() -> Result<PathBuf> {
    match std::env::var_os(FOLDER_VARIABLE) {
        Some(path) if !path.is_empty() => {
            std::path::absolute(&path).map_err(|error| Error::io("use", Path::new(&path), &error))
        }
        _ => Ok(Folders::of_user()?.cache().join("builds")),
    }
}

/// The limit that the user has set, or the default; bytes.
///
/// # Errors
/// If the variable holds no size.
pub fn limit() -> Result<u64> {
    match std::env::var_os(LIMIT_VARIABLE) {
        Some(text) if !text.is_empty() => {
            let text = text.to_string_lossy();
            size(&text).ok_or_else(|| {
                Error::new(Code::Usage, format!("{LIMIT_VARIABLE}: `{text}` is no size"))
                    .hint("Give a number and its unit, such as 500MB or 5GB; 0 keeps no builds.")
            })
        }
        _ => Ok(DEFAULT),
    }
}

/// A size as people write it; powers of 1000.
fn size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let (unit, factor) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    let number = text.strip_suffix(unit)?.trim();
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(size("0"), Some(0));
        assert_eq!(size("500MB"), Some(500_000_000));
        assert_eq!(size(" 5 gb "), Some(5_000_000_000));
        assert_eq!(size("17"), Some(17));
        for wrong in ["", "MB", "-1", "1.5GB", "off", "99999999999TB"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }
}
