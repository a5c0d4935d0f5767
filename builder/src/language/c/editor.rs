//! `compile_commands.json`, from which clangd and other editors' helpers learn
//! how each file is compiled.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::include_folders;
use super::{COMMANDS_FILE, CPP_SOURCES, Context, Sources, TARGET, has_extension};
use crate::files;
use crate::report::Result;
use crate::toolchain::ZIG;

/// One file's entry, as the format has it.
#[derive(Serialize)]
struct Entry {
    directory: String,
    file: String,
    arguments: Vec<String>,
}

/// Writes the file for the user's sources.
pub fn write_commands(cx: &Context, sources: &Sources, flags: &[String]) -> Result<()> {
    let library = library(cx.toolchain.path(&ZIG));
    let entries: Vec<Entry> = sources
        .user
        .iter()
        .map(|file| Entry {
            directory: cx.component.path.display().to_string(),
            file: file.display().to_string(),
            arguments: arguments(cx, sources, flags, &library, file),
        })
        .collect();
    let mut text = serde_json::to_vec_pretty(&entries).unwrap_or_default();
    text.push(b'\n');
    files::write_if_different(&cx.component.path.join(COMMANDS_FILE), &text)
}

/// Where Zig keeps clang's headers and those of the C library.
fn library(zig: &Path) -> PathBuf {
    let program = zig.canonicalize().unwrap_or_else(|_| zig.to_owned());
    program.parent().unwrap_or(Path::new("/")).join("lib")
}

fn arguments(
    cx: &Context,
    sources: &Sources,
    flags: &[String],
    library: &Path,
    file: &Path,
) -> Vec<String> {
    let cpp = has_extension(file, CPP_SOURCES);
    let mut arguments: Vec<OsString> = vec![if cpp { "clang++" } else { "clang" }.into()];
    arguments.push(format!("--target={TARGET}").into());
    arguments.extend(["-nostdinc", "-Wall", "-fno-exceptions"].map(OsString::from));
    for folder in include_folders(cx, sources) {
        arguments.push("-I".into());
        arguments.push(folder.into());
    }
    let cpp_folders: &[&str] = if cpp { &["libcxx/include", "libcxxabi/include"] } else { &[] };
    let c_folders = ["include", "libc/include/wasm-wasi-musl", "libc/include/generic-musl"];
    for folder in cpp_folders.iter().chain(&c_folders) {
        arguments.push("-isystem".into());
        arguments.push(library.join(folder).into());
    }
    arguments.extend(flags.iter().map(OsString::from));
    arguments.push("-c".into());
    arguments.push(file.into());
    arguments.into_iter().map(|text| text.to_string_lossy().into_owned()).collect()
}
