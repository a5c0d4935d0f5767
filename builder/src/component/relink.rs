//! What linkers leave to do in a core module: imports that the module itself
//! could answer, and numbers that are longer than they need be.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, ExportSection, FunctionSection,
    ImportSection, Module, NameSection,
};
use wasmparser::{
    CodeSectionReader, Element, ElementItems, ElementKind, Export, ExternalKind,
    FunctionSectionReader, ImportSectionReader, Name, Operator, Parser, Payload, TypeRef,
};

const PREVIEW1: &str = "wasi_snapshot_preview1";

/// What stands before a function's name where an SDK exports its answer.
const ANSWER: &str = "isospin_preview1_";

/// What the SDK for Rust has in place of larger functions of the C library. Its
/// compiler exports them for the linker; no host calls them.
const LIBRARY: &[&str] = &[
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
const START: &str = "isospin_start_";

/// Writes a core module anew where that makes it smaller.
///
/// A module whose SDK answers functions of preview 1 calls these directly,
/// instead of importing the same. Answers that nobody asks for are dropped, and
/// all that only they need; so are functions of the C library that the SDK has,
/// and what only start-up calls. What is still imported of preview 1 is for the
/// encoder's adapter to give. LLVM's linker writes each number that it fills in
/// with five bytes, of which one or two are needed.
///
/// A module where there is nothing to gain is given back as it is, as is one
/// with debug information, which would no longer fit.
///
/// # Errors
/// If the module cannot be parsed.
pub fn relink(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    if !gains(module)? {
        return Ok(module.to_vec());
    }
    let facts = Facts::read(module)?;
    let mut linker = Linker::new(&facts);
    let mut linked = Module::new();
    linker.parse_core_module(&mut linked, Parser::new(0), module)?;
    Ok(linked.finish())
}

/// How many functions are looked at for padded numbers. Those that the linker
/// makes itself, which come first, have none.
const LOOKED_AT: usize = 100;

/// Whether the module has answers, parts of start-up or padded numbers, and no debug information.
/// Reads no more code than it must: there are large modules.
fn gains(module: &[u8]) -> anyhow::Result<bool> {
    let (mut gains, mut looked_at) = (false, 0);
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ExportSection(exports) => {
                for export in exports {
                    let name = export?.name;
                    gains |= name.starts_with(ANSWER) || name.starts_with(START);
                }
            }
            Payload::CodeSectionEntry(body) if !gains && looked_at < LOOKED_AT => {
                looked_at += 1;
                gains = calls_are_padded(body.get_operators_reader()?)?;
            }
            Payload::CustomSection(section) if section.name().starts_with(".debug_") => {
                return Ok(false);
            }
            _ => {}
        }
    }
    Ok(gains)
}

