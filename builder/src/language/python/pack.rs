//! Files for the interpreter, in the form in which `files.c` reads them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::files;
use crate::report::{Code, Error, Result};

/// Files by the path that the interpreter sees, sorted by its bytes.
#[derive(Default)]
pub struct Pack(BTreeMap<Vec<u8>, Vec<u8>>);

/// The longest path that `files.c` takes.
const LONGEST_PATH: usize = 1000;

impl Pack {
    pub fn add(&mut self, path: String, bytes: Vec<u8>) {
        self.0.insert(path.into_bytes(), bytes);
    }

    /// Adds the files below `folder` that `wanted` takes, under `target`.
    ///
    /// # Errors
    /// If a file cannot be read, or its path cannot be one of the interpreter's.
    pub fn add_folder(
        &mut self,
        folder: &Path,
        target: &str,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<()> {
        self.add_files(folder, &files::files_below(folder)?, target, wanted)
    }

    /// Adds those of `paths`, which lie below `folder`, that `wanted` takes, under `target`.
    ///
    /// # Errors
    /// As [`Pack::add_folder`].
    pub fn add_files(
        &mut self,
        folder: &Path,
        paths: &[PathBuf],
        target: &str,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<()> {
        for path in paths {
            let inside = path.strip_prefix(folder).unwrap_or(path);
            if !wanted(inside) {
                continue;
            }
            let Some(name) = inside.to_str() else {
                return Err(Error::new(
                    Code::CompileFailed,
                    format!("{}: its name is not UTF-8", path.display()),
                )
                .hint("Give the file a name that is."));
            };
            let name = format!("{target}/{}", name.replace(std::path::MAIN_SEPARATOR, "/"));
            if name.len() > LONGEST_PATH {
                return Err(Error::new(
                    Code::CompileFailed,
                    format!("{}: its path is too long", path.display()),
                )
                .cause(format!("it has more than {LONGEST_PATH} bytes")));
            }
            self.add(name, files::read(path)?);
        }
        Ok(())
    }

    /// Adds the files of a tar archive that `wanted` takes, under `target`.
    ///
    /// # Errors
    /// If the archive cannot be read.
    pub fn add_archive(
        &mut self,
        archive: &Path,
        target: &str,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<()> {
        let failed = |error: std::io::Error| Error::io("read", archive, &error);
        let bytes = files::read(archive)?;
        let mut reader = tar::Archive::new(bytes.as_slice());
        for entry in reader.entries().map_err(failed)? {
            let mut entry = entry.map_err(failed)?;
            let path = entry.path().map_err(failed)?.into_owned();
            let inside = path.strip_prefix("./").unwrap_or(&path);
            if !entry.header().entry_type().is_file() || !wanted(inside) {
                continue;
            }
            let name = format!("{target}/{}", inside.display());
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).map_err(failed)?;
            self.add(name, bytes);
        }
        Ok(())
    }

    /// The number of files; for each the sizes of path and content, the path, the content.
    pub fn bytes(&self) -> Vec<u8> {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        let mut written = number(self.0.len()).to_vec();
        for (path, bytes) in &self.0 {
            written.extend(number(path.len()));
            written.extend(number(bytes.len()));
            written.extend(path);
            written.extend(bytes);
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::Pack;

    #[test]
    fn files_are_in_the_order_of_their_paths() {
        let mut pack = Pack::default();
        pack.add("/b".to_owned(), b"2".to_vec());
        pack.add("/a/c".to_owned(), b"".to_vec());
        let expected = b"\x02\0\0\0\x04\0\0\0\0\0\0\0/a/c\x02\0\0\0\x01\0\0\0/b2".to_vec();
        assert_eq!(pack.bytes(), expected);
    }
}
