//! What C calls the surroundings of a process, as a component has them. The
//! standard library asks for them where it would show a backtrace; answered by
//! the C library, that is a fortieth of a small component.
//!
//! The builder drops these functions' exports, and those that nobody calls.

use std::ffi::{CStr, c_char};
use std::ptr::null_mut;

unsafe extern "C" {
    /// wasi-libc's own: the variables that the program has set, ended by null.
    static mut __wasilibc_environ: *const *mut c_char;
    fn __errno_location() -> *mut i32;
    fn malloc(size: usize) -> *mut c_char;
}

/// What [`__wasilibc_environ`] is until a variable is set.
const NOT_YET: usize = usize::MAX;

/// `ERANGE`
const TOO_SMALL: i32 = 68;

/// No folder was opened beforehand, and so none can be entered.
const FOLDER: &CStr = c"/";

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

#[unsafe(no_mangle)]
unsafe extern "C" fn getcwd(buffer: *mut c_char, size: usize) -> *mut c_char {
    let length = FOLDER.count_bytes() + 1;
    // SAFETY: the caller's buffer has this size, as has what `malloc` gives.
    unsafe {
        let buffer = match buffer.is_null() {
            true => malloc(length),
            false if size < length => {
                *__errno_location() = TOO_SMALL;
                null_mut()
            }
            false => buffer,
        };
        if !buffer.is_null() {
            buffer.copy_from_nonoverlapping(FOLDER.as_ptr(), length);
        }
        buffer
    }
}
