//! The world that a component must match, put together from `wit/` and from
//! the WASI packages that the host implements.

use std::collections::BTreeSet;

use isospin_host::wit::{WASI_2, WitFile};
use wit_parser::{Resolve, UnresolvedPackageGroup, WorldId};

/// Our own packages.
const OUR_PACKAGES: &[WitFile] = &[
    ("handler.wit", include_str!("../../../wit/handler.wit")),
    ("capabilities.wit", include_str!("../../../wit/capabilities.wit")),
];

/// Something that a component may use beyond the handler world. The names are
/// those of the worlds in `wit/capabilities.wit` and of the manifest's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    Environment,
}

impl Capability {
    pub const ALL: &[Capability] = &[Capability::Environment];

    pub fn name(self) -> &'static str {
        match self {
            Capability::Environment => "environment",
        }
    }

    /// The interfaces, without version, that the capability adds.
    pub fn interfaces(self) -> &'static [&'static str] {
        match self {
            Capability::Environment => &["wasi:cli/environment"],
        }
    }
}

/// A world with everything that it refers to, resolved.
#[derive(Clone)]
pub struct World {
    pub resolve: Resolve,
    pub id: WorldId,
    pub capabilities: BTreeSet<Capability>,
}

impl World {
    /// The handler world with the imports of `capabilities` added.
    ///
    /// # Panics
    /// If the embedded WIT texts do not parse, which a test rules out.
    pub fn new(capabilities: impl IntoIterator<Item = Capability>) -> World {
        let capabilities: BTreeSet<Capability> = capabilities.into_iter().collect();
        let mut resolve = Resolve::default();
        let groups = WASI_2.iter().chain(OUR_PACKAGES).map(|(name, text)| {
            UnresolvedPackageGroup::parse(name, text).expect("embedded WIT parses")
        });
        let text = application(&capabilities);
        let main = UnresolvedPackageGroup::parse("application.wit", &text)
            .expect("the application's WIT parses");
        let package = resolve.push_groups(main, groups.collect()).expect("embedded WIT resolves");
        let id = resolve
            .select_world(&[package], Some("application"))
            .expect("the application's world exists");
        World { resolve, id, capabilities }
    }

    /// The names of the interfaces that the world offers, with their versions.
    pub fn imports(&self) -> Vec<String> {
        let imports = self.resolve.worlds[self.id].imports.keys();
        imports.map(|key| self.resolve.name_world_key(key)).collect()
    }

    /// The world as WIT files, `(relative path, text)`, laid out as tools that
    /// read a `wit` folder expect it: the world at the top, packages in `deps`.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files = vec![("application.wit".to_owned(), application(&self.capabilities))];
        for (name, text) in WASI_2.iter().chain(OUR_PACKAGES) {
            files.push((format!("deps/{name}"), (*text).to_owned()));
        }
        files
    }
}

/// The WIT text of the world of one component.
fn application(capabilities: &BTreeSet<Capability>) -> String {
    let mut text = String::from(
        "package isospin:application;\n\nworld application {\n  include isospin:handler/handler@0.1.0;\n",
    );
    for capability in capabilities {
        text.push_str(&format!("  include isospin:capabilities/{}@0.1.0;\n", capability.name()));
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_of_capabilities_resolves() {
        let plain = World::new([]);
        let full = World::new(Capability::ALL.iter().copied());
        let imports = |world: &World| world.resolve.worlds[world.id].imports.len();
        assert!(imports(&plain) > 0);
        assert!(imports(&full) > imports(&plain));
    }
}
