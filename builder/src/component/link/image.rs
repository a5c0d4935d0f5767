//! The memory of the program before it runs.

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{FunctionBody, Operator};

use super::layout::{Layout, Value, evaluate};
use super::library::Library;

/// The data of one library with all addresses filled in, and where it is.
pub struct Image {
    pub base: u32,
    pub bytes: Vec<u8>,
}

impl Image {
    /// Lays the segments of a library out and runs the functions by which it
    /// would fill in its addresses when it is loaded.
    ///
    /// # Errors
    /// If these functions do other things than that.
    pub fn of(library: &Library, layout: &Layout, number: usize) -> Result<Image> {
        let base = layout.memory_bases[number];
        let values = &layout.values[number];
        let mut image = Image { base, bytes: vec![0; library.memory_size as usize] };
        for (place, data) in &library.data {
            let address = evaluate(place, values)?;
            image.slice(address, data.len())?.copy_from_slice(data);
        }
        let relocations = library.exported_function("__wasm_apply_data_relocs");
        for function in library.start.into_iter().chain(relocations) {
            image.run(library.body(function), values).with_context(|| {
                format!("the start of the library {} is not understood", library.name)
            })?;
        }
        // What is zero at the end is not written down.
        let used = image.bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        image.bytes.truncate(used);
        Ok(image)
    }

    fn slice(&mut self, address: u32, length: usize) -> Result<&mut [u8]> {
        let start = address.checked_sub(self.base).context("it writes before its own data")?;
        let start = start as usize;
        self.bytes.get_mut(start..start + length).context("it writes behind its own data")
    }

    /// Runs straight code that stores addresses and zeroes memory.
    fn run(&mut self, body: &FunctionBody, values: &[Value]) -> Result<()> {
        let mut stack: Vec<u32> = Vec::new();
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let mut pop = || stack.pop().context("its code is not whole");
            match operators.read()? {
                Operator::I32Const { value } => stack.push(value.cast_unsigned()),
                Operator::GlobalGet { global_index } => match values.get(global_index as usize) {
                    Some(Value::Constant(value)) => stack.push(*value),
                    _ => bail!("it uses a variable"),
                },
                Operator::I32Add => {
                    let sum = pop()?.wrapping_add(pop()?);
                    stack.push(sum);
                }
                Operator::I32Load { memarg } => {
                    let address = pop()?.wrapping_add(u32::try_from(memarg.offset)?);
                    let bytes = self.slice(address, 4)?;
                    let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                    stack.push(word);
                }
                Operator::I32Store { memarg } => {
                    let value = pop()?;
                    let address = pop()?.wrapping_add(u32::try_from(memarg.offset)?);
                    self.slice(address, 4)?.copy_from_slice(&value.to_le_bytes());
                }
                Operator::MemoryFill { mem: 0 } => {
                    let (length, value, address) = (pop()?, pop()?, pop()?);
                    ensure!(value == 0, "it fills memory with other than zeros");
                    self.slice(address, length as usize)?.fill(0);
                }
                Operator::End => {}
                other => bail!("it uses the instruction {other:?}"),
            }
        }
        Ok(())
    }
}
