//! What `zig cc` prints, matched to advice. Every row has a real sample beside it.

use crate::language::Advice;
use crate::language::advice::{Row, ZIG_CACHE, first};
use crate::report::Code;

/// What a handler looks like.
pub const HANDLER: &str = "\
Define the handler in one of its .c files (in C++ too; the header declares it `extern \"C\"`):

    #include <isospin.h>

    void isospin_handle(isospin_request *request, isospin_response *response) {
      isospin_respond_text(response, 200, \"Hello from Isospin!\\n\");
    }";

const MAIN: &str = "\
A handler has no `main`: the host calls `isospin_handle` for each request.";

const TWICE: &str = "\
All .c, .cc and .cpp files of the component's folder are compiled into one module. Make one of \
the two definitions `static`, or give it another name.";

const HEADER: &str = "\
Headers are looked for in the file's own folder, in `include/` of the component's folder and in \
the C library for WASI, which has no threads, sockets or processes. Name other folders in \
`compile_flags.txt`, one flag to a line: -I../shared";

const UNDEFINED: &str = "\
No file of the component defines it. All .c, .cc and .cpp files of the component's folder are \
compiled; the C library for WASI has no threads, sockets, processes or signals.";

const EXCEPTIONS: &str = "\
C++ exceptions are not to be had in WebAssembly here: report failures with `isospin_fail` or with \
values.";

const ROWS: &[Row] = &[
    ZIG_CACHE,
    // wasm-ld: error: lc/o/1e8abb/entry.o: undefined symbol: isospin_handle
    (&["undefined symbol: isospin_handle"], Some(Code::HandlerMissing), HANDLER),
    // handler.c:3:6: error: conflicting types for 'isospin_handle'
    (&["error: conflicting types for 'isospin_handle'"], Some(Code::HandlerShape), HANDLER),
    // wasm-ld: error: duplicate symbol: isospin_handle
    (&["error: duplicate symbol: "], None, TWICE),
    // handler.c:1:10: fatal error: 'zlib.h' file not found
    (&["fatal error: '", "' file not found"], Some(Code::DependencyMissing), HEADER),
    // handler.cc:9:17: error: cannot use 'throw' with exceptions disabled
    (&["error: cannot use '", "' with exceptions disabled"], None, EXCEPTIONS),
    // wasm-ld: error: lc/o/e2aa91/main.o: undefined symbol: __main_argc_argv
    (&["undefined symbol: __main_"], Some(Code::HandlerMissing), MAIN),
    // wasm-ld: error: lc/o/9aa1c0/handler.o: undefined symbol: deflate
    (&["error: ", "undefined symbol: "], None, UNDEFINED),
];

/// Whether the linker looked for a handler in vain.
pub fn lacks_handler(printed: &str) -> bool {
    printed.contains("undefined symbol: isospin_handle")
}

/// Advice on what the compiler printed, if any is known.
pub fn advice(printed: &str) -> Option<Advice> {
    first(ROWS, printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_the_compiler_get_their_advice() {
        let samples = [
            ("wasm-ld: error: o/1e8a/entry.o: undefined symbol: isospin_handle", HANDLER),
            ("handler.c:1:10: fatal error: 'zlib.h' file not found", HEADER),
            ("wasm-ld: error: duplicate symbol: isospin_handle", TWICE),
            ("wasm-ld: error: o/9aa1/handler.o: undefined symbol: deflate", UNDEFINED),
            ("a.cc:9:17: error: cannot use 'throw' with exceptions disabled", EXCEPTIONS),
        ];
        for (printed, expected) in samples {
            assert_eq!(advice(printed).unwrap().text, expected, "{printed}");
        }
    }

    #[test]
    fn an_ordinary_mistake_gets_none() {
        assert_eq!(advice("handler.c:7:9: error: expected expression"), None);
    }
}
