//! What a component is made of, as the key by which its build is kept.
//!
//! The key is over the settings and the contents of the sources under their paths
//! inside the component, so that another clone, or the same app after another
//! branch, finds what it would build. An entry names what only a compiler can tell:
//! the files outside of the component that went in too. Their paths are relative to
//! the component's folder, and count only together with their contents.
//!
//! What cannot be the same elsewhere is kept for this place alone, under a key that
//! has the component's folder in it: where that folder is named in a source, in a
//! warning or in the finished component, and where a file outside of the app went in.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::cache::{Cache, Files, Outside};
use super::state::{Input, hexadecimal, variable};
use crate::app::{App, Component};
use crate::component::World;
use crate::language::{self, Language};
use crate::paths::{normal, relative};
use crate::report::{Report, Result};

/// The sources of a component as they are before its compiler starts.
pub struct Recipe<'a> {
    app: &'a App,
    component: &'a Component,
    /// Sorted by path.
    pub sources: Vec<Input>,
    /// Variables that the sources ask for by name, with their values.
    pub variables: BTreeMap<String, Option<String>>,
    /// The key that is the same for every clone, unless a source names its folder.
    shared: Option<String>,
    /// The key for this place alone.
    local: String,
    read: SystemTime,
}

impl<'a> Recipe<'a> {
    /// Reads the sources.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn read(
        app: &'a App,
        component: &'a Component,
        settings: &str,
        paths: &[PathBuf],
    ) -> Result<Recipe<'a>> {
        let read = SystemTime::now();
        let mut key = Key::new("component");
        key.add(settings);
        let (mut sources, mut variables) = (Vec::new(), BTreeMap::new());
        let mut is_placed = false;
        for path in paths {
            let (input, bytes) = Input::read_with_bytes(path)?;
            is_placed |= names_place(app, component, &bytes);
            for name in component.language.variables_in(&bytes) {
                let value = variable(&name);
                variables.insert(name, value);
            }
            key.add(
                path.strip_prefix(&component.path).unwrap_or(path).as_os_str().as_encoded_bytes(),
            );
            key.add(&input.sha256);
            sources.push(input);
        }
        for (name, value) in &variables {
            key.add(name);
            key.add(value.as_deref().unwrap_or("\0"));
        }
        let shared = key.digest();
        let mut local = Key::new("component here");
        local.add(&shared);
        local.add(component.path.as_os_str().as_encoded_bytes());
        Ok(Recipe {
            app,
            component,
            sources,
            variables,
            shared: (!is_placed).then_some(shared),
            local: local.digest(),
            read,
        })
    }

    /// The files that an earlier build made of the same, with the files outside of
    /// the component that went into it, as they are now.
    pub fn find(&self, cache: &Cache) -> Option<(Files, Vec<Input>)> {
        let keys = self.shared.iter().chain([&self.local]);
        keys.into_iter().find_map(|key| cache.find(key, |inputs| self.read_outside(inputs)))
    }

    /// The files outside as they are now, if they are as they were.
    fn read_outside(&self, inputs: &[Outside]) -> Option<Vec<Input>> {
        let read = |input: &Outside| {
            let now = Input::read(&normal(&self.component.path.join(&input.path))).ok()?;
            (now.sha256 == input.sha256).then_some(now)
        };
        inputs.iter().map(read).collect()
    }

    /// Whether no source was written since they were read.
    pub fn is_untouched(&self) -> bool {
        self.sources.iter().all(Input::is_untouched)
    }

    /// Keeps what a build made, unless it cannot be known of what: a file may have
    /// been edited while the compiler ran.
    pub fn keep(&self, cache: &Cache, outside: &[Input], files: &Files, report: &dyn Report) {
        let by_tools = |input: &Input| {
            let names = self.component.language.lock_files();
            input.path.file_name().is_some_and(|file| names.iter().any(|name| file == *name))
        };
        let edited = outside.iter().any(|input| input.is_newer_than(self.read) && !by_tools(input))
            || !self.is_untouched();
        if edited || self.asks_for_variables(outside) {
            return;
        }
        let is_shared = outside.iter().all(|input| input.path.starts_with(&self.app.path))
            && !files.values().any(|bytes| names_place(self.app, self.component, bytes));
        let key = self.shared.as_ref().filter(|_| is_shared).unwrap_or(&self.local);
        let is_source = |input: &&Input| {
            self.sources.binary_search_by(|source| source.path.cmp(&input.path)).is_ok()
        };
        let inputs: Vec<Outside> = outside
            .iter()
            .filter(|input| !is_source(input))
            .map(|input| Outside {
                path: if is_shared {
                    relative(&input.path, &self.component.path)
                } else {
                    input.path.clone()
                },
                sha256: input.sha256.clone(),
            })
            .collect();
        cache.keep(key, &inputs, files, report);
    }

    /// Whether a file outside asks for variables: which, is not in the key.
    fn asks_for_variables(&self, outside: &[Input]) -> bool {
        outside.iter().any(|input| {
            let bytes = std::fs::read(&input.path).unwrap_or_default();
            let names = self.component.language.variables_in(&bytes);
            names.iter().any(|name| !self.variables.contains_key(name))
        })
    }
}

/// The key of what becomes of a module that a compiler made, and of what is handed
/// to its start-up. All that follows is a function of these.
pub fn module_key(
    builder: &str,
    language: &dyn Language,
    world: &World,
    code: &language::Code,
) -> String {
    let mut key = Key::new("module");
    key.add(builder);
    key.add(language.title());
    for capability in &world.capabilities {
        key.add(capability.name());
    }
    match code {
        language::Code::Module(bytes) => {
            key.add("as it is");
            key.add(bytes);
        }
        language::Code::Unstarted(bytes, startup) => {
            key.add("to be started");
            key.add(bytes);
            key.add(startup.function);
            for given in &startup.given {
                key.add(given);
            }
        }
        language::Code::Component(bytes) => {
            key.add("a component");
            key.add(bytes);
        }
    }
    key.digest()
}

/// A digest over a list of texts: each with its length before it, so that no two
/// lists give the same bytes.
pub struct Key(Sha256);

impl Key {
    /// `kind` tells keys of different things apart.
    pub fn new(kind: &str) -> Key {
        let mut key = Key(Sha256::new());
        key.add(kind);
        key
    }

    pub fn add(&mut self, part: impl AsRef<[u8]>) {
        self.0.update((part.as_ref().len() as u64).to_le_bytes());
        self.0.update(part.as_ref());
    }

    pub fn digest(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// Whether the app's folder stands in these bytes, and that of the component with it.
fn names_place(app: &App, component: &Component, bytes: &[u8]) -> bool {
    [&app.path, &component.path].into_iter().any(|path| {
        let path = path.as_os_str().as_encoded_bytes();
        // Every text has a `/` in it.
        path.len() > 1 && memchr::memmem::find(bytes, path).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart_by_their_lengths() {
        let digest = |parts: &[&str]| {
            let mut key = Key::new("test");
            parts.iter().for_each(|part| key.add(part));
            key.digest()
        };
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["ab"]), digest(&["ab", ""]));
        assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
    }
}
