//! What a module's functions are to each other, and which are needed.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    Element, ElementItems, ElementKind, Export, ExternalKind, Operator, Parser, Payload, TypeRef,
};

pub const PREVIEW1: &str = "wasi_snapshot_preview1";

/// What stands before a function's name where an SDK exports its answer.
pub const ANSWER: &str = "isospin_preview1_";

/// What the SDK for Rust has in place of larger functions of the C library. Its
/// compiler exports them for the linker; no host calls them.
pub const LIBRARY: &[&str] = &[
    "aligned_alloc",
    "calloc",
    "free",
    "getenv",
    "malloc",
    "malloc_usable_size",
    "memalign",
    "posix_memalign",
    "realloc",
    "reallocarray",
    "valloc",
];

/// What stands before a function's name where an SDK says that nothing calls it
/// by its number once start-up is over: not through a pointer that was kept.
pub const START: &str = "isospin_start_";

/// What a module says of its functions.
#[derive(Default)]
pub struct Facts {
    /// Module and name of each imported function.
    pub imports: Vec<(String, String)>,
    /// The functions that answer preview 1, by its names.
    pub answers: BTreeMap<String, u32>,
    /// The functions that have no number of their own after start-up.
    pub start: BTreeSet<u32>,
    /// Functions that are reached from outside of the code, answers apart.
    pub roots: Vec<u32>,
    /// Functions that each function of the module's own names.
    pub named_by: Vec<Vec<u32>>,
}

impl Facts {
    pub fn read(module: &[u8]) -> anyhow::Result<Facts> {
        let mut facts = Facts::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(_) | TypeRef::FuncExact(_) = import.ty {
                            facts.imports.push((import.module.to_owned(), import.name.to_owned()));
                        }
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        facts.export(export?);
                    }
                }
                Payload::StartSection { func, .. } => facts.roots.push(func),
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        facts.roots.extend(named(global?.init_expr.get_operators_reader())?);
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        facts.element(element?)?;
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    facts.named_by.push(named(body.get_operators_reader()?)?);
                }
                _ => {}
            }
        }
        Ok(facts)
    }

    fn export(&mut self, export: Export<'_>) {
        if export.kind != ExternalKind::Func {
            return;
        }
        if let Some(name) = export.name.strip_prefix(ANSWER) {
            self.answers.insert(name.to_owned(), export.index);
        } else if export.name.starts_with(START) {
            self.start.insert(export.index);
        } else if !LIBRARY.contains(&export.name) {
            self.roots.push(export.index);
        }
    }

    fn element(&mut self, element: Element<'_>) -> anyhow::Result<()> {
        let first = first_place(&element)?;
        match element.items {
            ElementItems::Functions(functions) => {
                // Exports come before elements, so what is of start-up is known.
                for function in functions {
                    let function = function?;
                    if first.is_none() || !self.start.contains(&function) {
                        self.roots.push(function);
                    }
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    self.roots.extend(named(expression?.get_operators_reader())?);
                }
            }
        }
        Ok(())
    }

    /// The module's own function that answers the import, if there is one.
    pub fn answer(&self, function: u32) -> Option<u32> {
        let (module, name) = self.imports.get(function as usize)?;
        self.answers.get(name).copied().filter(|_| module == PREVIEW1)
    }

    /// The functions that can be called, imports among them.
    pub fn reached(&self) -> BTreeSet<u32> {
        let mut reached = BTreeSet::new();
        let mut left = self.roots.clone();
        while let Some(function) = left.pop() {
            let function = self.answer(function).unwrap_or(function);
            if reached.insert(function) {
                let own = (function as usize).checked_sub(self.imports.len());
                left.extend(own.and_then(|own| self.named_by.get(own)).into_iter().flatten());
            }
        }
        reached
    }
}

/// Where in its table an element begins, if that is a plain number.
pub fn first_place(element: &Element<'_>) -> wasmparser::Result<Option<i32>> {
    let ElementKind::Active { offset_expr, .. } = &element.kind else { return Ok(None) };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(Some(value)),
        _ => Ok(None),
    }
}

/// The functions that instructions name.
fn named(mut operators: wasmparser::OperatorsReader<'_>) -> anyhow::Result<Vec<u32>> {
    let mut named = Vec::new();
    while !operators.eof() {
        if let Operator::Call { function_index: function }
        | Operator::ReturnCall { function_index: function }
        | Operator::RefFunc { function_index: function } = operators.read()?
        {
            named.push(function);
        }
    }
    Ok(named)
}
