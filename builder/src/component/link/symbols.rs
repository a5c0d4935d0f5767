//! Which function or datum each name means.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, ensure};
use wasmparser::FuncType;

use super::library::{Export, Library};

/// A function with a body, by the number of its library and its index there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId {
    pub library: usize,
    pub index: u32,
}

/// What a call in a library reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Defined(FunctionId),
    /// A function of the world, by its number in [`Symbols::imports`].
    Imported(usize),
    /// A function that is nowhere, by its number in [`Symbols::missing`].
    Missing(usize),
}

/// A function that the program imports, or that is nowhere.
pub struct Outside<'a> {
    pub module: &'a str,
    pub name: &'a str,
    pub signature: FuncType,
    /// The library that asks for it.
    pub by: usize,
    pub weak: bool,
}

pub struct Symbols<'a> {
    /// For each library, what each of its function indices means.
    targets: Vec<Vec<Target>>,
    definitions: HashMap<&'a str, (usize, Export)>,
    pub imports: Vec<Outside<'a>>,
    pub missing: Vec<Outside<'a>>,
}

impl<'a> Symbols<'a> {
    /// Names mean the first library's that exports them, also inside of later
    /// libraries: so an earlier one can replace functions of a later one.
    ///
    /// # Errors
    /// If one name is used with two signatures.
    pub fn resolve(
        libraries: &[Library<'a>],
        offered: &dyn Fn(&str) -> bool,
    ) -> Result<Symbols<'a>> {
        let mut definitions = HashMap::new();
        for (number, library) in libraries.iter().enumerate() {
            for (&name, &export) in library.exports.iter().filter(|(name, _)| !is_private(name)) {
                definitions.entry(name).or_insert((number, export));
            }
        }
        let mut symbols =
            Symbols { targets: Vec::new(), definitions, imports: Vec::new(), missing: Vec::new() };
        let mut outside = BTreeMap::new();
        for number in 0..libraries.len() {
            let targets = symbols.targets_of(libraries, number, offered, &mut outside)?;
            symbols.targets.push(targets);
        }
        Ok(symbols)
    }

    fn targets_of(
        &mut self,
        libraries: &[Library<'a>],
        number: usize,
        offered: &dyn Fn(&str) -> bool,
        outside: &mut BTreeMap<(&'a str, &'a str), Target>,
    ) -> Result<Vec<Target>> {
        let library = &libraries[number];
        let mut targets = Vec::new();
        for import in &library.imported_functions {
            let signature = &library.types[import.type_index as usize];
            if import.module == "env"
                && let Some(id) = self.function(import.name)
            {
                same_signature(libraries, import.name, number, signature, id)?;
                targets.push(Target::Defined(id));
                continue;
            }
            let key = (import.module, import.name);
            let target = *outside.entry(key).or_insert_with(|| {
                let wanted = Outside {
                    module: import.module,
                    name: import.name,
                    signature: signature.clone(),
                    by: number,
                    weak: import.weak,
                };
                if offered(import.module) {
                    self.imports.push(wanted);
                    Target::Imported(self.imports.len() - 1)
                } else {
                    self.missing.push(wanted);
                    Target::Missing(self.missing.len() - 1)
                }
            });
            targets.push(target);
        }
        let imported = library.imported_functions.len();
        for index in imported..imported + library.functions.len() {
            let index = u32::try_from(index)?;
            targets.push(Target::Defined(FunctionId { library: number, index }));
        }
        for (&name, &export) in &library.exports {
            if let Export::Function(index) = export
                && let Some(id) = self.function(name)
                && id.library != number
            {
                same_signature(libraries, name, number, library.function_type(index), id)?;
                targets[index as usize] = Target::Defined(id);
            }
        }
        Ok(targets)
    }

    /// What the function `index` of a library means.
    pub fn target(&self, library: usize, index: u32) -> Target {
        self.targets[library][index as usize]
    }

    /// The function called `name`.
    pub fn function(&self, name: &str) -> Option<FunctionId> {
        match self.definitions.get(name)? {
            (library, Export::Function(index)) => {
                Some(FunctionId { library: *library, index: *index })
            }
            _ => None,
        }
    }

    /// The datum called `name`: its library, and the global there that holds its place.
    pub fn datum(&self, name: &str) -> Option<(usize, u32)> {
        match self.definitions.get(name)? {
            (library, Export::Global(global)) => Some((*library, *global)),
            _ => None,
        }
    }
}

/// What each library has for itself, although it is exported.
fn is_private(name: &str) -> bool {
    name == "_initialize" || name.starts_with("__wasm_")
}

fn same_signature(
    libraries: &[Library],
    name: &str,
    asked_by: usize,
    signature: &FuncType,
    id: FunctionId,
) -> Result<()> {
    let found = libraries[id.library].function_type(id.index);
    ensure!(
        signature == found,
        "`{name}` is {signature:?} in {} and {found:?} in {}",
        libraries[asked_by].name,
        libraries[id.library].name
    );
    Ok(())
}
