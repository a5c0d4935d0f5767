//! Puts calls of our own into QuickJS's interpreter.
//!
//! Each call of a function of JavaScript is a call in C there, and a host's
//! native stack ends after some hundred of them. `calls.h` of the engine keeps
//! the frames of plain functions in memory instead, and `counts.h` leaves what
//! start-up made uncounted; their parts go to the places named here. A place is
//! text of the source that is found in it exactly once.

use std::path::Path;

use crate::report::{Code, Error, Result};

enum Where {
    Before,
    After,
}
use Where::{After, Before};

/// Memory for small values comes in pieces of one size each, of which a request
/// takes thirty: these lie on a quarter of the pages.
const ARENA: &str = "#undef JS_ARENA_SIZE\n#define JS_ARENA_SIZE 1024\n";

const PLACES: &[(Where, &str, &str)] = &[
    (After, "#define JS_ARENA_SIZE              4096\n", ARENA),
    (After, "#define JS_REF_COUNT(p) (js_rc(p)->ref_count)\n", "#include \"counts.h\"\n"),
    (After, "        b->u.block_idx = block_idx;\n", "b->ref_count = 0;\n"),
    (
        After,
        "    b = rt->mf.js_malloc(rt->malloc_state.opaque,\n                         sizeof(JSMallocBlockHeader) + size);\n    if (!b)\n        return NULL;\n",
        "b->ref_count = 0;\n",
    ),
    (Before, "static JSValue JS_CallInternal(JSContext *caller_ctx,", "#include \"calls.h\"\n"),
    (After, "JSStackFrame sf_s, *sf = &sf_s;\n", "ENGINE_CALL_VARIABLES\n"),
    (After, "has_call_argc:\n", "ENGINE_CALL(JS_UNDEFINED, 1)\nif (0) ENGINE_ENTER\n"),
    (
        Before,
        "ret_val = JS_CallInternal(ctx, call_argv[-1], call_argv[-2],",
        "ENGINE_CALL(call_argv[-2], 2)\n",
    ),
    (Before, "ret_val = JS_CallConstructorInternal(ctx, call_argv[-2],", "ENGINE_NEW\n"),
    (Before, "for(pval = local_buf; pval < sp; pval++) {", "ENGINE_LEAVE\n"),
];

/// The interpreter's source with our calls in it; `path` names it in errors.
///
/// # Errors
/// If it is not the source that is known.
pub fn splice(source: &str, path: &Path) -> Result<String> {
    let mut spliced = source.to_owned();
    for (side, anchor, inserted) in PLACES {
        let mut found = spliced.match_indices(anchor).map(|(at, _)| at);
        let (Some(at), None) = (found.next(), found.next()) else {
            return Err(Error::new(
                Code::ToolVersion,
                format!("{}: not as expected", path.display()),
            )
            .cause(format!("`{}` is not in it exactly once", anchor.trim_end()))
            .hint("`isospin setup javascript` installs the sources that work."));
        };
        match side {
            Before => spliced.insert_str(at, inserted),
            After => spliced.insert_str(at + anchor.len(), inserted),
        }
    }
    Ok(spliced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_must_be_there_once() {
        let source: String = PLACES.iter().map(|(_, anchor, _)| format!("{anchor}\n")).collect();
        let path = Path::new("quickjs.c");
        assert!(splice(&source, path).unwrap().contains("ENGINE_LEAVE\nfor(pval"));
        assert!(splice(&source.repeat(2), path).is_err());
        assert!(splice("int main;", path).unwrap_err().to_string().starts_with("quickjs.c"));
    }
}
