//! The debug information of a core module, taken out of what is released.
//!
//! What a compiler writes does not fit the module that is released, from which
//! unused functions and padding are gone ([`relink`](super::relink)), and is
//! larger than the code many times. So the places in the sources that a trace can
//! name are worked out here ([`places`]), by offsets in the released code
//! ([`offsets`]), and kept in a file of their own; a build id joins the two.

mod offsets;
mod paths;
mod places;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use isospin_host::{BUILD_ID, TraceMap};
use sha2::{Digest, Sha256};
use wasm_encoder::{CustomSection, Encode, Module, RawSection, Section};
use wasmparser::{Parser, Payload};

pub use paths::{Folders, LibraryTraces};

use super::relink;

/// A module without its debug information.
pub struct Separated {
    /// Linked, and with a build id if it had debug information.
    pub module: Vec<u8>,
    /// The places of its code in JSON, for the file beside the component; nothing
    /// if it had no debug information.
    pub trace: Option<Vec<u8>>,
}

/// Takes the debug information out of a core module. A module that has none is
/// given back as it is.
///
/// The build id is a digest of the released module: it does not depend on debug
/// information, so that a comment changes neither the id nor the component.
///
/// # Errors
/// If the module cannot be parsed. Debug information that makes no sense only
/// gives fewer places.
pub fn separate(module: &[u8], folders: &Folders<'_>) -> anyhow::Result<Separated> {
    let Some(debug) = places::Debug::read(module)? else {
        return Ok(Separated { module: module.to_vec(), trace: None });
    };
    let plain = without_sections(module, |name| is_debug(name) && name != "name")?;
    let linked = relink::relink_tracked(&plain)?;
    let names = places::names(&linked.module)?;
    let mut released = without_sections(&linked.module, is_debug)?;
    let digest = Sha256::digest(&released);
    let build_id = &digest[..BUILD_ID_LENGTH];
    let pairs = offsets::Pairs::new(module, &linked)?;
    let map = TraceMap {
        build_id: build_id.iter().map(|byte| format!("{byte:02x}")).collect(),
        ..debug.places(pairs, &names, folders)?
    };
    append_build_id(&mut released, build_id);
    Ok(Separated { module: released, trace: Some(serde_json::to_vec(&map)?) })
}

const BUILD_ID_LENGTH: usize = 16;

/// What linkers leave out when they strip a module.
fn is_debug(section: &str) -> bool {
    section.starts_with(".debug_")
        || ["name", "producers", "target_features", "external_debug_info", BUILD_ID]
            .contains(&section)
}

fn append_build_id(module: &mut Vec<u8>, build_id: &[u8]) {
    let mut data = Vec::new();
    build_id.encode(&mut data);
    CustomSection { name: BUILD_ID.into(), data: Cow::Owned(data) }.append_to(module);
}

/// The module without the custom sections whose names are `unwanted`; all else is
/// copied as it is.
fn without_sections(module: &[u8], unwanted: impl Fn(&str) -> bool) -> anyhow::Result<Vec<u8>> {
    let mut kept = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match &payload {
            Payload::CustomSection(section) if unwanted(section.name()) => {}
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                    kept.section(&RawSection { id, data: &module[range] });
                }
            }
        }
    }
    Ok(kept.finish())
}
