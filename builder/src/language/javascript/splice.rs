//! Puts parts of our own into QuickJS's interpreter.
//!
//! Each call of a function of JavaScript is a call in C there, and a host's
//! native stack ends after some hundred of them. `calls.h` of the engine keeps
//! the frames of plain functions in memory instead. `compile.h` refuses to make
//! code from strings once start-up is over. What they need goes to the places
//! named here. A place is one line of the source, found exactly once.

use std::path::Path;

use crate::report::{Code, Error, Result};

enum Where {
    Before,
    After,
}
use Where::{After, Before};

const PLACES: &[(Where, &str, &str)] = &[
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
];

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
    Error::new(Code::ToolVersion, format!("{}: not as expected", path.display()))
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
}
