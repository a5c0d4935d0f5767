//! Where each instruction was before a module was linked anew.

use wasmparser::{FunctionBody, Operator, Parser, Payload};

use crate::component::relink::Relinked;

/// The code of a module, before and after.
pub struct Pairs<'a> {
    before: Code<'a>,
    after: Code<'a>,
    /// For each function that is left, which it was among the module's own.
    kept: Option<&'a [usize]>,
}

struct Code<'a> {
    /// Where the content of the section begins in the module.
    start: u64,
    bodies: Vec<FunctionBody<'a>>,
}

/// One instruction, or the beginning of a function, by the offsets in the
/// content of the code section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub before: u32,
    pub after: u32,
}

impl<'a> Pairs<'a> {
    pub fn new(before: &'a [u8], linked: &'a Relinked) -> anyhow::Result<Pairs<'a>> {
        Ok(Pairs {
            before: Code::read(before)?,
            after: Code::read(&linked.module)?,
            kept: linked.kept.as_deref(),
        })
    }

    /// Calls `visit` for the beginning of each function that is left, with its
    /// number among the module's own, and for each instruction that can be in a
    /// trace. Offsets after linking rise.
    pub fn visit(&self, mut visit: impl FnMut(usize, Pair)) -> anyhow::Result<()> {
        for (number, after) in self.after.bodies.iter().enumerate() {
            let was = self.kept.map_or(Some(number), |kept| kept.get(number).copied());
            let before = was.and_then(|was| self.before.bodies.get(was));
            let before =
                before.ok_or_else(|| anyhow::anyhow!("function {number} was not there"))?;
            visit(number, self.pair(before.range().start, after.range().start)?);
            let mut old = before.get_operators_reader()?;
            let mut new = after.get_operators_reader()?;
            while !new.eof() {
                let pair = self.pair(old.original_position(), new.original_position())?;
                old.read()?;
                if is_traced(&new.read()?) {
                    visit(number, pair);
                }
            }
        }
        Ok(())
    }

    fn pair(&self, before: u64, after: u64) -> anyhow::Result<Pair> {
        let before = u32::try_from(before - self.before.start)?;
        let after = u32::try_from(after - self.after.start)?;
        Ok(Pair { before, after })
    }
}

impl<'a> Code<'a> {
    fn read(module: &'a [u8]) -> anyhow::Result<Code<'a>> {
        let mut code = Code { start: 0, bodies: Vec::new() };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::CodeSectionStart { unchecked_range: range, .. } => {
                    code.start = range.start
                }
                Payload::CodeSectionEntry(body) => code.bodies.push(body),
                _ => {}
            }
        }
        Ok(code)
    }
}

/// Whether an instruction can trap, call, or be where a guest is interrupted.
/// The most common of the others suffice: what is visited in vain costs time alone.
fn is_traced(operator: &Operator<'_>) -> bool {
    use Operator as O;
    !matches!(
        operator,
        O::LocalGet { .. }
            | O::LocalSet { .. }
            | O::LocalTee { .. }
            | O::GlobalGet { .. }
            | O::GlobalSet { .. }
            | O::I32Const { .. }
            | O::I64Const { .. }
            | O::I32Add
            | O::I32Sub
            | O::I32And
            | O::I32Or
            | O::I32Shl
            | O::I32Eq
            | O::I32Ne
            | O::I32Eqz
            | O::Block { .. }
            | O::Br { .. }
            | O::BrIf { .. }
            | O::Drop
            | O::Select
            | O::Return
            | O::End
    )
}
