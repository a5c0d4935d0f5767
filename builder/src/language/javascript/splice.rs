//! Puts calls of our own into QuickJS's interpreter.
//!
//! Each call of a function of JavaScript is a call in C there, and a host's
//! native stack ends after some hundred of them. `calls.h` of the engine keeps
//! the frames of plain functions in memory instead; its macros go to the six
//! places named here. A place is one line of the source, found exactly once.

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
                Code::ToolUnexpected,
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
