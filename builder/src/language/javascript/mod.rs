//! JavaScript and TypeScript: the handler is bundled, and started at build time
//! inside an engine that is compiled once.

mod advice;
mod bundle;
mod check;
mod cryptography;
mod encodings;
mod engine;
mod source_map;
mod splice;
mod trace;

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Advice, Code, Compiled, Context, Cost, GeneratedFile, Language, c_bindings};
use crate::component::{Startup, World};
use crate::files;
use crate::report::Result;
use crate::toolchain::{ADA, ESBUILD, QUICKJS, TYPESCRIPT, Tool, WEB_STREAMS, ZIG};

pub struct JavaScript;

static TOOLS: &[&Tool] = &[&ZIG, &QUICKJS, &ADA, &ESBUILD, &WEB_STREAMS, &TYPESCRIPT];

/// Longer than any honest start-up, shorter than a person's patience.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Where the handler may be, relative to the component's folder.
const HANDLERS: &[&str] = &[
    "handler.ts",
    "handler.tsx",
    "handler.js",
    "handler.jsx",
    "handler.mjs",
    "src/index.ts",
    "src/index.tsx",
    "src/index.js",
    "index.ts",
    "index.tsx",
    "index.js",
];

impl Language for JavaScript {
    fn name(&self) -> &'static str {
        "javascript"
    }

    fn title(&self) -> &'static str {
        "JavaScript"
    }

    fn detect(&self, dir: &Path) -> bool {
        handler(dir).is_some()
    }

    fn detected_by(&self) -> &'static str {
        "handler.ts, handler.js, src/index.ts, src/index.js, index.ts or index.js"
    }

    fn tools(&self) -> &'static [&'static Tool] {
        TOOLS
    }

    fn bindings(&self, world: &World) -> Result<Vec<GeneratedFile>> {
        c_bindings(world)
    }

    fn compile(&self, cx: &Context) -> Result<Compiled> {
        let (types, bundle) = std::thread::scope(|scope| {
            let types = scope.spawn(|| check::check(cx));
            let bundle = bundle::bundle(cx);
            (types.join(), bundle)
        });
        // What does not parse is told by both; the bundler shows the line.
        let bundle = bundle?;
        types.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        let (engine, prelude) = {
            let source = String::from_utf8_lossy(&bundle.source);
            let engine = engine::prepare(cx, cryptography::is_named(&source))?;
            (engine, engine::prelude(cx, &source)?)
        };
        let map = source_map::encode(&source_map::read(cx)?, cx);
        let startup = Startup {
            function: "isospin-prepare",
            limit: START_LIMIT,
            given: vec![prelude, bundle.source, map],
            native: Some(engine.with_extension("cwasm")),
        };
        Ok(Compiled {
            code: Code::Unstarted(files::read(&engine)?, startup),
            inputs: bundle.inputs,
        })
    }

    fn translate_trace(&self, cx: &Context, told: &str) -> String {
        trace::translate(cx, told)
    }

    fn surroundings(&self, component: &Path) -> Vec<PathBuf> {
        let names = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.base.json"];
        super::above(component, &names)
    }

    fn variables(&self) -> &'static [&'static str] {
        &["NODE_PATH"]
    }

    fn cost(&self) -> Cost {
        Cost::new(550, 60)
    }

    fn explain(&self, printed: &str) -> Option<Advice> {
        advice::advice(printed)
    }

    fn ignored_folders(&self) -> &'static [&'static str] {
        &["node_modules"]
    }

    /// What npm does not take, and packages that templates use.
    fn reserved_names(&self) -> &'static [&'static str] {
        &["favicon-ico", "hono", "node-modules"]
    }
}

fn handler(folder: &Path) -> Option<&'static str> {
    HANDLERS.iter().copied().find(|file| folder.join(file).is_file())
}
