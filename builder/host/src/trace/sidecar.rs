//! Modules that were built with debug information, and the file that has it.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use wasmparser::{Parser, Payload};

use super::TraceMap;

/// The custom section that names the build of a module: a number of bytes and
/// these bytes, as WebAssembly's tool conventions have it.
pub const BUILD_ID: &str = "build_id";

/// What follows the component's name in that of the file beside it.
const SUFFIX: &str = "debug.json";

/// The largest file that is read; a trace is not worth more memory.
const LARGEST: u64 = 256 << 20;

/// The file with the places of the component in `artifact`.
pub fn trace_file(artifact: &Path) -> PathBuf {
    artifact.with_extension(SUFFIX)
}

/// A module in a component that names its build.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// In hexadecimal digits.
    pub build_id: String,
    /// The content of its code section, in bytes of the component.
    pub code: Range<u64>,
}

/// The modules in a component that name their builds. What cannot be parsed has none.
pub fn named_modules(component: &[u8]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut code = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload {
            // A module begins; `code` is a stack, since components nest.
            Ok(Payload::Version { .. }) => code.push(0..0),
            Ok(Payload::End(_)) => drop(code.pop()),
            Ok(Payload::CodeSectionStart { unchecked_range: range, .. }) => {
                if let Some(last) = code.last_mut() {
                    *last = range.start..range.end;
                }
            }
            Ok(Payload::CustomSection(section)) if section.name() == BUILD_ID => {
                if let (Some(code), Some(id)) = (code.last(), content(section.data()))
                    && !code.is_empty()
                {
                    found.push(Named { build_id: hex(id), code: code.clone() });
                }
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    found
}

/// The bytes after their number, which is below 128 for every digest in use.
fn content(section: &[u8]) -> Option<&[u8]> {
    let (length, id) = section.split_first()?;
    (usize::from(*length) == id.len() && !id.is_empty() && *length < 0x80).then_some(id)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Why there are no places for a module.
#[derive(Debug)]
pub enum Absence {
    /// No file near the component belongs to this build; the one that goes by
    /// its name may belong to another.
    NotFound { other: bool },
    /// The file cannot be read.
    Unreadable(PathBuf, String),
}

/// The places of the module with this build id: from the file beside the
/// component, or any other such file in its folder, if it was renamed.
pub fn find(artifact: &Path, build_id: &str) -> Result<TraceMap, Absence> {
    let own = trace_file(artifact);
    let other = own.is_file();
    let found =
        std::iter::once(own).chain(neighbours(artifact)).find(|file| belongs(file, build_id));
    let Some(file) = found else { return Err(Absence::NotFound { other }) };
    read(&file).map_err(|error| Absence::Unreadable(file, error.to_string()))
}

fn neighbours(artifact: &Path) -> impl Iterator<Item = PathBuf> {
    const MOST: usize = 1000;
    let folder = match artifact.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST);
    entries.map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().and_then(OsStr::to_str);
        name.is_some_and(|name| name.ends_with(SUFFIX))
    })
}

/// Whether the file begins with the build id.
fn belongs(file: &Path, build_id: &str) -> bool {
    let expected = beginning(build_id);
    let mut found = vec![0; expected.len()];
    // A pipe would never end.
    file.is_file()
        && File::open(file).and_then(|mut file| file.read_exact(&mut found)).is_ok()
        && found == expected.as_bytes()
}

fn beginning(build_id: &str) -> String {
    format!("{{\"build_id\":\"{build_id}\",")
}

fn read(file: &Path) -> io::Result<TraceMap> {
    let mut text = Vec::new();
    File::open(file)?.take(LARGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::other("it is too large"));
    }
    serde_json::from_slice(&text).map_err(io::Error::other)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's files are read by nobody else")]
mod tests {
    use super::*;

    fn map(build_id: &str) -> TraceMap {
        TraceMap { build_id: build_id.to_owned(), ..TraceMap::default() }
    }

    fn write(file: &Path, map: &TraceMap) {
        std::fs::write(file, serde_json::to_vec(map).unwrap()).unwrap();
    }

    #[test]
    fn a_file_is_found_by_build_id_alone() {
        let folder = tempfile::tempdir().unwrap();
        let artifact = folder.path().join("hello.wasm");
        assert!(matches!(find(&artifact, "aa"), Err(Absence::NotFound { other: false })));
        write(&folder.path().join("hello.debug.json"), &map("bb"));
        assert!(matches!(find(&artifact, "aa"), Err(Absence::NotFound { other: true })));
        write(&folder.path().join("renamed.debug.json"), &map("aa"));
        assert_eq!(find(&artifact, "aa").unwrap(), map("aa"));
        assert_eq!(find(&artifact, "bb").unwrap(), map("bb"));
    }

    #[test]
    fn a_damaged_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let artifact = folder.path().join("hello.wasm");
        let whole = serde_json::to_vec(&map("aa")).unwrap();
        for length in beginning("aa").len()..whole.len() {
            std::fs::write(trace_file(&artifact), &whole[..length]).unwrap();
            assert!(matches!(find(&artifact, "aa"), Err(Absence::Unreadable(..))), "{length}");
        }
    }

    #[test]
    fn modules_are_known_by_their_builds() {
        let mut component = wat::parse_str(
            r#"(component
                (core module (func) (func (param i32)))
                (core module (func) (@custom "build_id" "\02\0a\ff"))
                (core module (@custom "build_id" "\02\0a\ff"))
                (core module (func) (@custom "build_id" "\03\0a\ff"))
            )"#,
        )
        .unwrap();
        let found = named_modules(&component);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].build_id, "0aff");
        let code = usize::try_from(found[0].code.start).unwrap();
        assert_eq!(component[code..code + 3], [1, 2, 0], "one function of two bytes");
        for length in 0..component.len() {
            let _ = named_modules(&component[..length]);
        }
        component.truncate(20);
        assert!(named_modules(&component).is_empty());
    }
}
