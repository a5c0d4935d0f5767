//! Where everything is in the one memory and the one table.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use wasmparser::{ConstExpr, Operator};

use super::library::{Global, Library};
use super::reach::Reached;
use super::symbols::{FunctionId, Symbols, Target};

/// Nothing is at the lowest addresses, so that a null pointer points to nothing.
const LOWEST: u32 = 1024;
const STACK_ALIGNMENT: u32 = 16;
const PAGE: u32 = 65536;

/// The value of a library's global.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Constant(u32),
    /// The program's one variable.
    StackPointer,
}

/// Memory from low to high: nothing, the stack, each library's data, the heap.
/// A stack that grows too large runs into the end of memory and not into data.
pub struct Layout {
    pub memory_bases: Vec<u32>,
    pub table_bases: Vec<u32>,
    pub stack_high: u32,
    pub heap_base: u32,
    pub table_size: u32,
    /// The functions that are in the table because their address is asked for by name.
    pub named_slots: Vec<(u32, FunctionId)>,
    /// For each library, the value of each global.
    pub values: Vec<Vec<Value>>,
}

impl Layout {
    /// # Errors
    /// If everything together does not fit, or an address is asked for of
    /// something that is nowhere.
    pub fn new(
        libraries: &[Library],
        symbols: &Symbols,
        reached: &Reached,
        stack: u32,
    ) -> Result<Layout> {
        let mut layout = Layout {
            memory_bases: Vec::new(),
            table_bases: Vec::new(),
            stack_high: align(LOWEST + stack, STACK_ALIGNMENT)?,
            heap_base: 0,
            table_size: 1,
            named_slots: Vec::new(),
            values: Vec::new(),
        };
        let mut end = layout.stack_high;
        for library in libraries {
            let base = align(end, library.memory_alignment)?;
            layout.memory_bases.push(base);
            end = base.checked_add(library.memory_size).context("the data is too large")?;
            layout.table_bases.push(layout.table_size);
            layout.table_size += library.table_size;
        }
        layout.heap_base = align(end, STACK_ALIGNMENT)?;
        let mut slots = BTreeMap::new();
        for &name in &reached.addresses {
            if let Some(id) = symbols.function(name) {
                slots.insert(name, layout.table_size);
                layout.named_slots.push((layout.table_size, id));
                layout.table_size += 1;
            }
        }
        for number in 0..libraries.len() {
            let values = layout.values_of(libraries, number, symbols, &slots)?;
            layout.values.push(values);
        }
        Ok(layout)
    }

    /// The pages that the program has when it begins.
    pub fn pages(&self) -> u32 {
        self.heap_base.div_ceil(PAGE)
    }

    fn values_of(
        &self,
        libraries: &[Library],
        number: usize,
        symbols: &Symbols,
        slots: &BTreeMap<&str, u32>,
    ) -> Result<Vec<Value>> {
        let mut values = Vec::new();
        for global in &libraries[number].globals {
            let value = match global {
                Global::Imported { module: "env", name: "__stack_pointer" } => {
                    values.push(Value::StackPointer);
                    continue;
                }
                Global::Imported { module: "env", name: "__memory_base" } => {
                    self.memory_bases[number]
                }
                Global::Imported { module: "env", name: "__table_base" } => {
                    self.table_bases[number]
                }
                // A function that no reached code names has no slot, and needs none.
                Global::Imported { module: "GOT.func", name } => {
                    slots.get(name).copied().unwrap_or(0)
                }
                Global::Imported { module: "GOT.mem", name } => {
                    self.datum(libraries, symbols, name)?
                }
                Global::Imported { module, name } => {
                    bail!(
                        "the library {} wants a variable `{module}` `{name}`",
                        libraries[number].name
                    )
                }
                Global::Constant(expression) => evaluate(expression, &values)?,
            };
            values.push(Value::Constant(value));
        }
        Ok(values)
    }

    fn datum(&self, libraries: &[Library], symbols: &Symbols, name: &str) -> Result<u32> {
        Ok(match name {
            "__stack_low" => LOWEST,
            "__stack_high" => self.stack_high,
            "__heap_base" => self.heap_base,
            "__heap_end" => self.pages() * PAGE,
            _ => match symbols.datum(name) {
                Some((library, global)) => {
                    let Global::Constant(place) = &libraries[library].globals[global as usize]
                    else {
                        bail!("`{name}` has no place of its own");
                    };
                    self.memory_bases[library] + evaluate(place, &[])?
                }
                // C's weak references: their address is null if they are nowhere.
                None => 0,
            },
        })
    }

    /// The table as (first place, functions) without gaps.
    pub fn table(
        &self,
        libraries: &[Library],
        symbols: &Symbols,
    ) -> Result<Vec<(u32, Vec<Target>)>> {
        let mut segments = Vec::new();
        for (number, library) in libraries.iter().enumerate() {
            for (place, functions) in &library.elements {
                let targets = functions.iter().map(|&index| symbols.target(number, index));
                segments.push((evaluate(place, &self.values[number])?, targets.collect()));
            }
        }
        if let Some(&(first, _)) = self.named_slots.first() {
            let targets = self.named_slots.iter().map(|&(_, id)| Target::Defined(id));
            segments.push((first, targets.collect()));
        }
        Ok(segments)
    }
}

fn align(address: u32, alignment: u32) -> Result<u32> {
    address.checked_next_multiple_of(alignment.max(1)).context("the data is too large")
}

/// The value of a constant expression, given that of the globals before it.
pub fn evaluate(expression: &ConstExpr, globals: &[Value]) -> Result<u32> {
    let mut stack: Vec<u32> = Vec::new();
    let mut operators = expression.get_operators_reader();
    while !operators.eof() {
        match operators.read()? {
            Operator::I32Const { value } => stack.push(value.cast_unsigned()),
            Operator::GlobalGet { global_index } => match globals.get(global_index as usize) {
                Some(Value::Constant(value)) => stack.push(*value),
                _ => bail!("an address depends on a variable"),
            },
            Operator::I32Add => {
                let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else {
                    bail!("an address has no value")
                };
                stack.push(left.wrapping_add(right));
            }
            Operator::End => {}
            _ => bail!("an address is computed in an unknown way"),
        }
    }
    stack.pop().context("an address has no value")
}
