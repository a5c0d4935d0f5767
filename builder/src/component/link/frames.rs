//! Stack frames that count for what they take of the host's stack.
//!
//! C code sees only its stack in memory, on which many functions have a few bytes
//! or none, while the host's own stack, with return addresses and registers, runs
//! out unseen: that is a trap. A program that watches its stack in memory (CPython
//! does) sees the other one too if frames in memory are about as large as there.

use wasmparser::Operator;

/// What a frame is made larger by: so much, and so much for each local variable.
#[derive(Clone, Copy)]
pub struct FrameRoom {
    pub base: u32,
    pub per_local: u32,
}

impl FrameRoom {
    /// For a function with so many locals, in whole units of the stack's alignment.
    pub fn of(self, locals: u32) -> u32 {
        (self.base + self.per_local * locals).next_multiple_of(16)
    }
}

/// How a function's frame is made larger.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// It has none, or moves the stack pointer in ways that clang does not.
    AsItIs,
    /// The places, among its operators, of the constants by which it moves the stack pointer.
    Enlarged(Vec<usize>),
    /// It keeps the stack pointer in its first two operators, for nothing that it stores, and
    /// takes it back wherever it ends; it gets a frame after these two.
    Restored,
    /// It has none and gets one: the stack pointer is moved at the start, and back at the
    /// end and before these operators.
    New(Vec<usize>),
}

/// The constants are found in these forms, with anything between them:
///
/// ```text
/// global.get $sp (local.tee $old)? i32.const SIZE i32.sub local.tee $new ... global.set $sp
/// local.get $new i32.const SIZE i32.add global.set $sp
/// local.get $old global.set $sp
/// ```
///
/// A function without a frame gets one if `wants_one`.
pub fn frame(
    operators: &[Operator],
    is_stack_pointer: impl Fn(u32) -> bool,
    wants_one: bool,
) -> Frame {
    let uses = |operator: &Operator| match operator {
        Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
            is_stack_pointer(*global_index)
        }
        _ => false,
    };
    if operators.first().is_some_and(uses) {
        if restores(operators, uses) {
            return Frame::Restored;
        }
        return enlarged(operators, uses).map_or(Frame::AsItIs, Frame::Enlarged);
    }
    if wants_one && !operators.iter().any(uses) {
        return returns(operators).map_or(Frame::AsItIs, Frame::New);
    }
    Frame::AsItIs
}

fn enlarged(operators: &[Operator], uses: impl Fn(&Operator) -> bool) -> Option<Vec<usize>> {
    let keeps_old = matches!(operators.get(1), Some(Operator::LocalTee { .. }));
    let first = if keeps_old { 2 } else { 1 };
    let [
        Operator::I32Const { value: size },
        Operator::I32Sub,
        Operator::LocalTee { local_index: new },
    ] = operators.get(first..first + 3)?
    else {
        return None;
    };
    let set = first + 3 + operators[first + 3..].iter().position(&uses)?;
    // Directly, or by way of a copy in another local variable.
    let known = match operators[first + 3..set] {
        [] => true,
        [Operator::LocalSet { .. }, Operator::LocalGet { local_index }] => local_index == *new,
        _ => false,
    };
    if !known || *size < 0 {
        return None;
    }
    let mut places = vec![first];
    for at in set + 1..operators.len() {
        if !uses(&operators[at]) {
            continue;
        }
        match &operators[at - 3..=at] {
            [
                Operator::LocalGet { .. },
                Operator::I32Const { value },
                Operator::I32Add,
                Operator::GlobalSet { .. },
            ] if value == size => places.push(at - 2),
            [.., Operator::LocalGet { .. }, Operator::GlobalSet { .. }] if keeps_old => {}
            _ => return None,
        }
    }
    Some(places)
}

