//! Which functions the program can come to.

use std::collections::{BTreeSet, HashSet};

use anyhow::{Result, bail};
use wasmparser::{FunctionBody, Operator};

use super::library::{Global, Library};
use super::symbols::{FunctionId, Symbols, Target};

/// What is needed of all libraries.
#[derive(Default)]
pub struct Reached<'a> {
    pub functions: BTreeSet<FunctionId>,
    /// Imports and missing functions, by their numbers in [`Symbols`].
    pub imports: BTreeSet<usize>,
    pub missing: BTreeSet<usize>,
    /// Functions whose place in the table is asked for by name.
    pub addresses: BTreeSet<&'a str>,
}

/// Follows calls from `roots`, from what stands in the libraries' tables, and
/// from what their data points to.
///
/// # Errors
/// If code cannot be parsed, or calls a function that is nowhere.
pub fn reach<'a>(
    libraries: &[Library<'a>],
    symbols: &Symbols<'a>,
    roots: impl IntoIterator<Item = FunctionId>,
) -> Result<Reached<'a>> {
    let mut walk = Walk {
        libraries,
        symbols,
        reached: Reached::default(),
        seen: HashSet::new(),
        waiting: Vec::new(),
    };
    for id in roots {
        walk.add(Target::Defined(id))?;
    }
    for (number, library) in libraries.iter().enumerate() {
        for (_, functions) in &library.elements {
            for &function in functions {
                walk.add(symbols.target(number, function))?;
            }
        }
        if let Some(relocations) = library.exported_function("__wasm_apply_data_relocs") {
            walk.scan(number, library.body(relocations))?;
        }
    }
    while let Some(id) = walk.waiting.pop() {
        walk.scan(id.library, libraries[id.library].body(id.index))?;
    }
    Ok(walk.reached)
}

struct Walk<'a, 'b> {
    libraries: &'b [Library<'a>],
    symbols: &'b Symbols<'a>,
    reached: Reached<'a>,
    seen: HashSet<FunctionId>,
    waiting: Vec<FunctionId>,
}

impl<'a> Walk<'a, '_> {
    fn add(&mut self, target: Target) -> Result<()> {
        match target {
            Target::Defined(id) => {
                if self.seen.insert(id) {
                    self.reached.functions.insert(id);
                    self.waiting.push(id);
                }
            }
            Target::Imported(number) => {
                self.reached.imports.insert(number);
            }
            Target::Missing(number) => {
                let missing = &self.symbols.missing[number];
                if missing.module == "env" && !missing.weak {
                    bail!(
                        "nothing defines `{}`, which {} calls",
                        missing.name,
                        self.libraries[missing.by].name
                    );
                }
                self.reached.missing.insert(number);
            }
        }
        Ok(())
    }

    fn scan(&mut self, library: usize, body: &FunctionBody<'a>) -> Result<()> {
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            match operators.read()? {
                Operator::Call { function_index } | Operator::RefFunc { function_index } => {
                    self.add(self.symbols.target(library, function_index))?;
                }
                Operator::GlobalGet { global_index } => self.global(library, global_index)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn global(&mut self, library: usize, index: u32) -> Result<()> {
        let Global::Imported { module: "GOT.func", name } =
            self.libraries[library].globals[index as usize]
        else {
            return Ok(());
        };
        self.reached.addresses.insert(name);
        match self.symbols.function(name) {
            Some(id) => self.add(Target::Defined(id)),
            None => Ok(()),
        }
    }
}
