//! What to do about what the interpreter told.

use crate::language::Advice;
use crate::report::Code;

/// Modules of Python's own that are not in a component.
const ABSENT: &[&str] = &[
    "_bz2",
    "_ctypes",
    "_curses",
    "_dbm",
    "_hashlib",
    "_lzma",
    "_multiprocessing",
    "_posixsubprocess",
    "_ssl",
    "_tkinter",
    "_zstd",
    "fcntl",
    "grp",
    "pwd",
    "readline",
    "resource",
    "syslog",
    "termios",
    "tkinter",
];

/// The exceptions for code that does not compile.
const SYNTAX: &[&str] = &["SyntaxError: ", "IndentationError: ", "TabError: "];

/// The hint for the first thing in `told` that is known.
pub fn advice(told: &str) -> Option<Advice> {
    // ModuleNotFoundError: No module named 'flask.views'
    if let Some(name) = told.split("No module named '").nth(1) {
        let name = name.split('\'').next().unwrap_or_default();
        let package = name.split('.').next().unwrap_or(name);
        if ABSENT.contains(&package) {
            let text = format!(
                "`{package}` is a part of Python that needs the operating system or a library of its \
                 own, which a component has not: use `isospin.fetch` for requests, and packages that \
                 do without it."
            );
            return Some(Advice::on(Code::NeedsSystem, text));
        }
        let text = format!(
            "If `{package}` is a package, add a line `{package}` to requirements.txt in the component's folder."
        );
        return Some(Advice::on(Code::DependencyMissing, text));
    }
    // zoneinfo._common.ZoneInfoNotFoundError: 'No time zone found with key Europe/Berlin'
    if told.contains("No time zone found with key") {
        return Some(Advice::on(
            Code::DependencyMissing,
            "A component has no time zones of a system: add a line `tzdata` to requirements.txt in \
             the component's folder.",
        ));
    }
    // ImportError: the package `pydantic_core` needs native code (...)
    if told.contains("needs native code (`") {
        return Some(Advice::on(
            Code::NativeCode,
            "Components run everywhere because nothing in them is made for one machine. Flask, \
             Starlette, Jinja2 and most other packages in pure Python work.",
        ));
    }
    // OSError: [Errno 58] Not supported, from os.urandom
    if told.contains("Not supported") && (told.contains("secrets.py") || told.contains("urandom")) {
        return Some(
            "What stands outside of functions runs at build time: a secret that is made there \
             would be the same in every instance. Make it in the handler."
                .into(),
        );
    }
    // RuntimeError: the host cannot be called while the module is imported
    if told.contains("the host cannot be called while the module is imported") {
        return Some(Advice::on(
            Code::StartCallsOut,
            "What stands outside of functions runs once, when the component is built: move the call \
             into the handler.",
        ));
    }
    // handler.py, line 1: `handle` must take one argument, the request
    if ["`handle` must take one argument", "and cannot be called"]
        .iter()
        .any(|it| told.contains(it))
    {
        return Some(Advice::on(Code::HandlerShape, super::HINT));
    }
    if told.contains(" has no handler: write `async def handle(request)") {
        return Some(Advice::on(Code::HandlerMissing, super::HINT));
    }
    // SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xff in position 5
    if told.contains("'utf-8' codec can't decode byte") && told.contains("SyntaxError: ") {
        return Some(Advice::on(
            Code::SourceEncoding,
            "Sources are UTF-8: save the file in that encoding.",
        ));
    }
    // SyntaxError: expected ':'
    if SYNTAX.iter().any(|kind| told.contains(kind)) {
        return Some(Advice::on(
            Code::CompileFailed,
            "Correct the line that is shown: it is no valid Python 3.14.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn a_package_that_is_missing_is_named() {
        let told = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'flask.views'";
        assert!(advice(told).unwrap().text.contains("`flask` is a package"));
        assert!(advice("No module named '_ssl'").unwrap().text.contains("part of Python"));
        assert!(advice("handler.py, line 2\nSyntaxError: invalid syntax").is_some());
        assert_eq!(advice("ZeroDivisionError: division by zero"), None);
    }

    #[test]
    fn native_code_and_early_secrets_are_explained() {
        let told = "ImportError: the package `x` needs native code (`x._y`), which cannot run";
        assert!(advice(told).unwrap().text.contains("pure Python"));
        let told =
            "  File \"/lib/python3.14/secrets.py\", line 45\nOSError: [Errno 58] Not supported";
        assert!(advice(told).unwrap().text.contains("in the handler"));
    }
}
