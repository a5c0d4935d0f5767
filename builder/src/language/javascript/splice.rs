//! Puts parts of our own into QuickJS's interpreter and into the URL parser.
//!
//! Each call of a function of JavaScript is a call in C there, and a host's
//! native stack ends after some hundred of them. `calls.h` of the engine keeps
//! the frames of plain functions in memory instead. `counts.h` leaves what
//! start-up made uncounted. `compile.h` refuses to make code from strings once
//! start-up is over. Their parts go to the places named here. A place is text
//! of the source that is found in it exactly once.
//!
//! `url_parser.h` takes the place of what the URL parser knows of Unicode.

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

/// What is zero in most values stands where they begin, beside other zeros: these are
/// not stored in a component.
const WEAK: &str = "JSWeakRefRecord *first_weak_ref;\n";

const PLACES: &[(Where, &str, &str)] = &[
    (After, "#define JS_ARENA_SIZE              4096\n", ARENA),
    (After, "#define JS_REF_COUNT(p) (js_rc(p)->ref_count)\n", "#include \"counts.h\"\n"),
    (After, "        b->u.block_idx = block_idx;\n", "ENGINE_NO_VALUE\n"),
    (
        After,
        "    b = rt->mf.js_malloc(rt->malloc_state.opaque,\n                         sizeof(JSMallocBlockHeader) + size);\n    if (!b)\n        return NULL;\n",
        "ENGINE_NO_VALUE\n",
    ),
    (Before, "    if (unlikely(b->u.block_idx == JS_ARENA_FREE_NIL)) {\n", "ENGINE_FREE\n"),
    (
        Before,
        "        return arena_block_sizes[b->block_size_idx] - sizeof(",
        "ENGINE_USABLE_SIZE\n",
    ),
    (
        After,
        "arena_block_sizes[b->block_size_idx];\n        size_t total_size, old_usable;\n",
        "ENGINE_BLOCK_SIZE\n",
    ),
    (After, "            nb->ref_count = b->ref_count;\n", "ENGINE_MOVED\n"),
    (Before, "    uint8_t is_detached;\n", "//"),
    (After, "    uint8_t is_coro;\n", "uint8_t is_detached;\n"),
    (Before, "    uint32_t len : 31;\n", WEAK),
    (Before, "    JSWeakRefRecord *first_weak_ref;\n#ifdef ENABLE_DUMPS", "//"),
    (Before, "    uint8_t is_prototype : 1; /*", WEAK),
    (Before, "    JSWeakRefRecord *first_weak_ref;\n    /* byte offsets: 28/48 */", "//"),
    (Before, "typedef struct JSFunctionBytecode {\n", "#include \"layout.h\"\n#if 0\n"),
    (After, "} JSFunctionBytecode;\n", "#endif\n"),
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
    (Before, "int JS_AddIntrinsicEval(JSContext *ctx)\n", "#include \"compile.h\"\n"),
    (After, "    ctx->eval_internal = ", "engine_compile; (void)"),
    (
        Before,
        "static JSAutoInitFunc *const js_autoinit_func_table[] = {",
        "#include \"builtins.h\"\n",
    ),
    (Before, "js_bytecode_autoinit, /* JS_AUTOINIT_ID_BYTECODE */", "engine_make_builtin, // "),
    // What runs for every operation of a script stands before this; source_map.c ends it.
    (
        Before,
        "/* JS parser */\n",
        "#pragma clang attribute push(__attribute__((minsize)), apply_to = function)\n",
    ),
];

/// Parts of the URL parser: where each begins, where it ends, and what is put there.
const PARTS: &[(&str, &str, &str)] = &[
    (
        "/* begin file src/mapping.cpp */",
        "/* end file src/normalization.cpp */",
        "#include \"url_parser.h\"\n",
    ),
    ("/* begin file src/validity.cpp */", "/* end file src/validity.cpp */", ""),
    ("/* begin file src/identifier.cpp */", "/* end file src/identifier.cpp */", ""),
];

/// The URL parser's source with our parts in it; `path` names it in errors.
///
/// # Errors
/// If it is not the source that is known.
pub fn replace(source: &str, path: &Path) -> Result<String> {
    let mut replaced = source.to_owned();
    for (first, last, put) in PARTS {
        let (from, to) = (find(&replaced, path, first)?, find(&replaced, path, last)?);
        if from > to {
            return Err(unknown(path, &format!("`{last}` is before `{first}`")));
        }
        replaced.replace_range(from..to, put);
    }
    Ok(replaced)
}

/// The interpreter's source with our calls in it; `path` names it in errors.
///
/// # Errors
/// If it is not the source that is known.
pub fn splice(source: &str, path: &Path) -> Result<String> {
    let mut spliced = source.to_owned();
    for (side, anchor, inserted) in PLACES {
        let at = find(&spliced, path, anchor)?;
        match side {
            Before => spliced.insert_str(at, inserted),
            After => spliced.insert_str(at + anchor.len(), inserted),
        }
    }
    Ok(spliced)
}

/// Where something is that must be there once.
fn find(source: &str, path: &Path, anchor: &str) -> Result<usize> {
    let mut found = source.match_indices(anchor).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        _ => Err(unknown(path, &format!("`{}` is not in it exactly once", anchor.trim_end()))),
    }
}

fn unknown(path: &Path, cause: &str) -> Error {
    Error::new(Code::ToolUnexpected, format!("{}: not as expected", path.display()))
        .cause(cause)
        .hint("`isospin setup javascript` installs the sources that work.")
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

    #[test]
    fn every_part_must_be_there_once() {
        let part = |(first, last, _): &(&str, &str, &str)| format!("{first}\nold\n{last}\nnext\n");
        let source: String = PARTS.iter().map(part).collect();
        let path = Path::new("ada.cpp");
        let replaced = replace(&source, path).unwrap();
        assert!(
            !replaced.contains("old") && replaced.contains("#include \"url_parser.h\"\n/* end")
        );
        assert!(replace(&source.repeat(2), path).is_err());
        let backwards: String =
            PARTS.iter().map(|(first, last, _)| format!("{last}\n{first}\n")).collect();
        assert!(replace(&backwards, path).unwrap_err().to_string().starts_with("ada.cpp"));
    }
}
