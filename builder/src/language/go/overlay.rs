//! What `go build` reads in the place of other files: `-overlay` takes a file that maps
//! paths to others.
//!
//! Package runtime gets a file of ours; the distribution itself is not touched. And the
//! component's own sources are read from copies: Go keeps what it made by the digest of
//! a source that it reads once more to compile it, so that one that is saved between the
//! two would be kept, for all time and in the user's own cache, as what another text makes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Context, go};
use crate::files;
use crate::report::{Code, Error, Result};

const RUNTIME: &str = include_str!("runtime.go");

/// The function of the scheduler whose place ours takes, as it is declared.
const IDLE: &str = "func beforeIdle(";
const IDLE_REPLACED: &str = "func isospinReplacedBeforeIdle(";

/// The overlay for the distribution in use.
pub struct Overlay {
    /// The file for `go build -overlay`.
    pub file: PathBuf,
    /// What GOROOT must be, for the paths in that file to be the distribution's.
    pub root: PathBuf,
    /// The copies, as long as they are needed.
    copies: tempfile::TempDir,
}

impl Overlay {
    /// What Go printed, with each source in the place of its copy.
    pub fn with_sources(&self, printed: &str) -> String {
        printed.replace(&format!("{}/", self.copies.path().display()), "")
    }
}

/// Writes it.
pub fn write(cx: &Context) -> Result<Overlay> {
    let root = root(cx)?;
    let runtime = root.join("src/runtime");
    let original = runtime.join("lock_wasip1.go");
    let text = String::from_utf8_lossy(&files::read(&original)?).into_owned();
    if text.matches(IDLE).count() != 1 {
        return Err(Error::new(
            Code::ToolUnexpected,
            format!("{}: not as expected", original.display()),
        )
        .cause("this Go distribution has another scheduler than those that are known to work")
        .hint("`isospin setup go` installs one that works."));
    }
    let lock = cx.scratch.join("lock_wasip1.go.txt");
    files::write_if_different(&lock, text.replace(IDLE, IDLE_REPLACED).as_bytes())?;
    let added = cx.scratch.join("isospin.go.txt");
    files::write_if_different(&added, RUNTIME.as_bytes())?;
    let mut pairs = BTreeMap::from([(original, lock), (runtime.join("isospin.go"), added)]);
    let folder = folder_for_copies()?;
    pairs.extend(copies(cx, folder.path())?);
    let replace = serde_json::json!({ "Replace": pairs });
    let file = cx.made.path().join("overlay.json");
    files::write(&file, replace.to_string().as_bytes())?;
    Ok(Overlay { file, root, copies: folder })
}

/// A folder outside of the component: Go names what is inside after the place where it is,
/// and not after that whose place it takes.
fn folder_for_copies() -> Result<tempfile::TempDir> {
    const PREFIX: &str = "isospin-go-";
    // A build that was killed leaves its own.
    let around = std::env::temp_dir();
    files::remove_abandoned(&around, PREFIX, files::ABANDONED);
    let made = tempfile::Builder::new().prefix(PREFIX).tempdir_in(&around);
    made.map_err(|error| Error::io("create", &around, &error))
}

/// Copies the component's sources into a folder; gives each with its copy. Links are left alone, as Go
/// looks at what they are, and so is what Go reads but once, or never.
fn copies(cx: &Context, folder: &Path) -> Result<Vec<(PathBuf, PathBuf)>> {
    let component = &cx.component.path;
    let real = component.canonicalize().map_err(|error| Error::io("find", component, &error))?;
    let mut copies = Vec::new();
    for source in cx.component.sources()? {
        let Ok(inside) = source.strip_prefix(component) else { continue };
        let is_link = source.canonicalize().ok() != Some(real.join(inside));
        if is_link || !is_compiled(inside) {
            continue;
        }
        let copy = folder.join(inside);
        files::create_folder(copy.parent().unwrap_or(folder))?;
        std::fs::copy(&source, &copy).map_err(|error| Error::io("read", &source, &error))?;
        copies.push((source, copy));
    }
    Ok(copies)
}

/// Whether a file is compiled or embedded.
fn is_compiled(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_read_once = name == "go.mod" || name == "go.sum" || path.starts_with("vendor");
    !is_read_once && !name.ends_with("_test.go")
}

/// The distribution's folder. One that Go itself has fetched lies among its
/// modules, where nothing may be replaced: it gets another path.
fn root(cx: &Context) -> Result<PathBuf> {
    let printed = go(cx).args(["env", "GOROOT", "GOMODCACHE"]).run(Code::ToolRun)?.stdout;
    let mut lines = printed.lines().map(Path::new);
    let (root, modules) = (lines.next().unwrap_or(Path::new("")), lines.next());
    if modules.is_none_or(|modules| !root.starts_with(modules)) {
        return Ok(root.to_owned());
    }
    let link = cx.scratch.join("goroot");
    if std::fs::read_link(&link).is_ok_and(|target| target == root) {
        return Ok(link);
    }
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(root, &link).map_err(|error| Error::io("write", &link, &error))?;
    Ok(link)
}
