//! Variables as C asks for them. The standard library does so where it would
//! show a backtrace; answered by the C library, that is a fiftieth of a small
//! component.
//!
//! The builder drops this function's export. What stands here must be alone in
//! its object file of wasi-libc: a link that needs a neighbour of it has it twice.

use std::ffi::{CStr, c_char};
use std::ptr::null_mut;

unsafe extern "C" {
    /// wasi-libc's own: the variables that the program has set, ended by null.
    static mut __wasilibc_environ: *const *mut c_char;
}

/// What [`__wasilibc_environ`] is until a variable is set.
const NOT_YET: usize = usize::MAX;

/// A variable that the program itself has set. The component's own come through
/// `isospin::environment` alone, so there is nothing to ask the world for.
#[unsafe(no_mangle)]
unsafe extern "C" fn getenv(name: *const c_char) -> *mut c_char {
    // SAFETY: a component has one thread, the caller gives a string of C, and
    // the C library keeps a list of such strings.
    unsafe {
        let mut entry = __wasilibc_environ;
        if entry.is_null() || entry.addr() == NOT_YET {
            return null_mut();
        }
        let name = CStr::from_ptr(name).to_bytes();
        while !(*entry).is_null() {
            let variable = CStr::from_ptr(*entry).to_bytes();
            if variable.strip_prefix(name).is_some_and(|rest| rest.starts_with(b"=")) {
                return (*entry).add(name.len() + 1);
            }
            entry = entry.add(1);
        }
        null_mut()
    }
}