/// Whether there is a call whose number has full length: an opcode and five bytes.
fn calls_are_padded(mut operators: wasmparser::OperatorsReader<'_>) -> anyhow::Result<bool> {
    while !operators.eof() {
        let begin = operators.original_position();
        if let Operator::Call { .. } = operators.read()?
            && operators.original_position() - begin == 6
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a module says of its functions.
#[derive(Default)]
struct Facts {
    /// Module and name of each imported function.
    imports: Vec<(String, String)>,
    /// The functions that answer preview 1, by its names.
    answers: BTreeMap<String, u32>,
    /// The functions that have no number of their own after start-up.
    start: BTreeSet<u32>,
    /// Functions that are reached from outside of the code, answers apart.
    roots: Vec<u32>,
    /// Functions that each function of the module's own names.
    named_by: Vec<Vec<u32>>,
}

impl Facts {
    fn read(module: &[u8]) -> anyhow::Result<Facts> {
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
    fn answer(&self, function: u32) -> Option<u32> {
        let (module, name) = self.imports.get(function as usize)?;
        self.answers.get(name).copied().filter(|_| module == PREVIEW1)
    }

    /// The functions that can be called, imports among them.
    fn reached(&self) -> BTreeSet<u32> {
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
fn first_place(element: &Element<'_>) -> wasmparser::Result<Option<i32>> {
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

/// Writes the module anew, with other numbers for its functions.
struct Linker<'a> {
    facts: &'a Facts,
    /// The new number of each function that is kept.
    numbers: BTreeMap<u32, u32>,
}

type Written = Result<(), Error<Infallible>>;

impl Linker<'_> {
    fn new(facts: &Facts) -> Linker<'_> {
        let numbers = facts.reached().into_iter().zip(0..).collect();
        Linker { facts, numbers }
    }

    /// Whether the module's own function with this number among them is kept.
    fn keeps(&self, own: usize) -> bool {
        let function = u32::try_from(self.facts.imports.len() + own);
        function.is_ok_and(|function| self.numbers.contains_key(&function))
    }
}

impl Reencode for Linker<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let function = self.facts.answer(function).unwrap_or(function);
        // Only what is reached is written, and so only what is kept is named.
        Ok(self.numbers.get(&function).copied().unwrap_or_default())
    }

    fn parse_import_section(
        &mut self,
        kept: &mut ImportSection,
        imports: ImportSectionReader<'_>,
    ) -> Written {
        let mut function = 0;
        for import in imports.into_imports() {
            let import = import?;
            if let TypeRef::Func(_) | TypeRef::FuncExact(_) = import.ty {
                function += 1;
                if !self.numbers.contains_key(&(function - 1)) {
                    continue;
                }
            }
            self.parse_import(kept, import)?;
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        kept: &mut FunctionSection,
        functions: FunctionSectionReader<'_>,
    ) -> Written {
        for (own, kind) in functions.into_iter().enumerate() {
            if self.keeps(own) {
                kept.function(self.type_index(kind?)?);
            }
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        kept: &mut CodeSection,
        bodies: CodeSectionReader<'_>,
    ) -> Written {
        for (own, body) in bodies.into_iter().enumerate() {
            if self.keeps(own) {
                self.parse_function_body(kept, body?)?;
            }
        }
        Ok(())
    }

    fn parse_element(&mut self, kept: &mut ElementSection, element: Element<'_>) -> Written {
        let (
            ElementItems::Functions(functions),
            ElementKind::Active { table_index, .. },
            Some(first),
        ) = (&element.items, &element.kind, first_place(&element)?)
        else {
            return utils::parse_element(self, kept, element);
        };
        let functions = functions.clone().into_iter().collect::<Result<Vec<u32>, _>>()?;
        // The functions of start-up leave holes.
        let mut offset = first;
        for run in functions.split(|function| self.facts.start.contains(function)) {
            let mut numbers = Vec::new();
            for function in run {
                numbers.push(self.function_index(*function)?);
            }
            let length = i32::try_from(run.len()).unwrap_or(i32::MAX);
            if !run.is_empty() {
                let elements = Elements::Functions(numbers.into());
                kept.active(*table_index, &ConstExpr::i32_const(offset), elements);
            }
            offset = offset.wrapping_add(length).wrapping_add(1);
        }
        Ok(())
    }

    fn parse_export(&mut self, kept: &mut ExportSection, export: Export<'_>) -> Written {
        let dropped = [ANSWER, START].iter().any(|prefix| export.name.starts_with(prefix))
            || LIBRARY.contains(&export.name);
        if export.kind == ExternalKind::Func && dropped {
            return Ok(());
        }
        utils::parse_export(self, kept, export)
    }

    fn parse_custom_name_subsection(
        &mut self,
        names: &mut NameSection,
        section: Name<'_>,
    ) -> Written {
        match section {
            Name::Function(functions) => {
                let mut kept = wasm_encoder::NameMap::new();
                for naming in functions {
                    let naming = naming?;
                    if let Some(number) = self.numbers.get(&naming.index) {
                        kept.append(*number, naming.name);
                    }
                }
                names.functions(&kept);
                Ok(())
            }
            // Locals and labels are numbered by function; nobody shows them.
            Name::Local(_) | Name::Label(_) => Ok(()),
            other => utils::parse_custom_name_subsection(self, names, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Vec<u8> {
        let module = relink(&wat::parse_str(text).expect("it is WAT")).expect("it is linked");
        wasmparser::validate(&module).expect("it is valid");
        module
    }

    fn facts(module: &[u8]) -> Facts {
        Facts::read(module).expect("it is read")
    }

    #[test]
    fn answers_take_the_place_of_imports() {
        let linked = module(
            r#"(module
                (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
                (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
                (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))
                (func $answer (export "isospin_preview1_sched_yield") (result i32) (i32.const 7))
                (func $unused (export "isospin_preview1_clock_time_get") (drop (call $now)))
                (func (export "handle") (result i32)
                    (i32.add (call $yield) (call $close (i32.const 1))))
            )"#,
        );
        let facts = facts(&linked);
        let names: Vec<&str> = facts.imports.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["fd_close"], "what is not answered stays, and no more");
        assert!(facts.answers.is_empty());
        assert_eq!(facts.named_by.len(), 2, "the answer and the handler");
        assert_eq!(facts.roots, [2]);
        assert_eq!(facts.named_by[1], [1, 0]);
    }

    #[test]
    fn functions_of_the_library_stay_where_they_are_called() {
        let linked = module(
            r#"(module
                (func $unused (export "calloc") (call $malloc))
                (func $malloc (export "malloc"))
                (func $free (export "free") (drop (i32.const 7)))
                (func (export "isospin_preview1_sched_yield") (result i32) (i32.const 0))
                (func (export "handle") (call $free))
            )"#,
        );
        let facts = facts(&linked);
        assert_eq!(facts.named_by, [vec![], vec![0]], "what frees, and the handler");
        assert_eq!(facts.roots, [1]);
    }

    #[test]
    fn functions_in_tables_are_kept() {
        let linked = module(
            r#"(module
                (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
                (table 2 funcref)
                (elem (i32.const 0) $yield $other)
                (func $dropped)
                (func $other)
                (func (export "isospin_preview1_sched_yield") (result i32) (i32.const 0))
            )"#,
        );
        let facts = facts(&linked);
        assert!(facts.imports.is_empty());
        assert_eq!(facts.named_by.len(), 2);
    }

    #[test]
    fn what_only_start_up_calls_is_dropped() {
        let linked = module(
            r#"(module
                (table 4 funcref)
                (elem (i32.const 1) $before $start $after)
                (func $before) (func $after)
                (func $start (export "isospin_start_compile") (call $only))
                (func $only)
                (func (export "handle") (call_indirect (i32.const 3)))
            )"#,
        );
        let expected = module(
            r#"(module
                (table 4 funcref)
                (elem (i32.const 1) $before)
                (elem (i32.const 3) $after)
                (func $before) (func $after)
                (func (export "handle") (call_indirect (i32.const 3)))
            )"#,
        );
        assert_eq!(linked, expected);
    }

    #[test]
    fn what_start_up_calls_and_others_too_is_kept() {
        let linked = module(
            r#"(module
                (table 2 funcref)
                (elem (i32.const 1) $start)
                (func $start (export "isospin_start_compile"))
                (func (export "handle") (call $start))
            )"#,
        );
        let facts = facts(&linked);
        assert_eq!(facts.named_by.len(), 2);
        assert!(facts.start.is_empty());
    }

    #[test]
    fn padded_numbers_become_short() {
        let mut padded = wat::parse_str(r#"(module (func $f) (func (export "h") (call $f)))"#)
            .expect("it is WAT");
        let plain = padded.clone();
        // call 0, end: the number gets four bytes more, and so do function and section.
        let call = padded.windows(3).position(|code| code == [0x10, 0, 0x0b]).expect("a call");
        padded.splice(call + 1..call + 2, [0x80, 0x80, 0x80, 0x80, 0]);
        padded[call - 2] += 4;
        let section = plain.windows(2).position(|code| code == [10, 9]).expect("a code section");
        padded[section + 1] += 4;
        wasmparser::validate(&padded).expect("it is valid");
        assert_eq!(relink(&padded).expect("it is linked"), plain);
        assert_eq!(relink(&plain).expect("it is read"), plain);
    }

    #[test]
    fn other_modules_stay_as_they_are() {
        let plain = wat::parse_str(
            r#"(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))))"#,
        )
        .expect("it is WAT");
        assert_eq!(relink(&plain).expect("it is read"), plain);
        let mut debug = wat::parse_str(
            r#"(module (func (export "isospin_preview1_sched_yield") (result i32) (i32.const 0))
                (@custom ".debug_info" "x"))"#,
        )
        .expect("it is WAT");
        assert_eq!(relink(&debug).expect("it is read"), debug);
        debug.truncate(20);
        assert!(relink(&debug).is_err());
    }
}
