//! Python: the handler is imported at build time, inside CPython.
//!
//! The interpreter, the C library and our glue are linked into one core module
//! (`component::link`), which is started with the sources in memory.

mod advice;
mod cpython;
mod data;
mod native;
mod pack;
mod packages;
mod runtime;
mod start;

use std::path::Path;

use super::{Advice, Code, Compiled, Context, Cost, GeneratedFile, Language};
use crate::component::World;
use crate::files;
use crate::report::{Code as ErrorCode, Error, Result};
use crate::toolchain::{COMPONENTIZE_PY, PIP, Tool, ZIG};

pub struct Python;

static TOOLS: &[&Tool] = &[&ZIG, &COMPONENTIZE_PY, &PIP];

/// Where the interpreter finds the component's own files.
const FOLDER: &str = "/app";

/// Where the handler may be, relative to the component's folder.
const HANDLERS: &[&str] = &["handler.py", "app.py", "main.py", "src/handler.py"];

impl Language for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn title(&self) -> &'static str {
        "Python"
    }

    fn detect(&self, dir: &Path) -> bool {
        handler(dir).is_some()
    }

    fn detected_by(&self) -> &'static str {
        "handler.py, app.py, main.py or src/handler.py"
    }

    fn tools(&self) -> &'static [&'static Tool] {
        TOOLS
    }

    fn bindings(&self, world: &World) -> Result<Vec<GeneratedFile>> {
        super::c_bindings(world)
    }

    fn compile(&self, cx: &Context) -> Result<Compiled> {
        let handler = handler(&cx.component.path).ok_or_else(|| no_handler(cx))?;
        let cpython = cpython::prepare(cx)?;
        let runtime = runtime::prepare(cx, &cpython)?;
        let packages = packages::install(cx)?;
        let startup = start::startup(cx, &cpython, &runtime, &packages, handler)?;
        let code = Code::Unstarted(files::read(&runtime)?, startup);
        Ok(Compiled { code, inputs: packages.inputs })
    }

    /// The interpreter sees the component's folder as [`FOLDER`].
    fn translate_trace(&self, cx: &Context, told: &str) -> String {
        told.replace(&format!("{FOLDER}/"), &format!("{}/", cx.component.path.display()))
    }

    fn variables(&self) -> &'static [&'static str] {
        &["PIP_"]
    }

    fn cost(&self) -> Cost {
        Cost::new(320, 12)
    }

    fn explain(&self, printed: &str) -> Option<Advice> {
        advice::advice(printed)
    }

    fn ignored_folders(&self) -> &'static [&'static str] {
        &["__pycache__", ".venv", "venv", "tests"]
    }

    /// The SDK, and packages that templates use.
    fn reserved_names(&self) -> &'static [&'static str] {
        &["isospin", "starlette"]
    }
}

const HINT: &str = "Write `handler.py`: `import isospin`, and `async def handle(request): return isospin.Response(\"hello\")`.";

fn handler(folder: &Path) -> Option<&'static str> {
    HANDLERS.iter().copied().find(|file| folder.join(file).is_file())
}

fn no_handler(cx: &Context) -> Error {
    let path = cx.component.path.display();
    Error::new(ErrorCode::HandlerMissing, format!("{path}: there is no handler in it"))
        .cause(format!("none of {} is there", HANDLERS.join(", ")))
        .hint(HINT)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
