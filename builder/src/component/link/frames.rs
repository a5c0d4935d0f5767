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

/// The places, among a function's operators, of the constants by which it moves
/// the stack pointer; none if it does not do so in the ways that clang does:
///
/// ```text
/// global.get $sp (local.tee $old)? i32.const SIZE i32.sub local.tee $new global.set $sp ...
/// local.get $new i32.const SIZE i32.add global.set $sp
/// local.get $old global.set $sp
/// ```
pub fn frame_sizes(operators: &[Operator], is_stack_pointer: impl Fn(u32) -> bool) -> Vec<usize> {
    let gets = |at: usize| matches!(operators.get(at), Some(Operator::GlobalGet { global_index }) if is_stack_pointer(*global_index));
    let sets = |operator: &Operator| matches!(operator, Operator::GlobalSet { global_index } if is_stack_pointer(*global_index));
    if !gets(0) {
        return Vec::new();
    }
    let first = if matches!(operators.get(1), Some(Operator::LocalTee { .. })) { 2 } else { 1 };
    let [Operator::I32Const { value: size }, Operator::I32Sub, Operator::LocalTee { .. }, set] =
        operators.get(first..first + 4).unwrap_or_default()
    else {
        return Vec::new();
    };
    if !sets(set) || *size < 0 {
        return Vec::new();
    }
    let mut places = vec![first];
    for at in first + 4..operators.len() {
        if gets(at) {
            return Vec::new();
        }
        if !sets(&operators[at]) {
            continue;
        }
        match &operators[at - 3..at] {
            [Operator::LocalGet { .. }, Operator::I32Const { value }, Operator::I32Add]
                if value == size =>
            {
                places.push(at - 2);
            }
            [.., Operator::LocalGet { .. }] if first == 2 => {}
            _ => return Vec::new(),
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Operator = Operator::GlobalGet { global_index: 0 };
    const SET: Operator = Operator::GlobalSet { global_index: 0 };
    const NEW: Operator = Operator::LocalGet { local_index: 1 };
    const TEE: Operator = Operator::LocalTee { local_index: 1 };
    const SIZE: Operator = Operator::I32Const { value: 32 };

    fn places(operators: &[Operator]) -> Vec<usize> {
        frame_sizes(operators, |global| global == 0)
    }

    #[test]
    fn both_forms_are_found() {
        let plain = [GET, SIZE, Operator::I32Sub, TEE, SET, NEW, SIZE, Operator::I32Add, SET];
        assert_eq!(places(&plain), [1, 6]);
        let kept = [GET, TEE, SIZE, Operator::I32Sub, TEE, SET, NEW, Operator::I32Eqz, NEW, SET];
        assert_eq!(places(&kept), [2]);
    }

    #[test]
    fn other_forms_are_left_alone() {
        let other = Operator::I32Const { value: 16 };
        let uneven = [GET, SIZE, Operator::I32Sub, TEE, SET, NEW, other, Operator::I32Add, SET];
        assert!(places(&uneven).is_empty());
        assert!(places(&[GET, SIZE, Operator::I32Sub, TEE, SET, GET]).is_empty());
        assert!(places(&[SIZE, GET]).is_empty());
    }
}
