//! What linkers leave to do in a core module: imports that the module itself
//! could answer, and numbers that are longer than they need be.

mod facts;
mod linker;
#[cfg(test)]
mod tests;

use wasm_encoder::Module;
use wasm_encoder::reencode::Reencode;
use wasmparser::{Operator, Parser, Payload};

use facts::{ANSWER, Facts, START};
use linker::Linker;

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
    Ok(relink_tracked(module)?.module)
}

/// A module, and what became of its functions.
pub struct Relinked {
    pub module: Vec<u8>,
    /// For each function that is left, which it was among the module's own;
    /// nothing if the module is as it was. Its instructions are the same ones.
    pub kept: Option<Vec<usize>>,
}

/// As [`relink`], for those who must find the functions again.
///
/// # Errors
/// As there.
pub fn relink_tracked(module: &[u8]) -> anyhow::Result<Relinked> {
    if !gains(module)? {
        return Ok(Relinked { module: module.to_vec(), kept: None });
    }
    let facts = Facts::read(module)?;
    let mut linker = Linker::new(&facts);
    let mut linked = Module::new();
    linker.parse_core_module(&mut linked, Parser::new(0), module)?;
    Ok(Relinked { module: linked.finish(), kept: Some(linker.kept()) })
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
