//! Puts what the SDK has in place of the C library through its paces. A check
//! that fails panics, and so the answer is 500. The app has a global allocator
//! of its own, as apps may.

mod blocks;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use isospin::{IntoResponse, Request, Result};

/// Counts what it gives out.
struct Counting(AtomicUsize);

#[global_allocator]
static ALLOCATOR: Counting = Counting(AtomicUsize::new(0));

// SAFETY: it is the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.0.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

#[isospin::handler]
async fn handle(_request: Request) -> Result<impl IntoResponse> {
    blocks::are_as_c_has_them();
    blocks::are_joined_when_freed();
    blocks::keep_what_is_in_them();
    variables_are_those_that_were_set();
    assert_eq!(std::env::current_dir()?, std::path::Path::new("/"));
    let counted = ALLOCATOR.0.load(Ordering::Relaxed);
    drop(std::hint::black_box(vec![1_u8; 100]));
    assert!(ALLOCATOR.0.load(Ordering::Relaxed) > counted);
    Ok("all is well\n")
}

fn variables_are_those_that_were_set() {
    assert_eq!(std::env::var_os("RUST_BACKTRACE"), None);
    // SAFETY: a component has one thread.
    unsafe { std::env::set_var("COLOUR", "blue") };
    assert_eq!(std::env::var("COLOUR").as_deref(), Ok("blue"));
    assert_eq!(std::env::var_os("COLO"), None);
    unsafe { std::env::remove_var("COLOUR") };
    assert_eq!(std::env::var_os("COLOUR"), None);
}
