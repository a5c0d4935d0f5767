//! Tools: which there are, where they are, and how they are installed.

mod folders;
mod resolve;
mod table;
mod tool;

use std::path::{Path, PathBuf};

pub use folders::cache_folder;
pub use resolve::resolve;
pub use table::ZIG;
pub use tool::{Install, Place, Tool, Version};

/// The resolved tools of one language.
#[derive(Debug, Clone)]
pub struct Toolchain {
    pub tools: Vec<Found>,
}

/// A tool that was found, of a version that works.
#[derive(Debug, Clone)]
pub struct Found {
    pub tool: &'static Tool,
    pub path: PathBuf,
    pub version: String,
    pub origin: Origin,
}

/// Where a tool was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Named by an environment variable.
    Variable,
    /// Installed by `isospin setup`.
    Managed,
    /// On `PATH`.
    Path,
    /// Found by searching where its own installer puts it.
    Search,
}

impl Toolchain {
    /// The path of a tool of this toolchain.
    ///
    /// # Panics
    /// If the language's [`tools`](crate::language::Language::tools) do not list it.
    pub fn path(&self, tool: &'static Tool) -> &Path {
        &self.found(tool).path
    }

    /// The tool as it was found.
    ///
    /// # Panics
    /// If the language's [`tools`](crate::language::Language::tools) do not list it.
    pub fn found(&self, tool: &'static Tool) -> &Found {
        self.tools
            .iter()
            .find(|found| found.tool.name == tool.name)
            .unwrap_or_else(|| panic!("`{}` is not in the language's list of tools", tool.name))
    }
}
