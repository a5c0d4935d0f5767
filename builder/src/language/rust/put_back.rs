//! Sources that were put back, which cargo takes for unchanged.
//!
//! Cargo goes by the time at which a file was written, and by nothing else. `rsync -a`, an
//! archive that is unpacked, `cp -p` and a backup that is moved to its old place bring
//! another text with an older time: cargo then gives what it made of the text before.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::TARGET;
use super::artifact::parse_dependencies;
use crate::files;
use crate::language::Profile;
use crate::report::{Error, Result};

/// To be called before cargo is, with its target folder: if a file was put back since
/// the last time, it will compile the user's own packages again.
///
/// # Errors
/// If the folder cannot be written.
pub fn tell_cargo(target_folder: &Path, profile: Profile) -> Result<()> {
    let began = target_folder.join(format!("isospin-began-{}", profile.name()));
    let made = target_folder.join(TARGET).join(profile.name());
    if let Ok(last) = began.metadata()
        && sources(&made).iter().any(|source| is_put_back(source, &last))
    {
        // What cargo made of the user's packages counts as older than every source. The
        // packages of a registry are not judged by time.
        for made in [&made, &target_folder.join(profile.name())] {
            age(&made.join(".fingerprint"))?;
        }
    }
    files::write(&began, b"")
}

/// The files of which cargo made what is in this folder.
fn sources(made: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(made).into_iter().flatten().flatten();
    let lists =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "d"));
    let texts: Vec<String> = lists.filter_map(|list| std::fs::read_to_string(list).ok()).collect();
    let mut sources: Vec<PathBuf> =
        texts.iter().flat_map(|text| parse_dependencies(text)).collect();
    sources.sort();
    sources.dedup();
    sources
}

/// Whether a file got to its place after the last time, and was not written then. The
/// system sets the time of the change; nobody can put that back.
fn is_put_back(source: &Path, last: &std::fs::Metadata) -> bool {
    let Ok(now) = source.metadata() else { return false };
    let last = (last.mtime(), last.mtime_nsec());
    (now.ctime(), now.ctime_nsec()) >= last && (now.mtime(), now.mtime_nsec()) <= last
}

/// Sets back the time of each package's list of sources, by which cargo judges them.
fn age(fingerprints: &Path) -> Result<()> {
    let packages = std::fs::read_dir(fingerprints).into_iter().flatten().flatten();
    let files =
        packages.flat_map(|package| std::fs::read_dir(package.path()).into_iter().flatten());
    for file in
        files.flatten().filter(|file| file.file_name().to_string_lossy().starts_with("dep-"))
    {
        let path = file.path();
        let opened = std::fs::File::options().write(true).open(&path);
        opened
            .and_then(|file| file.set_modified(SystemTime::UNIX_EPOCH))
            .map_err(|error| Error::io("write", &path, &error))?;
    }
    Ok(())
}
