//! The types of TypeScript, checked by its own compiler where a component has a
//! `tsconfig.json`. The bundler only takes types away.

use crate::language::Context;
use crate::process::Command;
use crate::report::Result;
use crate::toolchain::TYPESCRIPT;

/// The file that asks for the check, in the component's folder.
const PROJECT: &str = "tsconfig.json";

/// Checks the types of a component that has a project file.
///
/// # Errors
/// If the compiler finds something wrong, with its own text, or cannot be run.
pub fn check(cx: &Context) -> Result<()> {
    if !cx.component.path.join(PROJECT).is_file() {
        return Ok(());
    }
    let command = Command::new(cx.toolchain.path(&TYPESCRIPT))
        .folder(&cx.component.path)
        .args(["--project", PROJECT, "--noEmit", "--incremental", "--tsBuildInfoFile"])
        .arg(cx.scratch.join("types.tsbuildinfo"))
        .arg("--pretty")
        .arg(cx.colour.to_string());
    cx.compile_with(&command).map(drop)
}
