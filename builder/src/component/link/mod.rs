//! Shared libraries -> one core module with one memory and one table.
//!
//! What a dynamic linker does when a program starts is done here, once: places
//! are given to the libraries, names are resolved, addresses filled in. What
//! nothing can come to is left out.

mod emit;
mod frames;
mod image;
mod layout;
mod library;
mod reach;
mod symbols;

use anyhow::{Context, Result};

pub use frames::FrameRoom;
pub use library::Library;

use emit::Emission;
use layout::Layout;
use symbols::{FunctionId, Symbols};

/// What is linked and how.
pub struct Program<'a, 'b> {
    /// A library may use those behind it, and replaces functions of the same name in them.
    pub libraries: &'b [Library<'a>],
    /// The interfaces whose functions the program may import. A call of any
    /// other function that is nowhere is a trap.
    pub offered: &'b dyn Fn(&str) -> bool,
    /// Functions that are called before the libraries' own constructors.
    pub first: &'b [&'b str],
    /// Functions that are exported, beside those of the first library whose
    /// names are those of a world's (`interface#function`, `cabi_...`).
    pub exports: &'b [&'a str],
    /// Bytes of stack.
    pub stack: u32,
    /// What stack frames are made larger by.
    pub frame_room: FrameRoom,
    /// Functions that watch the stack: who calls one has a frame in any case.
    pub watches: &'b [&'b str],
    /// Whether functions keep their names.
    pub names: bool,
}

/// Links a program; its `_initialize` runs the libraries' constructors.
///
/// # Errors
/// If the libraries do not fit together, or use what C code does not bring in.
pub fn link(program: &Program) -> Result<Vec<u8>> {
    let libraries = program.libraries;
    let symbols = Symbols::resolve(libraries, program.offered)?;
    let function = |name: &str| {
        symbols.function(name).with_context(|| format!("no library has the function `{name}`"))
    };
    let mut initialisers = Vec::new();
    for name in program.first {
        initialisers.push(function(name)?);
    }
    for (number, library) in libraries.iter().enumerate().rev() {
        if let Some(index) = library.exported_function("__wasm_call_ctors") {
            initialisers.push(FunctionId { library: number, index });
        }
    }
    let mut exports = Vec::new();
    for &name in program.exports {
        exports.push((name, function(name)?));
    }
    if let Some(first) = libraries.first() {
        let world = first.exports.keys().filter(|name| is_of_world(name));
        for &name in world {
            exports.push((name, function(name)?));
        }
    }
    exports.sort_unstable();
    exports.dedup();
    let roots = initialisers.iter().copied().chain(exports.iter().map(|&(_, id)| id));
    let reached = reach::reach(libraries, &symbols, roots)?;
    let layout = Layout::new(libraries, &symbols, &reached, program.stack)?;
    let emission = Emission {
        libraries,
        symbols: &symbols,
        reached: &reached,
        layout: &layout,
        initialisers,
        exports,
        names: program.names,
        frame_room: program.frame_room,
        watches: program.watches.iter().filter_map(|name| symbols.function(name)).collect(),
    };
    emission.module()
}

fn is_of_world(name: &str) -> bool {
    name.contains('#') || name.starts_with("cabi_")
}

#[cfg(test)]
mod tests;
