//! From a component's bytes to code that is ready to be instantiated.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use wasmparser::{Encoding, Parser, Payload};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi_http::handler::{Proxy, ProxyPre};
use wasmtime_wasi_http::p2::bindings::ProxyPre as HandlerTwo;
use wasmtime_wasi_http::p3::bindings::ServicePre as HandlerThree;

use crate::engine::{self, Allocation, Compiler, Ticker, Wasi};
use crate::error::Kind;
use crate::state::State;
use crate::trace::Traces;
use crate::{Error, Limits, Source, cache};

/// Code of one component, linked against everything that the host offers.
pub(crate) struct Code {
    engine: Engine,
    handler: ProxyPre<State>,
    traces: Traces,
}

impl Code {
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn traces(&self) -> &Traces {
        &self.traces
    }

    pub async fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Proxy> {
        self.handler.instantiate_async(store).await
    }
}

/// The engines of a host, each made when a component first needs it.
pub(crate) struct Loader {
    limits: Limits,
    cache: Option<PathBuf>,
    quick: bool,
    runtimes: Mutex<HashMap<(Wasi, Allocation, Compiler), Arc<Runtime>>>,
}

struct Runtime {
    linker: Linker<State>,
    _ticker: Ticker,
}

impl Loader {
    pub fn new(limits: Limits, cache: Option<PathBuf>, quick: bool) -> Loader {
        let quick = quick && Compiler::HAS_QUICK;
        Loader { limits, cache, quick, runtimes: Mutex::default() }
    }

    /// Compiles and links the component `name`; notes that are no failures go
    /// to `note`.
    pub fn load(&self, name: &str, source: &Source, note: &dyn Fn(String)) -> Result<Code, Error> {
        self.load_from(self.cache.as_deref(), name, source, note)
    }

    /// As [`Loader::load`], but compiles although the code may be in the cache.
    pub fn load_anew(&self, name: &str, source: &Source) -> Result<Code, Error> {
        // What is not looked up in a cache leaves nothing to note.
        self.load_from(None, name, source, &|_| {})
    }

    fn load_from(
        &self,
        cache: Option<&Path>,
        name: &str,
        source: &Source,
        note: &dyn Fn(String),
    ) -> Result<Code, Error> {
        let (label, bytes) = match source {
            Source::Bytes(bytes) => (name.to_owned(), bytes.clone()),
            Source::Nowhere => return Err(Error::new(format!("{name}: there is no component"))),
            Source::File(path) => {
                let label = path.display().to_string();
                let bytes = std::fs::read(path).map_err(|error| {
                    Error::new(format!("{label}: the component cannot be read"))
                        .kind(Kind::File(error.kind()))
                        .cause(error)
                        .hint("Build it first, or check the path.")
                })?;
                (label, bytes)
            }
        };
        let wasi = speaks(&label, &bytes)?;
        let (runtime, component) = self.compile(cache, &label, wasi, &bytes, note)?;
        self.check_memory(&label, &component)?;
        let linked = runtime
            .linker
            .instantiate_pre(&component)
            .map_err(|error| not_linked(&label, &error))?;
        let engine = runtime.linker.engine().clone();
        let handler = match wasi {
            Wasi::Two => HandlerTwo::new(linked).map(ProxyPre::P2),
            Wasi::Three => HandlerThree::new(linked).map(ProxyPre::P3),
        };
        let handler = handler.map_err(|error| {
            Error::new(format!("{label}: its HTTP handler has another type than the host expects"))
                .kind(Kind::OtherTypes)
                .because(&error)
        })?;
        let artifact = match source {
            Source::File(path) => Some(path.clone()),
            _ => None,
        };
        Ok(Code { engine, handler, traces: Traces::new(artifact, &bytes) })
    }

    /// Prefers slots; takes memory on demand where they do not fit.
    fn compile(
        &self,
        folder: Option<&Path>,
        label: &str,
        wasi: Wasi,
        bytes: &[u8],
        note: &dyn Fn(String),
    ) -> Result<(Arc<Runtime>, Component), Error> {
        let compile = |runtime: &Runtime, is_final| {
            cache::compile(runtime.linker.engine(), bytes, folder, is_final, note)
        };
        if self.quick
            && let Some(done) = self.compile_quickly(wasi, bytes, note)
        {
            return Ok(done);
        }
        match self.runtime(wasi, Allocation::Pooled, Compiler::Thorough) {
            Ok(runtime) => {
                if let Ok(component) = compile(&runtime, false) {
                    return Ok((runtime, component));
                }
            }
            Err(error) => note(format!("instances are mapped on demand: {error}")),
        }
        // A component that is at fault itself fails here too, with its own reason.
        let runtime =
            self.runtime(wasi, Allocation::OnDemand, Compiler::Thorough).map_err(|error| {
                Error::new("WebAssembly cannot be run on this machine").because(&error)
            })?;
        match compile(&runtime, true) {
            Ok(component) => Ok((runtime, component)),
            Err(error) => Err(Error::new(format!("{label}: the component cannot be compiled"))
                .kind(Kind::NotWasm)
                .because(&error)),
        }
    }

    /// The code that is in the cache, or else code that is made quickly and not
    /// kept; nothing if the quick compiler does not know all that the component
    /// uses, or it fits into no slot.
    fn compile_quickly(
        &self,
        wasi: Wasi,
        bytes: &[u8],
        note: &dyn Fn(String),
    ) -> Option<(Arc<Runtime>, Component)> {
        if let Some(folder) = &self.cache {
            let runtime = self.runtime(wasi, Allocation::Pooled, Compiler::Thorough).ok()?;
            let known = cache::load(runtime.linker.engine(), bytes, folder, note);
            if let Some(component) = known {
                return Some((runtime, component));
            }
        }
        let runtime = self.runtime(wasi, Allocation::Pooled, Compiler::Quick).ok()?;
        let component = Component::new(runtime.linker.engine(), bytes).ok()?;
        Some((runtime, component))
    }

