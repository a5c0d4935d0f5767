//! What is inside a finished file.

use serde::Serialize;
use wasmparser::{Parser, Payload};

use super::names::{Names, module_names};
use super::{Capability, ComponentBytes, World, check};
use crate::report::{Code, Error, Result};

/// What [`inspect`] found.
#[derive(Debug, Serialize)]
pub struct Inspection {
    /// `component` or `module`.
    pub kind: &'static str,
    /// Bytes of the file.
    pub size: u64,
    /// The capabilities beyond the handler world with which it matches, or why it does not.
    pub world: std::result::Result<Vec<Capability>, String>,
    pub imports: Vec<Item>,
    pub exports: Vec<Item>,
    /// The language that the tools recorded, if they did.
    pub language: Option<String>,
    /// `field: tool version` as recorded by the tools that made the file.
    pub producers: Vec<Producer>,
    /// By size, the largest first; sections of inner modules are summed up by kind.
    pub sections: Vec<Section>,
    /// Bytes of linear memory that an instance has at its start.
    pub initial_memory: u64,
}

/// An import or export.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub version: Option<String>,
}

#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Producer {
    pub field: String,
    pub tool: String,
    pub version: String,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// Reads a component or a core module.
///
/// # Errors
/// If the bytes are neither; `subject` names the file.
pub fn inspect(bytes: &[u8], subject: &str) -> Result<Inspection> {
    let invalid = |error: String| {
        Error::new(Code::WasmInvalid, format!("{subject}: it is not a WebAssembly file"))
            .cause(error)
            .hint("The file may be cut off or of another kind; build it again.")
    };
    if !bytes.starts_with(b"\0asm") {
        return Err(invalid("it does not begin as one does".to_owned()));
    }
    wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all())
        .validate_all(bytes)
        .map_err(|error| invalid(error.to_string()))?;
    let mut contents = Contents::default();
    contents.read(bytes).map_err(|error| invalid(error.to_string()))?;
    let kind = if Parser::is_component(bytes) { "component" } else { "module" };
    let names = match kind {
        "component" => Names::read(bytes).map_err(|error| invalid(error.to_string()))?,
        _ => module_names(bytes).map_err(|error| invalid(error.to_string()))?,
    };
    let mut producers = contents.producers;
    producers.sort();
    producers.dedup();
    let mut sections = contents.sections;
    sections.sort_by_key(|section| std::cmp::Reverse(section.size));
    Ok(Inspection {
        kind,
        size: bytes.len() as u64,
        world: world_match(kind, bytes, &names, subject),
        imports: names.imports.iter().map(|name| item(name)).collect(),
        exports: names.exports.iter().map(|name| item(name)).collect(),
        language: super::metadata::language(bytes).or_else(|| {
            let mut languages = producers.iter().filter(|producer| producer.field == "language");
            languages.next().map(|producer| producer.tool.clone())
        }),
        producers,
        sections,
        initial_memory: contents.initial_memory,
    })
}

/// The capabilities with which a component matches our world, or why it does not.
fn world_match(
    kind: &str,
    bytes: &[u8],
    names: &Names,
    subject: &str,
) -> std::result::Result<Vec<Capability>, String> {
    if kind != "component" {
        return Err("it is a core module, not a component".to_owned());
    }
    let used = Capability::ALL.iter().copied().filter(|capability| {
        names.imports.iter().any(|import| {
            capability.interfaces().contains(&import.split('@').next().unwrap_or(import))
        })
    });
    let used: Vec<Capability> = used.collect();
    match check(ComponentBytes(bytes.to_vec()), &World::new(used.iter().copied()), subject) {
        Ok(_) => Ok(used),
        Err(error) => Err(error.causes().join("; ")),
    }
}

fn item(name: &str) -> Item {
    match name.split_once('@') {
        Some((name, version)) => Item { name: name.to_owned(), version: Some(version.to_owned()) },
        None => Item { name: name.to_owned(), version: None },
    }
}

/// What all modules and components in a file hold together.
#[derive(Default)]
struct Contents {
    sections: Vec<Section>,
    producers: Vec<Producer>,
    initial_memory: u64,
}

impl Contents {
    fn read(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        /// Bytes of a page of linear memory (WebAssembly specification, 2.3.9).
        const PAGE: u64 = 65_536;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            match &payload {
                Payload::MemorySection(memories) => {
                    for memory in memories.clone() {
                        self.initial_memory += memory?.initial * PAGE;
                    }
                }
                Payload::CustomSection(section) => {
                    self.add(&format!("custom `{}`", section.name()), section.data().len());
                    if let wasmparser::KnownCustom::Producers(reader) = section.as_known() {
                        self.add_producers(reader)?;
                    }
                    continue;
                }
                _ => {}
            }
            if let Some((name, size)) = section(&payload) {
                self.add(name, size);
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, size: usize) {
        let size = size as u64;
        match self.sections.iter_mut().find(|section| section.name == name) {
            Some(section) => section.size += size,
            None => self.sections.push(Section { name: name.to_owned(), size }),
        }
    }

    fn add_producers(&mut self, reader: wasmparser::ProducersSectionReader) -> anyhow::Result<()> {
        for field in reader {
            let field = field?;
            for value in field.values {
                let value = value?;
                self.producers.push(Producer {
                    field: field.name.to_owned(),
                    tool: value.name.to_owned(),
                    version: value.version.to_owned(),
                });
            }
        }
        Ok(())
    }
}

/// Name and bytes of a section that is not custom.
fn section(payload: &Payload) -> Option<(&'static str, usize)> {
    let (name, range) = match payload {
        Payload::TypeSection(s) => ("types", s.range()),
        Payload::ImportSection(s) => ("imports", s.range()),
        Payload::FunctionSection(s) => ("functions", s.range()),
        Payload::TableSection(s) => ("tables", s.range()),
        Payload::MemorySection(s) => ("memories", s.range()),
        Payload::GlobalSection(s) => ("globals", s.range()),
        Payload::ExportSection(s) => ("exports", s.range()),
        Payload::ElementSection(s) => ("elements", s.range()),
        Payload::DataSection(s) => ("data", s.range()),
        Payload::CodeSectionStart { size, .. } => return Some(("code", *size as usize)),
        Payload::ComponentTypeSection(s) => ("component types", s.range()),
        Payload::ComponentImportSection(s) => ("component imports", s.range()),
        Payload::ComponentExportSection(s) => ("component exports", s.range()),
        Payload::ComponentAliasSection(s) => ("aliases", s.range()),
        Payload::ComponentInstanceSection(s) => ("component instances", s.range()),
        Payload::InstanceSection(s) => ("instances", s.range()),
        Payload::ComponentCanonicalSection(s) => ("canonical functions", s.range()),
        _ => return None,
    };
    Some((name, usize::try_from(range.end - range.start).unwrap_or(usize::MAX)))
}
