//! A shared library as `wasm-ld -shared` makes it, taken apart.
//!
//! The format is that of the tool conventions' "Dynamic Linking": a module with
//! a `dylink.0` section, which imports its memory, its table, and the places in
//! both where its parts begin.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{
    ConstExpr, DataKind, Dylink0Subsection, ElementItems, ElementKind, ExternalKind, FuncType,
    FunctionBody, Import, KnownCustom, Parser, Payload, SymbolFlags, TypeRef, ValType,
};

/// A library; everything in it is named by the library's own indices.
pub struct Library<'a> {
    pub name: &'a str,
    /// Size and alignment of its data, and the number of its table entries.
    pub memory_size: u32,
    pub memory_alignment: u32,
    pub table_size: u32,
    pub types: Vec<FuncType>,
    pub imported_functions: Vec<ImportedFunction<'a>>,
    pub functions: Vec<Function<'a>>,
    pub globals: Vec<Global<'a>>,
    pub exports: HashMap<&'a str, Export>,
    /// Runs when the module is instantiated: it zeroes memory.
    pub start: Option<u32>,
    pub elements: Vec<(ConstExpr<'a>, Vec<u32>)>,
    pub data: Vec<(ConstExpr<'a>, &'a [u8])>,
    pub function_names: HashMap<u32, &'a str>,
}

pub struct ImportedFunction<'a> {
    pub module: &'a str,
    pub name: &'a str,
    pub type_index: u32,
    /// May be missing.
    pub weak: bool,
}

pub struct Function<'a> {
    pub type_index: u32,
    pub body: FunctionBody<'a>,
}

/// An `i32` global: position-independent code has no others.
pub enum Global<'a> {
    /// `env` or one of the two `GOT` modules, and the name there.
    Imported {
        module: &'a str,
        name: &'a str,
    },
    Constant(ConstExpr<'a>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Export {
    Function(u32),
    /// A datum, by the global that holds its place in the library's data.
    Global(u32),
}

impl<'a> Library<'a> {
    /// Takes `module` apart; `name` is for messages.
    ///
    /// # Errors
    /// If it is no such library or has parts that C code does not bring in.
    pub fn parse(name: &'a str, module: &'a [u8]) -> Result<Library<'a>> {
        Reader::new(name).read(module).with_context(|| format!("the library {name} cannot be read"))
    }

    pub fn function_type(&self, function: u32) -> &FuncType {
        let imported = self.imported_functions.len();
        let index = match self.imported_functions.get(function as usize) {
            Some(import) => import.type_index,
            None => self.functions[function as usize - imported].type_index,
        };
        &self.types[index as usize]
    }

    /// The body of a function that is not imported.
    pub fn body(&self, function: u32) -> &FunctionBody<'a> {
        &self.functions[function as usize - self.imported_functions.len()].body
    }

    pub fn exported_function(&self, name: &str) -> Option<u32> {
        match self.exports.get(name) {
            Some(Export::Function(function)) => Some(*function),
            _ => None,
        }
    }
}

struct Reader<'a> {
    library: Library<'a>,
    function_types: Vec<u32>,
    weak: Vec<(&'a str, &'a str)>,
    is_library: bool,
}