    fn runtime(
        &self,
        wasi: Wasi,
        allocation: Allocation,
        compiler: Compiler,
    ) -> wasmtime::Result<Arc<Runtime>> {
        let mut runtimes = self.runtimes.lock().unwrap_or_else(PoisonError::into_inner);
        match runtimes.entry((wasi, allocation, compiler)) {
            Entry::Occupied(entry) => Ok(entry.get().clone()),
            Entry::Vacant(entry) => {
                let engine = engine::create(wasi, allocation, compiler, &self.limits)?;
                let ticker = Ticker::start(&engine)?;
                let linker = link(&engine, wasi)?;
                Ok(entry.insert(Arc::new(Runtime { linker, _ticker: ticker })).clone())
            }
        }
    }

    /// Without this, every request would fail for a reason known now.
    fn check_memory(&self, label: &str, component: &Component) -> Result<(), Error> {
        const PAGE: u64 = 64 << 10;
        let Some(required) = component.resources_required() else { return Ok(()) };
        let initial = required.max_initial_memory_size.unwrap_or(0).saturating_mul(PAGE);
        if initial > self.limits.memory {
            return Err(Error::new(format!(
                "{label}: the component starts with {initial} bytes of memory, and {} are allowed",
                self.limits.memory
            ))
            .kind(Kind::Memory)
            .hint("Raise the memory limit (`--memory`)."));
        }
        Ok(())
    }
}

/// Everything that a handler may import. What a component does not import is
/// not given to it.
fn link(engine: &Engine, wasi: Wasi) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi_http::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p2::bindings::cli::environment::add_to_linker::<State, WasiCli>(
        &mut linker,
        State::cli,
    )?;
    if wasi == Wasi::Three {
        use wasmtime_wasi::p3::bindings::cli::{environment, stderr, stdin, stdout};
        wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
        wasmtime_wasi::p3::clocks::add_to_linker(&mut linker)?;
        wasmtime_wasi::p3::random::add_to_linker(&mut linker)?;
        environment::add_to_linker::<State, WasiCli>(&mut linker, State::cli)?;
        stdin::add_to_linker::<State, WasiCli>(&mut linker, State::cli)?;
        stdout::add_to_linker::<State, WasiCli>(&mut linker, State::cli)?;
        stderr::add_to_linker::<State, WasiCli>(&mut linker, State::cli)?;
    }
    Ok(linker)
}

/// Why a component does not go together with the host. The runtime has no kinds
/// of such failures; its chain ends with what is wrong.
fn not_linked(label: &str, error: &wasmtime::Error) -> Error {
    let deepest = error.root_cause().to_string();
    let is_absent = deepest.contains("implementation was not found")
        || deepest.contains("implementation is missing");
    if is_absent {
        return Error::new(format!("{label}: the component imports what this host does not offer"))
            .kind(Kind::ForeignImport)
            .because(error)
            .hint("A handler may import wasi:http, wasi:io, wasi:clocks, wasi:random, standard streams and wasi:cli/environment.");
    }
    Error::new(format!("{label}: an import has other types than this host gives it"))
        .kind(Kind::OtherTypes)
        .because(error)
        .hint("Two tools that made it disagree on the version of an interface. `isospin inspect` shows which tools those were: build it again with tools that fit each other.")
}

/// Which handler the component exports.
fn speaks(label: &str, bytes: &[u8]) -> Result<Wasi, Error> {
    let damaged = |cause: &dyn std::fmt::Display| {
        Error::new(format!("{label}: this is not a WebAssembly component"))
            .kind(Kind::NotWasm)
            .cause(cause)
            .hint("Build it again; `isospin inspect` shows what a file holds.")
    };
    if !bytes.starts_with(b"\0asm") {
        return Err(damaged(&"it does not begin as a WebAssembly file does"));
    }
    let mut depth = 0_u32;
    let mut other = None;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| damaged(&error))? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(core_module(label, bytes));
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    let name = export.map_err(|error| damaged(&error))?.name.name;
                    if name.starts_with("wasi:http/incoming-handler@0.2.") {
                        return Ok(Wasi::Two);
                    }
                    if name.starts_with("wasi:http/handler@0.3.") {
                        return Ok(Wasi::Three);
                    }
                    if name.starts_with("wasi:http/") {
                        other = Some(name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    let expected =
        "It must export wasi:http/incoming-handler of WASI 0.2 or wasi:http/handler of WASI 0.3.";
    Err(match other {
        Some(name) => Error::new(format!("{label}: it is made for another version of WASI"))
            .kind(Kind::OtherVersion)
            .cause(format!("it exports {name}")),
        None => Error::new(format!("{label}: the component exports no HTTP handler"))
            .kind(Kind::NoHandler),
    }
    .hint(expected))
}

/// A module that a compiler left without making a component of it.
fn core_module(label: &str, bytes: &[u8]) -> Error {
    const PREVIEW1: &str = "wasi_snapshot_preview1";
    let imports_preview1 = Parser::new(0).parse_all(bytes).flatten().any(|payload| match payload {
        Payload::ImportSection(imports) => {
            imports.into_imports().flatten().any(|import| import.module == PREVIEW1)
        }
        _ => false,
    });
    let error =
        Error::new(format!("{label}: it is a core module, not a component")).kind(Kind::CoreModule);
    match imports_preview1 {
        true => error.cause(format!(
            "it imports `{PREVIEW1}`: a compiler made it for WASI 0.1, before there were components"
        )),
        false => error,
    }
    .hint("Build its sources with `isospin build`, which makes a component of the module.")
}
