use std::hint::black_box;

#[inline(never)]
pub fn divide(all: u32, by: u32) -> u32 {
    all / by // crashes: /divide
}

#[inline(never)]
#[expect(unconditional_recursion, reason = "that is what the path is for")]
pub fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 16]);
    recurse(depth + 1) + frame[0] // crashes: /recurse
}

#[inline(never)]
pub fn endless() {
    loop {
        black_box(()); // crashes: /endless
    }
}

#[inline(never)]
pub fn first(numbers: &[u32]) -> u32 {
    *numbers.first().expect("there is one") // crashes: /empty
}
