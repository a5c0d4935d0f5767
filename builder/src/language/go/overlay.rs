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

/// Writes the overlay for the distribution in use and returns its path.
pub fn write(cx: &Context) -> Result<PathBuf> {
    let root = go(cx).args(["env", "GOROOT"]).run(Code::ToolRun)?.stdout;
    let runtime = Path::new(root.trim()).join("src/runtime");
    let original = runtime.join("lock_wasip1.go");
    let text = String::from_utf8_lossy(&files::read(&original)?).into_owned();
    if text.matches(IDLE).count() != 1 {
        return Err(Error::new(
            Code::ToolVersion,
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
    let overlay = cx.scratch.join("overlay.json");
    files::write_if_different(&overlay, replace.to_string().as_bytes())?;
    Ok(overlay)
}
