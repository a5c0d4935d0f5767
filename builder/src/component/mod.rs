//! What is known about components: the world they must match, how a core
//! module becomes one, and what is inside a finished one.

mod check;
mod encode;
mod inspect;
mod link;
mod merge;
mod metadata;
mod names;
mod relink;
mod snapshot;
mod startup;
mod surroundings;
mod trace;
mod watch;
mod world;

pub use check::{check, check_module};
pub use encode::encode;
pub use inspect::{Inspection, Item, Section, inspect};
pub use link::{FrameRoom, Library, Program, link};
pub use metadata::{describe, language};
pub use snapshot::{NO_HANDLER, Snapshotted, snapshot};
pub use startup::{ALLOCATE, Startup};
pub use trace::{Folders, LibraryTraces, separate};
pub use world::{Capability, World};

/// A component: bytes that are known to be a valid one.
#[derive(Debug, Clone)]
pub struct ComponentBytes(pub(crate) Vec<u8>);

/// A core module, as a compiler made it.
#[derive(Debug, Clone)]
pub struct CoreModule(pub Vec<u8>);

/// A component that matches its world.
#[derive(Debug, Clone)]
pub struct Checked(Vec<u8>);

impl Checked {
    /// Bytes that an earlier build has checked; the caller knows by their digest.
    pub(crate) fn known(bytes: Vec<u8>) -> Checked {
        Checked(bytes)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}
