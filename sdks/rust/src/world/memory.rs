//! The C library's allocator, small: that of wasi-libc is a tenth of a small
//! component. What Rust's `System` gives out comes from here too, so that an
//! app may still choose a `#[global_allocator]` of its own.
//!
//! The builder drops these functions' exports, and those that nobody calls.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::ptr::{NonNull, null_mut, with_exposed_provenance_mut};

use talc::base::Talc;
use talc::base::binning::Binning;
use talc::cell::TalcSyncCell;
use talc::source::Source;
use talc::wasm::WasmBinning;

static MEMORY: TalcSyncCell<Upwards, WasmBinning> = TalcSyncCell::new_wasm(Upwards { end: None });

/// Takes memory from the end of the module's own data upwards. That of `talc`
/// grows at the first allocation, which takes a fresh instance longer than all
/// that a small handler does.
#[derive(Debug)]
struct Upwards {
    /// Where the memory that was taken last ends.
    end: Option<NonNull<u8>>,
}

unsafe extern "C" {
    /// The linker's: what lies from here to the end of the memory is free.
    static mut __heap_base: u8;
}

// SAFETY: it allocates nothing itself.
unsafe impl Source for Upwards {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        // SAFETY: nobody else uses memory from `__heap_base` on, and what the
        // memory grew by is its grower's.
        unsafe {
            if talc.source.end.is_none() {
                let begin = &raw mut __heap_base;
                let size = memory_size(0) * PAGE - begin.addr();
                talc.source.end = talc.claim(begin, size);
                if talc.source.end.is_some() {
                    return Ok(());
                }
            }
            let size = layout.size().checked_add(layout.align() + ROOM).ok_or(())?;
            let pages = size.div_ceil(PAGE);
            let first = memory_grow(0, pages);
            if first == usize::MAX {
                return Err(());
            }
            let begin: *mut u8 = with_exposed_provenance_mut(first * PAGE);
            talc.source.end = match talc.source.end {
                Some(end) if end.as_ptr() == begin => {
                    Some(talc.extend(end, begin.wrapping_add(pages * PAGE)))
                }
                _ => talc.claim(begin, pages * PAGE),
            };
            talc.source.end.map(drop).ok_or(())
        }
    }
}

/// More than the allocator itself needs of new memory.
const ROOM: usize = 1024;

/// What C promises of any pointer that `malloc` gives: room for a `long double`.
const ALIGNMENT: usize = 16;

/// What WebAssembly's memory consists of.
const PAGE: usize = 64 * 1024;

/// `EINVAL`
const INVALID: i32 = 28;
/// `ENOMEM`
const NO_MEMORY: i32 = 48;

/// Lies directly before each block: C does not say what it gives back. As many
/// bytes as the block's alignment are kept free for it.
#[derive(Clone, Copy)]
#[repr(C)]
struct Header {
    size: usize,
    alignment: usize,
}

impl Header {
    /// # Safety
    /// The block must come from [`allocate`].
    unsafe fn of(block: *mut u8) -> Header {
        // SAFETY: the caller's.
        unsafe { block.cast::<Header>().sub(1).read() }
    }

    /// Of the block with what lies before it; none if there is no such memory.
    fn layout(self) -> Option<Layout> {
        let size = self.size.checked_add(self.alignment)?;
        Layout::from_size_align(size, self.alignment).ok()
    }

    /// Makes a block of memory with this layout, which may be null.
    ///
    /// # Safety
    /// The memory is not used otherwise.
    unsafe fn put(self, memory: *mut u8) -> *mut u8 {
        if memory.is_null() {
            return memory;
        }
        // SAFETY: `layout` has room for it.
        unsafe {
            let block = memory.add(self.alignment);
            block.cast::<Header>().sub(1).write(self);
            block
        }
    }
}

/// A block of this size; null if there is none. The alignment is a power of two.
fn allocate(size: usize, alignment: usize) -> *mut u8 {
    let header = Header { size, alignment: alignment.max(ALIGNMENT) };
    match header.layout() {
        // SAFETY: a layout has a size, for its header.
        Some(layout) => unsafe { header.put(MEMORY.alloc(layout)) },
        None => null_mut(),
    }
}

#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut u8 {
    allocate(size, ALIGNMENT)
}

#[unsafe(no_mangle)]
extern "C" fn calloc(count: usize, size: usize) -> *mut u8 {
    let Some(size) = count.checked_mul(size) else {
        return null_mut();
    };
    let block = allocate(size, ALIGNMENT);
    if !block.is_null() {
        // SAFETY: it has this size.
        unsafe { block.write_bytes(0, size) };
    }
    block
}

#[unsafe(no_mangle)]
unsafe extern "C" fn free(block: *mut u8) {
    if block.is_null() {
        return;
    }
    // SAFETY: the caller gives back what it got here.
    unsafe {
        let header = Header::of(block);
        if let Some(layout) = header.layout() {
            MEMORY.dealloc(block.sub(header.alignment), layout);
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(block: *mut u8, size: usize) -> *mut u8 {
    if block.is_null() {
        return malloc(size);
    }
    // SAFETY: the caller gives what it got here.
    unsafe {
        let old = Header::of(block);
        let new = Header { size, ..old };
        match (old.layout(), new.layout()) {
            (Some(from), Some(to)) => {
                new.put(MEMORY.realloc(block.sub(old.alignment), from, to.size()))
            }
            _ => null_mut(),
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn reallocarray(block: *mut u8, count: usize, size: usize) -> *mut u8 {
    match count.checked_mul(size) {
        // SAFETY: the caller's.
        Some(size) => unsafe { realloc(block, size) },
        None => null_mut(),
    }
}

#[unsafe(no_mangle)]
extern "C" fn memalign(alignment: usize, size: usize) -> *mut u8 {
    aligned_alloc(alignment, size)
}

#[unsafe(no_mangle)]
extern "C" fn valloc(size: usize) -> *mut u8 {
    aligned_alloc(PAGE, size)
}

#[unsafe(no_mangle)]
extern "C" fn aligned_alloc(alignment: usize, size: usize) -> *mut u8 {
    if alignment.is_power_of_two() { allocate(size, alignment) } else { null_mut() }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(block: *mut *mut u8, alignment: usize, size: usize) -> i32 {
    if !alignment.is_power_of_two() || alignment < size_of::<usize>() {
        return INVALID;
    }
    let allocated = allocate(size, alignment);
    if allocated.is_null() {
        return NO_MEMORY;
    }
    // SAFETY: the caller wants it there.
    unsafe { *block = allocated };
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn malloc_usable_size(block: *mut u8) -> usize {
    // SAFETY: the caller got it here.
    if block.is_null() { 0 } else { unsafe { Header::of(block).size } }
}
