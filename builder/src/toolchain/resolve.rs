//! Finds the tools of a language.

use std::path::PathBuf;
use std::time::Duration;

use super::folders::data_folder;
use super::{Found, Origin, Place, Tool, Toolchain, Version};
use crate::language::Language;
use crate::process::Command;
use crate::report::{Code, Error, Result};

/// Finds every tool of `language`.
///
/// # Errors
/// If one is not there.
pub fn resolve(language: &dyn Language) -> Result<Toolchain> {
    let tools = language.tools().iter().map(|tool| find(tool)).collect::<Result<Vec<_>>>()?;
    Ok(Toolchain { tools })
}

fn find(tool: &'static Tool) -> Result<Found> {
    for place in tool.places {
        let (path, origin) = match place {
            Place::Variable(name) => (std::env::var_os(name).map(PathBuf::from), Origin::Variable),
            Place::Managed(inside) => {
                let path = data_folder().join("tools").join(tool.name).join(inside);
                (path.is_file().then_some(path), Origin::Managed)
            }
            Place::Path(name) => (which::which(name).ok(), Origin::Path),
            Place::Search(search) => (search(), Origin::Search),
        };
        if let Some(path) = path {
            let version = version(tool, &path).unwrap_or_default();
            return Ok(Found { tool, path, version, origin });
        }
    }
    Err(Error::new(Code::ToolMissing, format!("`{}` is not here: it {}", tool.name, tool.purpose))
        .hint("Run `isospin setup` to install what is missing."))
}

fn version(tool: &Tool, path: &std::path::Path) -> Option<String> {
    match tool.version {
        Version::Arguments(arguments) => {
            let output =
                Command::new(path).args(arguments).limit(Duration::from_secs(20)).output().ok()?;
            Some(output.stdout.trim().to_owned())
        }
        Version::Package(file) => {
            let text = std::fs::read_to_string(path.join(file)).ok()?;
            let package: serde_json::Value = serde_json::from_str(&text).ok()?;
            Some(package.get("version")?.as_str()?.to_owned())
        }
        Version::Ask(ask) => ask(path),
    }
}
