//! Core module -> component.

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use super::World;

/// Encodes a core module as a component of `world`.
///
/// The module's own `component-type` section is used where a binding generator
/// left one; else the world's is embedded. The preview1 adapter is added only
/// if the module imports preview1; it is the one for `wasi:http/proxy`, which
/// brings nothing in that the world does not offer.
pub fn encode(module: &[u8], world: &World) -> anyhow::Result<Vec<u8>> {
    let facts = ModuleFacts::read(module)?;
    let mut module = module.to_vec();
    if !facts.has_component_type {
        embed_component_metadata(
            &mut module,
            &world.resolve,
            world.id,
            StringEncoding::UTF8,
            false,
        )?;
    }
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&module)?;
    if facts.imports_preview1 {
        encoder
            .adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER)?;
    }
    encoder.encode()
}

struct ModuleFacts {
    has_component_type: bool,
    imports_preview1: bool,
}

impl ModuleFacts {
    fn read(module: &[u8]) -> anyhow::Result<ModuleFacts> {
        let mut facts = ModuleFacts { has_component_type: false, imports_preview1: false };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::CustomSection(section) => {
                    facts.has_component_type |= section.name().starts_with("component-type");
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        facts.imports_preview1 |=
                            import?.module == WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME;
                    }
                }
                _ => {}
            }
        }
        Ok(facts)
    }
}
