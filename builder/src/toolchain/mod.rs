//! Tools: which there are, where they are, and how they are installed.
//!
//! A [`Tool`] is a row of data in [`table`]; [`resolve`](resolve()) finds the tools of a
//! language, [`install`] gets those that are missing. Both work in the user's own
//! [`Folders`].

mod answers;
mod diagnose;
mod folders;
mod install;
mod needs;
mod pairs;
mod resolve;
mod table;
mod tool;
mod version;

use std::path::{Path, PathBuf};

pub use diagnose::{Diagnosis, State, diagnose};
pub use folders::Folders;
pub use install::{Plan, Site, plan, unreachable};
pub use needs::{Alternative, Kind, Need, User, installer, needs, needs_and_installers};
pub use resolve::{Finder, Look, Reason, Unfit, resolve};
pub use table::{
    ADA, CARGO, COMPONENTIZE_PY, ESBUILD, GO, HOSTS, JCO, NODE, NPM, PIP, PYTHON, QUICKJS, RUSTUP,
    TINYGO, TYPESCRIPT, WASMTIME, WEB_STREAMS, ZIG,
};
pub use tool::{Install, Place, Switch, Tool, Version};

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

impl Origin {
    /// One word for a table.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Variable => "variable",
            Origin::Managed => "managed",
            Origin::Path => "path",
            Origin::Search => "search",
        }
    }
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

/// What `program` prints when run with `arguments`, for [`Place::Search`]: the
/// answer is remembered until the program's file changes, or one of `by`.
pub fn ask(program: &Path, arguments: &[&str], by: &[Switch]) -> Option<String> {
    let folders = Folders::of_user().ok()?;
    answers::Answers::new(folders.cache()).ask(program, arguments, by).ok()
}
