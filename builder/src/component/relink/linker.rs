//! Writes a module without the functions that nobody needs.

use std::collections::BTreeMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, ExportSection, FunctionSection,
    ImportSection, NameSection,
};
use wasmparser::{
    CodeSectionReader, Element, ElementItems, ElementKind, Export, ExternalKind,
    FunctionSectionReader, ImportSectionReader, Name, TypeRef,
};

use super::facts::{ANSWER, Facts, LIBRARY, START, first_place};

/// Writes the module anew, with other numbers for its functions.
pub struct Linker<'a> {
    facts: &'a Facts,
    /// The new number of each function that is kept.
    numbers: BTreeMap<u32, u32>,
}

type Written = Result<(), Error<Infallible>>;

impl Linker<'_> {
    pub fn new(facts: &Facts) -> Linker<'_> {
        let numbers = facts.reached().into_iter().zip(0..).collect();
        Linker { facts, numbers }
    }

    /// Which of the module's own functions are kept, in their new order.
    pub fn kept(&self) -> Vec<usize> {
        let imports = self.facts.imports.len();
        let kept = self.numbers.keys().filter_map(|number| usize::try_from(*number).ok());
        kept.filter_map(|number| number.checked_sub(imports)).collect()
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
