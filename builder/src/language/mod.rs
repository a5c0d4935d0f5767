//! The languages. Everything that lists languages is derived from [`LANGUAGES`];
//! nothing outside this folder knows one from another.

mod advice;
mod c;
mod c_bindings;
mod c_library;
mod context;
mod cost;
mod exports;
mod go;
mod javascript;
mod python;
mod rust;
mod sdk;
mod sources;
mod zig;
mod zig_object;

use std::path::{Path, PathBuf};

pub use advice::Advice;
pub use context::{Context, Handler, Profile, Warnings};
pub use cost::Cost;
pub use sdk::{GeneratedFile, SdkFile, private_folder, sdk_folder, write_sdk};
use sources::{above, cache_folder, settings_folder};
pub use sources::{may_hold_sources, source_folders, sources};

use c_bindings::c_bindings;
use c_library::{c_library, zig_cache};
use zig_object::zig_object;

use crate::component::{Startup, World};
use crate::report::Result;
use crate::toolchain::{Alternative, Tool, User};

/// One language: how its handlers are found, which tools it needs, and how
/// they turn into a core module.
pub trait Language: Sync {
    /// The name on the command line, in manifests, and of its folders.
    fn name(&self) -> &'static str;

    /// The name as people write it.
    fn title(&self) -> &'static str;

    /// Whether `dir` holds a handler in this language. Only looks at which
    /// files there are; must be quick, and false when in doubt.
    fn detect(&self, dir: &Path) -> bool;

    /// The files by which [`detect`](Language::detect) decides, for messages.
    fn detected_by(&self) -> &'static str;

    /// What must be installed, in the order in which it is installed.
    fn tools(&self) -> &'static [&'static Tool];

    /// Other toolchains that a component can ask for by `toolchain` in the manifest.
    fn alternatives(&self) -> &'static [Alternative] {
        &[]
    }

    /// Files that are generated from the world and written next to the SDK
    /// (bindings), with paths relative to the SDK's folder.
    ///
    /// # Errors
    /// If the generator fails.
    fn bindings(&self, _world: &World) -> Result<Vec<GeneratedFile>> {
        Ok(Vec::new())
    }

    /// Compiles the handler. The SDK and its bindings are in `cx.sdk`.
    ///
    /// # Errors
    /// If the user's code does not compile, with what the tool printed, or if
    /// a tool cannot be run.
    fn compile(&self, cx: &Context) -> Result<Compiled>;

    /// What start-up told of its failure, with places in generated code turned
    /// into those of the user's own files.
    fn translate_trace(&self, _cx: &Context, told: &str) -> String {
        told.to_owned()
    }

    /// How traces show a file of the language's own library, if the compiler names
    /// it by a path that is on no machine.
    fn library_path(&self, _path: &str) -> Option<String> {
        None
    }

    /// Whether a function of the language's own library only brings a crash about, and
    /// tells nothing of what led to it: traces leave it out.
    fn is_crash_code(&self, _function: &str) -> bool {
        false
    }

    /// Advice on what a tool of this language, or start-up, printed.
    fn explain(&self, _printed: &str) -> Option<Advice> {
        None
    }

    /// Whether a line that a tool printed, although it succeeded, is no warning
    /// but tells of its work.
    fn is_chatter(&self, _line: &str) -> bool {
        false
    }

    /// Folders and files inside a component that are no sources: build output,
    /// downloaded packages, what a build writes for editors.
    fn ignored_folders(&self) -> &'static [&'static str] {
        &[]
    }

    /// Files outside of a component by which its tools are configured, where they
    /// exist: those nearest to it first. Each counts by its content.
    fn surroundings(&self, _component: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Variables of the environment that decide what its tools make: how their names
    /// begin.
    fn variables(&self) -> &'static [&'static str] {
        &[]
    }

    /// Variables of the environment whose values a source asks for by name.
    fn variables_in(&self, _source: &[u8]) -> Vec<String> {
        Vec::new()
    }

    /// Folders in a component's own where its compiler keeps what it made by the digest of
    /// what it read first: an entry is wrong whose source is saved in between.
    fn compiler_caches(&self) -> &'static [&'static str] {
        &[]
    }

    /// Folders in which its tools keep what they compile once for all components. They
    /// are the tools' own: whoever empties one of them has it compiled again.
    fn shared_caches(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Names of files among the sources, or above them, that its tools write themselves.
    fn lock_files(&self) -> &'static [&'static str] {
        &[]
    }

    /// Writes what [`compile`](Language::compile) leaves for editors, where the
    /// component is had without compiling.
    ///
    /// # Errors
    /// If it cannot be written.
    fn write_for_editors(&self, _cx: &Context) -> Result<()> {
        Ok(())
    }

    /// What a build needs of the machine, as far as it is known beforehand.
    fn cost(&self) -> Cost;

    /// Names that a package of this language cannot have: words of the language,
    /// and packages that a handler needs.
    fn reserved_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// What only this language's templates need to know about a package; its
    /// name comes as an identifier.
    fn template_values(&self, _identifier: &str) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

impl<'a, 'b> From<&'a (dyn Language + 'b)> for User {
    fn from(language: &'a (dyn Language + 'b)) -> User {
        User {
            name: language.name(),
            title: language.title(),
            tools: language.tools(),
            alternatives: language.alternatives(),
        }
    }
}

/// What [`Language::compile`] made.
#[derive(Debug)]
pub struct Compiled {
    pub code: Code,
    /// Files outside the component's folder that went into it (as far as the
    /// compiler tells), and folders to which another file may be added; the
    /// component is built again when one changes.
    pub inputs: Vec<PathBuf>,
}

/// A core module, or a component where the tool only makes those.
#[derive(Debug)]
pub enum Code {
    Module(Vec<u8>),
    /// A module whose start-up is run at build time, where that pays.
    Unstarted(Vec<u8>, Startup),
    Component(Vec<u8>),
}

/// Every language, in the order in which they are listed.
pub static LANGUAGES: &[&dyn Language] =
    &[&rust::Rust, &go::Go, &zig::Zig, &c::C, &javascript::JavaScript, &python::Python];

/// The language called `name`.
pub fn find(name: &str) -> Option<&'static dyn Language> {
    LANGUAGES.iter().copied().find(|language| language.name() == name)
}

/// The languages of which `dir` holds a handler; more than one is ambiguous.
pub fn detect(dir: &Path) -> Vec<&'static dyn Language> {
    LANGUAGES.iter().copied().filter(|language| language.detect(dir)).collect()
}
