//! An app: a folder with components and the routes that they answer.

mod check;
mod edit;
mod find;
mod manifest;
pub mod names;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use edit::{Addition, Edited, add_component, new_manifest};
pub use find::{MANIFEST, load, manifest_around};
pub use manifest::schema;

use isospin_host::Route;

use crate::component::{Capability, World};
use crate::language::{Handler, Language};
use crate::toolchain::{Alternative, User};

/// An app as the rest of the program sees it: everything resolved and checked.
#[derive(Debug, Clone)]
pub struct App {
    pub name: String,
    pub version: Option<String>,
    /// The folder, absolute.
    pub path: PathBuf,
    /// Its manifest, if it has one.
    pub manifest: Option<PathBuf>,
    pub components: Vec<Component>,
}

impl App {
    /// A component of it, as its language's driver sees it.
    pub fn handler<'a>(&self, component: &'a Component) -> Handler<'a> {
        let own = &component.path;
        let others = self.components.iter().map(|other| &other.path);
        Handler {
            name: &component.name,
            path: own.clone(),
            language: component.language,
            toolchain: component.toolchain,
            nested: others
                .filter(|other| *other != own && other.starts_with(own))
                .cloned()
                .collect(),
        }
    }
}

/// One handler in one language.
#[derive(Clone)]
pub struct Component {
    pub name: String,
    /// Its folder, absolute.
    pub path: PathBuf,
    pub language: &'static dyn Language,
    /// The toolchain that the manifest asks for, if it is not the language's own.
    pub toolchain: Option<&'static Alternative>,
    pub route: Route,
    /// What the manifest gives it; `None` if it does not ask for variables.
    pub environment: Option<BTreeMap<String, String>>,
    /// Addresses that it may call, as in the manifest.
    pub outbound: Vec<String>,
}

impl Component {
    /// Its language, as far as tools go: with those of the toolchain that it asks for.
    pub fn user(&self) -> User {
        let user = User::from(self.language);
        match self.toolchain {
            Some(alternative) => User { tools: alternative.tools, ..user },
            None => user,
        }
    }

    /// Whether the same toolchain compiles it and the other.
    pub fn is_compiled_like(&self, other: &Component) -> bool {
        let name = |component: &Component| component.toolchain.map(|toolchain| toolchain.name);
        self.language.name() == other.language.name() && name(self) == name(other)
    }

    /// What it may import beyond the handler world.
    pub fn capabilities(&self) -> Vec<Capability> {
        self.environment.iter().map(|_| Capability::Environment).collect()
    }

    /// The world that it must match.
    pub fn world(&self) -> World {
        World::new(self.capabilities())
    }
}

/// Whether both are built and served alike.
impl PartialEq for Component {
    fn eq(&self, other: &Component) -> bool {
        self.name == other.name
            && self.path == other.path
            && self.is_compiled_like(other)
            && self.route == other.route
            && self.environment == other.environment
            && self.outbound == other.outbound
    }
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component")
            .field("name", &self.name)
            .field("path", &self.path)
            .field("language", &self.language.name())
            .field("toolchain", &self.toolchain.map(|toolchain| toolchain.name))
            .field("route", &self.route.to_string())
            .field("environment", &self.environment)
            .field("outbound", &self.outbound)
            .finish()
    }
}
