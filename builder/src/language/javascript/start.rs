//! Runs a bundle's start-up inside the engine and keeps the memory.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use wasmtime::{Config, Engine, Instance, Linker, Memory, Module, Store, Trap, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

use super::bundle::Bundle;
use super::failure;
use crate::component::merge_segments;
use crate::files;
use crate::language::Context;
use crate::report::{Code, Error, Result};

/// Longer than any honest start-up, shorter than a person's patience.
const SECONDS: u64 = 10;

/// The module with its memory as it is after the prelude and the bundle have run.
///
/// # Errors
/// If the user's start-up code throws, does not end, or exports no handler.
pub fn start(
    cx: &Context,
    engine: &Path,
    prelude: &[u8],
    bundle: &Bundle,
    map: &[u8],
) -> Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(internal)?;
    let wasm = files::read(engine)?;
    let mut wizer = Wizer::new();
    wizer.init_func(SEAL);
    let (context, instrumented) = wizer.instrument(&wasm).map_err(internal)?;
    let (code, module) = load(engine, &instrumented)?;
    let mut store = Store::new(&code, ());
    store.set_epoch_deadline(1);
    let clock = Clock::start(&code);
    let linker = trapping_linker(&module, &code)?;
    runtime.block_on(async {
        let instance = linker.instantiate_async(&mut store, &module).await.map_err(internal)?;
        let mut guest = Guest { store: &mut store, instance };
        guest.call("_initialize").await?;
        let parts = [prelude, &bundle.source, map];
        if let Some(told) = guest.start(parts).await.map_err(|error| trapped(cx, error))? {
            return Err(failure::explain(cx, bundle, &told)?);
        }
        drop(clock);
        let initialised = wizer
            .snapshot(&context, &mut Guest { store: &mut store, instance })
            .await
            .map_err(internal)?;
        merge_segments(&initialised).map_err(internal)
    })
}

/// Called here and not by Wizer, which only takes it away from the exports.
const SEAL: &str = "isospin_seal";

/// The engine's native code, kept beside it.
fn load(engine: &Path, instrumented: &[u8]) -> Result<(Engine, Module)> {
    let mut config = Config::new();
    config.epoch_interruption(true).max_wasm_stack(512 * 1024);
    let code = Engine::new(&config).map_err(internal)?;
    let kept = engine.with_extension("cwasm");
    #[expect(unsafe_code, reason = "native code cannot be checked when it is read")]
    // SAFETY: the file was written by this program into the user's own cache, and
    // wasmtime refuses one that another version or configuration made.
    let module = unsafe { Module::deserialize_file(&code, &kept) };
    if let Ok(module) = module {
        return Ok((code, module));
    }
    let module = Module::new(&code, instrumented).map_err(internal)?;
    files::write(&kept, &module.serialize().map_err(internal)?)?;
    Ok((code, module))
}

/// Nothing of a host is there at build time; the glue does not call it.
fn trapping_linker(module: &Module, code: &Engine) -> Result<Linker<()>> {
    let mut linker = Linker::new(code);
    linker.define_unknown_imports_as_traps(module).map_err(internal)?;
    Ok(linker)
}

struct Guest<'a> {
    store: &'a mut Store<()>,
    instance: Instance,
}

impl Guest<'_> {
    async fn call(&mut self, name: &str) -> Result<()> {
        let function =
            self.instance.get_typed_func::<(), ()>(&mut *self.store, name).map_err(internal)?;
        function.call_async(&mut *self.store, ()).await.map_err(internal)
    }

    fn memory(&mut self) -> wasmtime::Result<Memory> {
        let memory = self.instance.get_memory(&mut *self.store, "memory");
        memory.ok_or_else(|| wasmtime::Error::msg("the engine has no memory"))
    }

    async fn give(&mut self, bytes: &[u8]) -> wasmtime::Result<(u32, u32)> {
        let length = u32::try_from(bytes.len())?;
        let allocate =
            self.instance.get_typed_func::<u32, u32>(&mut *self.store, "isospin_allocate")?;
        let at = allocate.call_async(&mut *self.store, length).await?;
        if at == 0 {
            return Err(wasmtime::Error::msg("the bundle is too large for the engine's memory"));
        }
        self.memory()?.write(&mut *self.store, at as usize, bytes)?;
        Ok((at, length))
    }

    /// Runs prelude and bundle; what the engine tells if they fail.
    async fn start(&mut self, parts: [&[u8]; 3]) -> wasmtime::Result<Option<String>> {
        type Parts = (u32, u32, u32, u32, u32, u32);
        let (a, b) = self.give(parts[0]).await?;
        let (c, d) = self.give(parts[1]).await?;
        let (e, f) = self.give(parts[2]).await?;
        let given = (a, b, c, d, e, f);
        let start =
            self.instance.get_typed_func::<Parts, u32>(&mut *self.store, "isospin_start")?;
        let failed = start.call_async(&mut *self.store, given).await?;
        if failed != 0 {
            return Ok(Some(self.text(failed)?));
        }
        let seal = self.instance.get_typed_func::<Parts, ()>(&mut *self.store, "isospin_seal")?;
        seal.call_async(&mut *self.store, given).await?;
        Ok(None)
    }

    /// The text to which two words of memory point.
    fn text(&mut self, at: u32) -> wasmtime::Result<String> {
        let memory = self.memory()?;
        let word = |store: &Store<()>, at: usize| -> wasmtime::Result<usize> {
            let mut bytes = [0; 4];
            memory.read(store, at, &mut bytes)?;
            Ok(u32::from_le_bytes(bytes) as usize)
        };
        let start = word(self.store, at as usize)?;
        let length = word(self.store, at as usize + 4)?;
        let bytes = memory.data(&*self.store).get(start..start + length).unwrap_or_default();
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

impl InstanceState for Guest<'_> {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&mut *self.store, name);
        match global.map(|global| global.get(&mut *self.store)) {
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(value)) => SnapshotVal::F32(value),
            Some(Val::F64(value)) => SnapshotVal::F64(value),
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            // C code has globals of no other type.
            _ => SnapshotVal::I32(0),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        match self.instance.get_memory(&mut *self.store, name) {
            Some(memory) => contents(memory.data(&*self.store)),
            None => contents(&[]),
        }
    }
}

/// Ends the epoch when the time is over; the thread goes when this is dropped.
struct Clock(
    #[expect(dead_code, reason = "dropping it is what tells the thread")] mpsc::Sender<()>,
);

impl Clock {
    fn start(engine: &Engine) -> Clock {
        let (sender, receiver) = mpsc::channel::<()>();
        let engine = engine.clone();
        std::thread::spawn(move || {
            if receiver.recv_timeout(Duration::from_secs(SECONDS))
                == Err(mpsc::RecvTimeoutError::Timeout)
            {
                engine.increment_epoch();
            }
        });
        Clock(sender)
    }
}

fn trapped(cx: &Context, error: wasmtime::Error) -> Error {
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => failure::endless(cx, SECONDS),
        _ => Error::new(
            Code::SnapshotFailed,
            format!("{}: the engine stopped while the code of component `{}` was started", cx.component.path.display(), cx.component.name),
        )
        .cause(format!("{error:#}"))
        .hint("What stands outside of functions runs once, at build time, and cannot use the network or much memory."),
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(Code::SnapshotFailed, "the JavaScript engine cannot be started at build time")
        .cause(format!("{error:#}"))
}
