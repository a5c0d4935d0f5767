//! Blocks of memory, as C and Rust ask for them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::ptr::null_mut;

unsafe extern "C" {
    fn malloc(size: usize) -> *mut u8;
    fn calloc(count: usize, size: usize) -> *mut u8;
    fn realloc(block: *mut u8, size: usize) -> *mut u8;
    fn free(block: *mut u8);
    fn aligned_alloc(alignment: usize, size: usize) -> *mut u8;
    fn posix_memalign(block: *mut *mut u8, alignment: usize, size: usize) -> i32;
    fn malloc_usable_size(block: *mut u8) -> usize;
}

/// Bytes of the whole memory.
fn memory() -> usize {
    core::arch::wasm32::memory_size(0) << 16
}

pub fn are_as_c_has_them() {
    // SAFETY: all blocks are used as large as they are, and freed once.
    unsafe {
        free(null_mut());
        let [one, other] = black_box([malloc(0), malloc(0)]);
        assert!(!one.is_null() && one != other);
        free(one);
        free(other);

        let dirty = realloc(null_mut(), 1000);
        assert!(dirty.addr() % 16 == 0 && malloc_usable_size(dirty) >= 1000);
        dirty.write_bytes(0xff, 1000);
        free(dirty);
        let zeroed = calloc(10, 100);
        assert!((0..1000).all(|index| zeroed.add(index).read() == 0));
        free(zeroed);

        for alignment in (0..13).map(|power| 1 << power) {
            let block = aligned_alloc(alignment, 100);
            assert_eq!(block.addr() % alignment, 0);
            block.write_bytes(7, 100);
            let larger = realloc(block, 5000);
            assert!((0..100).all(|index| larger.add(index).read() == 7));
            free(larger);
        }
        let mut block = null_mut();
        assert_eq!(posix_memalign(&mut block, 256, 1), 0);
        assert!(!block.is_null() && block.addr() % 256 == 0);
        free(block);
        assert_ne!(posix_memalign(&mut block, 24, 1), 0);
        assert!(aligned_alloc(24, 1).is_null());

        let before = memory();
        for size in [usize::MAX, usize::MAX - 16, isize::MAX as usize] {
            // A block that nobody looks at is one that a compiler may leave out.
            let blocks = black_box([malloc(size), calloc(2, size)]);
            assert_eq!(blocks, [null_mut(); 2]);
        }
        assert_eq!(memory(), before);
    }
}

pub fn are_joined_when_freed() {
    const COUNT: usize = 1000;
    let pieces: Vec<Vec<u8>> = (0..COUNT).map(|_| vec![1; 1024]).collect();
    let before = memory();
    // Every second one first, so that there are gaps to be joined.
    let (even, odd): (Vec<_>, Vec<_>) =
        pieces.into_iter().enumerate().partition(|(index, _)| index % 2 == 0);
    drop(even);
    drop(odd);
    drop(black_box(vec![1_u8; COUNT * 1000]));
    assert_eq!(memory(), before);
}

/// A block that is filled with one byte.
struct Block {
    start: *mut u8,
    layout: Layout,
    fill: u8,
}

impl Block {
    fn new(random: u32) -> Block {
        let size = 1 + (random >> 8) as usize % 10_000;
        let layout = Layout::from_size_align(size, 1 << (random % 8)).expect("it is small");
        // SAFETY: it has a size, and is as large as it says.
        let start = unsafe { System.alloc(layout) };
        assert!(!start.is_null() && start.addr() % layout.align() == 0);
        let block = Block { start, layout, fill: random as u8 };
        unsafe { start.write_bytes(block.fill, size) };
        block
    }

    fn resize(&mut self, size: usize) {
        // SAFETY: the block is the system's, and the bytes that are looked at are in it.
        unsafe {
            self.start = System.realloc(self.start, self.layout, size);
            let kept = size.min(self.layout.size());
            self.layout = Layout::from_size_align(size, self.layout.align()).expect("it is small");
            assert!((0..kept).all(|index| self.start.add(index).read() == self.fill));
            self.start.write_bytes(self.fill, size);
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: as above.
        unsafe {
            assert!((0..self.layout.size()).all(|at| self.start.add(at).read() == self.fill));
            System.dealloc(self.start, self.layout);
        }
    }
}

/// Many steps with 200 blocks of 5 KB on average; in the end, memory is at most
/// four times as large as all of them.
pub fn keep_what_is_in_them() {
    let before = memory();
    let mut random = 1_u32;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        random
    };
    let mut blocks: Vec<Block> = (0..200).map(|_| Block::new(next())).collect();
    for _ in 0..20_000 {
        let index = next() as usize % blocks.len();
        match next() % 3 {
            0 => blocks[index].resize(1 + next() as usize % 10_000),
            _ => blocks[index] = Block::new(next()),
        }
    }
    assert!(memory() - before < 4_000_000, "{} bytes came on top", memory() - before);
}
