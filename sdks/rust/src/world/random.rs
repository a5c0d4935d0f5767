//! `random_get` of preview 1, under the name by which the standard library in
//! use imports it (see `build.rs`). Hash maps want randomness in every
//! component. Where the compiler sees that this never fails, it leaves out what
//! formats errors of preview 1: the texts of all 77 and what shows a string,
//! a tenth of a small component.

#[unsafe(export_name = env!("ISOSPIN_RANDOM_GET"))]
unsafe extern "C" fn random_get(start: i32, length: i32) -> i32 {
    let start = std::ptr::with_exposed_provenance_mut(start as u32 as usize);
    // SAFETY: `std` gives the bounds of its own memory.
    unsafe { super::surroundings::fill_randomly(start, length as u32 as usize) };
    0
}
