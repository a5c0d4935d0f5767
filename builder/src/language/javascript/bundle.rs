//! The user's modules and packages -> one module.
//!
//! esbuild does it: its npm package is a program of its own that needs no Node,
//! starts in milliseconds, and reads TypeScript, JSX, JSON and `tsconfig.json`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::advice::HANDLER;
use super::{HANDLERS, handler};
use crate::files;
use crate::language::{Context, Profile};
use crate::process::Command;
use crate::report::{Code, Error, Result};
use crate::toolchain::ESBUILD;

/// One module with everything in it.
pub struct Bundle {
    pub source: Vec<u8>,
    /// Files that went into it and are none of the component's sources.
    pub inputs: Vec<PathBuf>,
}

/// Endings of code. Other text is looked at if it was imported.
const CODE: &[&str] = &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"];

#[derive(Deserialize)]
struct Metafile {
    inputs: std::collections::BTreeMap<String, serde_json::Value>,
}

/// Bundles the handler of a component.
///
/// # Errors
/// If there is no handler or the bundler refuses the code.
pub fn bundle(cx: &Context) -> Result<Bundle> {
    let entry = handler(&cx.component.path).ok_or_else(|| no_handler(cx))?;
    // The bundler never ends on some text that is not UTF-8, so this comes first.
    let sources = cx.component.sources()?;
    let mut automatic = false;
    for path in &sources {
        if path.extension().is_some_and(|kind| CODE.iter().any(|code| kind == *code)) {
            automatic |= check_encoding(cx, path)?.contains("@jsxImportSource");
        }
    }
    let output = output(cx);
    let meta = cx.made.path().join("bundle.json");
    let mut command = Command::new(cx.toolchain.path(&ESBUILD))
        .folder(&cx.component.path)
        .arg(entry)
        // As a browser: what a package has in the place of its parts for Node is taken,
        // which its field `browser` tells.
        .args(["--bundle", "--format=esm", "--target=es2024", "--platform=browser"])
        .args(["--conditions=worker,workerd,browser,import,default"])
        .args([
            "--loader:.txt=text",
            "--sourcemap=external",
            "--charset=utf8",
            "--log-level=warning",
        ])
        .args([
            "--define:process.env.NODE_ENV=\"production\"",
            "--minify-syntax",
            "--tree-shaking=true",
        ])
        .arg(format!("--color={}", cx.colour))
        .arg(format!("--outfile={}", output.display()))
        .arg(format!("--metafile={}", meta.display()));
    if cx.profile == Profile::Release {
        command = command.arg("--keep-names");
    }
    if automatic {
        // As TypeScript has it: who names where JSX comes from need not ask for more.
        command = command.arg("--jsx=automatic");
    }
    cx.compile_with(&command)?;
    let metafile: Metafile = serde_json::from_slice(&files::read(&meta)?).map_err(|error| {
        Error::new(Code::ToolRun, "esbuild: its list of inputs cannot be read")
            .cause(error.to_string())
    })?;
    for path in metafile.inputs.keys().map(|path| cx.component.path.join(path)) {
        if path.is_file() {
            check_encoding(cx, &path)?;
        }
    }
    // Packages are no sources, and neither is what another program put into `dist`.
    let inputs = metafile.inputs.keys().map(|path| cx.component.path.join(path));
    let inputs = cx.component.besides(&sources, inputs.filter(|path| path.is_file()));
    Ok(Bundle { source: files::read(&output)?, inputs })
}

/// Where the bundle is; its source map is beside it.
pub fn output(cx: &Context) -> PathBuf {
    cx.made.path().join("bundle.js")
}

/// The text of a file. The bundler puts U+FFFD in the place of what is not UTF-8 and
/// says nothing.
fn check_encoding(cx: &Context, path: &Path) -> Result<String> {
    let error = match String::from_utf8(files::read(path)?) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let (bytes, error) = (error.as_bytes(), error.utf8_error());
    let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
    let shown = path.strip_prefix(&cx.component.path).unwrap_or(path).display().to_string();
    Err(cx.compile_error(format!("{shown}:{line}: the line is not UTF-8\n")))
}

fn no_handler(cx: &Context) -> Error {
    Error::new(
        Code::HandlerMissing,
        format!("{}: there is no handler in it", cx.component.path.display()),
    )
    .cause(format!("none of {} is there", HANDLERS.join(", ")))
    .hint(HANDLER)
}
