//! DWARF -> the places in the sources that a trace can name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian, SectionId};
use addr2line::{Context, Frame};
use isospin_host::{Place, TraceMap};
use wasmparser::{KnownCustom, Name, Parser, Payload};

use super::Folders;
use super::offsets::{Pair, Pairs};

type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// The debug information in a module.
pub struct Debug<'a>(Context<Bytes<'a>>);

impl<'a> Debug<'a> {
    /// Nothing if the module has no table of lines.
    ///
    /// # Errors
    /// If the module cannot be parsed.
    pub fn read(module: &'a [u8]) -> anyhow::Result<Option<Debug<'a>>> {
        let mut sections: HashMap<&str, &[u8]> = HashMap::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CustomSection(section) = payload?
                && section.name().starts_with(".debug_")
            {
                sections.insert(section.name(), section.data());
            }
        }
        if !sections.contains_key(SectionId::DebugLine.name()) {
            return Ok(None);
        }
        let load = |id: SectionId| {
            let bytes = sections.get(id.name()).copied().unwrap_or_default();
            Ok::<_, addr2line::gimli::Error>(EndianSlice::new(bytes, LittleEndian))
        };
        let context = Context::from_dwarf(Dwarf::load(load)?);
        // What cannot be read at all is as good as none: names are left.
        let context = context.or_else(|_| Context::from_dwarf(Dwarf::default()))?;
        Ok(Some(Debug(context)))
    }

    /// The places of all code that is left. `names` are those of its functions.
    ///
    /// # Errors
    /// If the code cannot be parsed.
    pub fn places(
        &self,
        pairs: Pairs<'_>,
        names: &HashMap<usize, String>,
        folders: &Folders<'_>,
    ) -> anyhow::Result<TraceMap> {
        let mut table = Table::new(folders);
        pairs.visit(|function, pair| {
            let name = names.get(&function).map(String::as_str);
            let number = self.place(pair, name, &mut table);
            if table.code.last().is_none_or(|(_, last)| *last != number) {
                table.code.push((pair.after, number));
            }
        })?;
        Ok(table.finish())
    }

    /// The number of the innermost place of an instruction; 0 if nothing is known.
    fn place(&self, pair: Pair, name: Option<&str>, table: &mut Table<'_>) -> u32 {
        let mut frames = Vec::new();
        // Nothing is in other files. What makes no sense has no frames.
        if let Ok(mut found) = self.0.find_frames(pair.before.into()).skip_all_loads() {
            while let Ok(Some(frame)) = found.next() {
                frames.push(frame);
            }
        }
        let outermost = frames.len().saturating_sub(1);
        let mut caller = 0;
        for (index, frame) in frames.iter().enumerate().rev() {
            let name = if index == outermost { name } else { None };
            caller = table.place(frame, name, caller);
        }
        match (caller, name) {
            (0, Some(name)) => table.bare(name),
            (caller, _) => caller,
        }
    }
}

/// A [`TraceMap`] that grows.
struct Table<'a> {
    folders: &'a Folders<'a>,
    files: Numbers<String>,
    /// Paths as DWARF has them, which take time to be made fit to be shown.
    paths: HashMap<String, u32>,
    functions: Numbers<String>,
    symbols: HashMap<String, u32>,
    places: Numbers<Place>,
    code: Vec<(u32, u32)>,
}

impl<'a> Table<'a> {
    fn new(folders: &'a Folders<'a>) -> Table<'a> {
        Table {
            folders,
            files: Numbers::default(),
            paths: HashMap::new(),
            functions: Numbers::default(),
            symbols: HashMap::new(),
            places: Numbers::default(),
            code: Vec::new(),
        }
    }

    /// The number of a frame's place; its caller's if it is left out.
    fn place(&mut self, frame: &Frame<'_, Bytes<'_>>, name: Option<&str>, caller: u32) -> u32 {
        let symbol = frame.function.as_ref().and_then(|function| function.raw_name().ok());
        // A mangled name tells more than the name in the source.
        let symbol = match name {
            Some(name) if symbol.is_none() || name.starts_with("_") => Some(Cow::Borrowed(name)),
            _ => symbol,
        };
        let function = symbol.map_or(0, |symbol| self.function(&symbol));
        if self.is_left_out(function) {
            return if caller == 0 { self.places.number(Place::LEFT_OUT) } else { caller };
        }
        let location = frame.location.as_ref();
        let file = location.and_then(|location| location.file).map_or(0, |file| self.file(file));
        let line = location.and_then(|location| location.line).unwrap_or(0);
        let column = location.and_then(|location| location.column).unwrap_or(0);
        self.places.number(Place { function, file, line, column, caller })
    }

    /// The place of a function of which only the name is known.
    fn bare(&mut self, name: &str) -> u32 {
        let function = self.function(name);
        if self.is_left_out(function) {
            return self.places.number(Place::LEFT_OUT);
        }
        self.places.number(Place { function, file: 0, line: 0, column: 0, caller: 0 })
    }

    fn is_left_out(&self, function: u32) -> bool {
        let index = (function as usize).checked_sub(1);
        let name = index.and_then(|index| self.functions.items.get(index));
        name.is_some_and(|name| self.folders.leaves_out(name))
    }

    fn function(&mut self, symbol: &str) -> u32 {
        if let Some(number) = self.symbols.get(symbol) {
            return *number;
        }
        let number = self.functions.number(demangled(symbol));
        self.symbols.insert(symbol.to_owned(), number);
        number
    }

    fn file(&mut self, path: &str) -> u32 {
        if let Some(number) = self.paths.get(path) {
            return *number;
        }
        let number = self.files.number(self.folders.show(path));
        self.paths.insert(path.to_owned(), number);
        number
    }

    fn finish(self) -> TraceMap {
        TraceMap {
            build_id: String::new(),
            files: self.files.items,
            functions: self.functions.items,
            places: self.places.items,
            code: self.code,
        }
    }
}

/// Gives each item a number, from 1 on, the same to equal ones.
struct Numbers<T> {
    items: Vec<T>,
    known: HashMap<T, u32>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Numbers<T> {
        Numbers { items: Vec::new(), known: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Numbers<T> {
    fn number(&mut self, item: T) -> u32 {
        if let Some(number) = self.known.get(&item) {
            return *number;
        }
        self.items.push(item.clone());
        let number = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.known.insert(item, number);
        number
    }
}

/// The most characters of a name: those of generic functions have no end.
const LONGEST_NAME: usize = 100;

/// The name as people write it.
fn demangled(symbol: &str) -> String {
    let cpp = || cpp_demangle::Symbol::new(symbol).ok()?.demangle().ok();
    let name = match rustc_demangle::try_demangle(symbol) {
        // Without the digest at its end.
        Ok(name) => format!("{name:#}"),
        Err(_) if symbol.starts_with("_Z") => cpp().unwrap_or_else(|| symbol.to_owned()),
        Err(_) => symbol.to_owned(),
    };
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

/// The names in a module, by the functions' numbers among its own.
///
/// # Errors
/// If the module cannot be parsed.
pub fn names(module: &[u8]) -> anyhow::Result<HashMap<usize, String>> {
    let mut imported = 0;
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(sections) = section.as_known() else { continue };
                for functions in sections.into_iter().flatten() {
                    let Name::Function(functions) = functions else { continue };
                    for naming in functions.into_iter().flatten() {
                        if let Some(own) = (naming.index as usize).checked_sub(imported) {
                            names.insert(own, naming.name.to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(names)
}
