//! Core module -> component.

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
};
use wasm_encoder::{Component, RawSection};
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
    let mut module = super::relink::relink(module)?;
    let facts = ModuleFacts::read(&module)?;
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
    without_names(&encoder.encode()?)
}

/// The component without its `component-name` section: the names that the
/// encoder gives to the parts that it makes itself. Nobody looks at them, and
/// they are a fifth of a small component. Modules inside keep their own names,
/// which traces need.
fn without_names(component: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut kept = Component::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        match &payload {
            Payload::CustomSection(section) if section.name() == "component-name" => {}
            _ if depth == 0 => {
                if let Some((id, range)) = payload.as_section() {
                    let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                    kept.section(&RawSection { id, data: &component[range] });
                }
            }
            _ => {}
        }
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) if depth > 0 => depth -= 1,
            _ => {}
        }
    }
    Ok(kept.finish())
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

#[cfg(test)]
mod tests {
    use wasm_encoder::{CustomSection, Module, ModuleSection};

    use super::*;

    fn custom(name: &str) -> CustomSection<'_> {
        CustomSection { name: name.into(), data: b"data".into() }
    }

    #[test]
    fn only_the_names_of_the_component_itself_go() {
        let mut module = Module::new();
        module.section(&custom("name"));
        let mut kept = Component::new();
        kept.section(&ModuleSection(&module)).section(&custom("producers"));
        let mut named = Component::new();
        named
            .section(&custom("component-name"))
            .section(&ModuleSection(&module))
            .section(&custom("component-name"))
            .section(&custom("producers"));
        assert_eq!(without_names(&named.finish()).expect("it parses"), kept.finish());
    }
}