impl<'a> Reader<'a> {
    fn new(name: &'a str) -> Reader<'a> {
        let library = Library {
            name,
            memory_size: 0,
            memory_alignment: 0,
            table_size: 0,
            types: Vec::new(),
            imported_functions: Vec::new(),
            functions: Vec::new(),
            globals: Vec::new(),
            exports: HashMap::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            function_names: HashMap::new(),
        };
        Reader { library, function_types: Vec::new(), weak: Vec::new(), is_library: false }
    }

    fn read(mut self, module: &'a [u8]) -> Result<Library<'a>> {
        for payload in Parser::new(0).parse_all(module) {
            self.payload(payload?)?;
        }
        ensure!(self.is_library, "it has no `dylink.0` section");
        ensure!(
            self.function_types.len() == self.library.functions.len(),
            "it has functions without code"
        );
        Ok(self.library)
    }

    fn payload(&mut self, payload: Payload<'a>) -> Result<()> {
        let library = &mut self.library;
        match payload {
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Dylink0(subsections) => {
                    self.is_library = true;
                    for subsection in subsections {
                        self.dylink(subsection?);
                    }
                }
                KnownCustom::Name(names) => {
                    for subsection in names {
                        let Ok(wasmparser::Name::Function(names)) = subsection else { continue };
                        for naming in names {
                            let naming = naming?;
                            library.function_names.insert(naming.index, naming.name);
                        }
                    }
                }
                _ => {}
            },
            Payload::TypeSection(types) => {
                for kind in types.into_iter_err_on_gc_types() {
                    library.types.push(kind?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.import(import?)?;
                }
            }
            Payload::FunctionSection(functions) => {
                for index in functions {
                    self.function_types.push(index?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let global = global?;
                    let constant = global.ty.content_type == ValType::I32 && !global.ty.mutable;
                    ensure!(constant, "it has a global variable of its own");
                    library.globals.push(Global::Constant(global.init_expr));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    let kind = match export.kind {
                        ExternalKind::Func => Export::Function(export.index),
                        ExternalKind::Global => Export::Global(export.index),
                        _ => continue,
                    };
                    library.exports.insert(export.name, kind);
                }
            }
            Payload::StartSection { func, .. } => library.start = Some(func),
            Payload::ElementSection(elements) => {
                for element in elements {
                    let element = element?;
                    let (
                        ElementKind::Active { table_index: None | Some(0), offset_expr },
                        ElementItems::Functions(functions),
                    ) = (element.kind, element.items)
                    else {
                        bail!("it has an element segment that is no plain list of functions")
                    };
                    let functions = functions.into_iter().collect::<Result<_, _>>()?;
                    library.elements.push((offset_expr, functions));
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment?;
                    let DataKind::Active { memory_index: 0, offset_expr } = segment.kind else {
                        bail!("it has a data segment without a place")
                    };
                    library.data.push((offset_expr, segment.data));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let type_index = self.function_types.get(library.functions.len());
                let type_index = *type_index.context("it has code without a function")?;
                library.functions.push(Function { type_index, body });
            }
            Payload::MemorySection(_) | Payload::TableSection(_) | Payload::TagSection(_) => {
                bail!("it has a memory, a table or an exception tag of its own")
            }
            _ => {}
        }
        Ok(())
    }

    fn dylink(&mut self, subsection: Dylink0Subsection<'a>) {
        match subsection {
            Dylink0Subsection::MemInfo(info) => {
                self.library.memory_size = info.memory_size;
                self.library.memory_alignment = 1 << info.memory_alignment.min(16);
                self.library.table_size = info.table_size;
            }
            Dylink0Subsection::ImportInfo(imports) => {
                let weak = imports
                    .iter()
                    .filter(|import| import.flags.contains(SymbolFlags::BINDING_WEAK))
                    .map(|import| (import.module, import.field));
                self.weak.extend(weak);
            }
            _ => {}
        }
    }

    fn import(&mut self, import: Import<'a>) -> Result<()> {
        let Import { module, name, ty } = import;
        match ty {
            TypeRef::Func(type_index) => {
                let weak = self.weak.contains(&(module, name));
                let function = ImportedFunction { module, name, type_index, weak };
                self.library.imported_functions.push(function);
            }
            TypeRef::Global(kind) if kind.content_type == ValType::I32 => {
                self.library.globals.push(Global::Imported { module, name });
            }
            TypeRef::Memory(memory) if !memory.memory64 => {}
            TypeRef::Table(_) => {}
            _ => bail!("it imports `{module}` `{name}`, which is no function, memory or address"),
        }
        Ok(())
    }
}