/// Whether a function does nothing with the stack pointer but to keep and restore it.
fn restores(operators: &[Operator], uses: impl Fn(&Operator) -> bool) -> bool {
    let Some(Operator::LocalSet { local_index: old }) = operators.get(1) else { return false };
    (2..operators.len()).all(|at| match &operators[at - 1..=at] {
        [Operator::LocalGet { local_index }, Operator::GlobalSet { .. }]
            if uses(&operators[at]) =>
        {
            local_index == old
        }
        [_, Operator::LocalSet { local_index } | Operator::LocalTee { local_index }] => {
            local_index != old
        }
        _ => !uses(&operators[at]),
    })
}

/// The places where a function returns before its end, if it leaves in no other way.
fn returns(operators: &[Operator]) -> Option<Vec<usize>> {
    let mut depth = 0_u32;
    let mut places = Vec::new();
    for (at, operator) in operators.iter().enumerate() {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
            Operator::End => depth = depth.saturating_sub(1),
            Operator::Return => places.push(at),
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth }
                if *relative_depth >= depth =>
            {
                return None;
            }
            Operator::BrTable { targets } => {
                let mut all = targets.targets().chain([Ok(targets.default())]);
                if all.any(|target| target.is_ok_and(|target| target >= depth)) {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Operator = Operator::GlobalGet { global_index: 0 };
    const SET: Operator = Operator::GlobalSet { global_index: 0 };
    const NEW: Operator = Operator::LocalGet { local_index: 1 };
    const TEE: Operator = Operator::LocalTee { local_index: 1 };
    const COPY: Operator = Operator::LocalSet { local_index: 2 };
    const SIZE: Operator = Operator::I32Const { value: 32 };
    const BLOCK: Operator = Operator::Block { blockty: wasmparser::BlockType::Empty };

    fn of(operators: &[Operator]) -> Frame {
        frame(operators, |global| global == 0, true)
    }

    #[test]
    fn the_forms_of_clang_are_found() {
        let plain = [GET, SIZE, Operator::I32Sub, TEE, SET, NEW, SIZE, Operator::I32Add, SET];
        assert_eq!(of(&plain), Frame::Enlarged(vec![1, 6]));
        let kept = [GET, TEE, SIZE, Operator::I32Sub, TEE, SET, NEW, Operator::I32Eqz, NEW, SET];
        assert_eq!(of(&kept), Frame::Enlarged(vec![2]));
        let copied =
            [GET, SIZE, Operator::I32Sub, TEE, COPY, NEW, SET, NEW, SIZE, Operator::I32Add, SET];
        assert_eq!(of(&copied), Frame::Enlarged(vec![1, 8]));
    }

    #[test]
    fn a_pointer_that_is_only_kept_makes_room_for_a_frame() {
        let keep = Operator::LocalSet { local_index: 1 };
        assert_eq!(of(&[GET, keep.clone(), NEW, SET, Operator::End]), Frame::Restored);
        assert_eq!(of(&[GET, keep.clone(), COPY, SET, Operator::End]), Frame::AsItIs);
        assert_eq!(of(&[GET, keep.clone(), keep, NEW, SET, Operator::End]), Frame::AsItIs);
    }

    #[test]
    fn other_forms_are_left_alone() {
        let other = Operator::I32Const { value: 16 };
        let uneven = [GET, SIZE, Operator::I32Sub, TEE, SET, NEW, other, Operator::I32Add, SET];
        assert_eq!(of(&uneven), Frame::AsItIs);
        assert_eq!(of(&[GET, SIZE, Operator::I32Sub, TEE, SET, GET]), Frame::AsItIs);
        assert_eq!(of(&[SIZE, GET]), Frame::AsItIs);
    }

    #[test]
    fn a_frame_is_left_wherever_the_function_is() {
        assert_eq!(
            of(&[BLOCK, Operator::Return, Operator::End, Operator::End]),
            Frame::New(vec![1])
        );
        let leaves = [BLOCK, Operator::Br { relative_depth: 1 }, Operator::End, Operator::End];
        assert_eq!(of(&leaves), Frame::AsItIs);
    }
}
