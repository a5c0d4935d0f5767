//! The file of ours that is compiled into package runtime.
//!
//! The distribution itself is not touched: `go build -overlay` takes a file
//! that maps paths inside it to other files.

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
    let pairs = BTreeMap::from([(original, lock), (runtime.join("isospin.go"), added)]);
    let replace = serde_json::json!({ "Replace": pairs });
    let file = cx.scratch.join("overlay.json");
    files::write_if_different(&file, replace.to_string().as_bytes())?;
    Ok(Overlay { file, root })
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
