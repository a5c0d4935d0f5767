//! Running a core module's start-up at build time and keeping the memory.
//!
//! Start-up sees surroundings that are the same on every machine and at every
//! time: a clock that begins at zero and moves only when it is read, fixed
//! "random" bytes, no variables, no files. So the same module always gives the
//! same snapshot. What a component needs fresh it must read again on its first
//! request.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wasmtime::{Config, Engine, Extern, Instance, Linker, Module, Store, Strategy, Trap, Val};
use wasmtime_wasi::I32Exit;
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

use super::CoreModule;
use super::merge::merge_segments;
use super::startup::{self, Startup, Told};
use super::surroundings::{CalledOut, Surroundings};
use super::watch::Watch;
use crate::files;
use crate::lock;
use crate::report::{Code, Error, Result};

/// Start-up code ends, or fails, with this status if it has found that the program
/// has no handler.
pub const NO_HANDLER: i32 = 64;

/// An initialised module, and what start-up printed.
#[derive(Debug)]
pub struct Snapshotted {
    pub module: CoreModule,
    pub printed: String,
}

/// Runs the start-up of `module`. `subject` names the component in errors.
///
/// # Errors
/// If start-up says that it failed, traps, ends the program, takes too long, or
/// calls a function that exists only while requests are served; what it said and
/// printed is the error's output.
pub fn snapshot(module: &CoreModule, startup: &Startup, subject: &str) -> Result<Snapshotted> {
    let mut wizer = Wizer::new();
    wizer.init_func(startup.function);
    let invalid = |error: wasmtime::Error| {
        Error::new(Code::SnapshotFailed, format!("{subject}: its start-up cannot be run"))
            .cause(format!("{error:#}"))
    };
    let (context, instrumented) = wizer.instrument(&module.0).map_err(invalid)?;
    let (engine, compiled) = match &startup.native {
        Some(path) => kept(path, &instrumented)?.map_err(invalid)?,
        None => fresh(&instrumented).map_err(invalid)?,
    };
    let mut store = Store::new(&engine, Surroundings::new());
    store.limiter(|surroundings| &mut surroundings.limits);
    store.set_epoch_deadline(1);
    let clock = Watch::start(&engine, startup.limit);
    let result = run(&mut store, &compiled, startup);
    let expired = clock.stop();
    if crate::process::interrupted() {
        return Err(crate::process::interruption());
    }
    let printed = store.data().printed();
    let instance = match result {
        Ok(instance) => instance,
        Err(error) => return Err(failure(&error, startup, expired, subject, &printed)),
    };
    let initialised = ready(wizer.snapshot(&context, &mut Stopped { store: &mut store, instance }))
        .map_err(invalid)?;
    let module = merge_segments(&initialised).map_err(|error| {
        Error::new(Code::SnapshotFailed, format!("{subject}: its snapshot cannot be read"))
            .cause(format!("{error:#}"))
    })?;
    Ok(Snapshotted { module: CoreModule(module), printed })
}

/// Code that runs once is compiled by what compiles fastest.
fn fresh(module: &[u8]) -> wasmtime::Result<(Engine, Module)> {
    let mut config = configuration();
    if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
        config.strategy(Strategy::Winch);
    }
    let engine = Engine::new(&config)?;
    let module = Module::new(&engine, module)?;
    Ok((engine, module))
}

/// Code that is kept is compiled once, by what makes the fastest code.
fn kept(path: &Path, module: &[u8]) -> Result<wasmtime::Result<(Engine, Module)>> {
    let engine = match Engine::new(&configuration()) {
        Ok(engine) => engine,
        Err(error) => return Ok(Err(error)),
    };
    if let Ok(module) = known(path, &engine) {
        return Ok(Ok((engine, module)));
    }
    // Several that start at once need it compiled once. What is not there then, or
    // damaged, is made by whoever holds the lock.
    files::create_folder(path.parent().unwrap_or(path))?;
    let _lock = lock::take(&path.with_added_extension("lock"), &|| {})?;
    if let Ok(module) = known(path, &engine) {
        return Ok(Ok((engine, module)));
    }
    let compile = || -> wasmtime::Result<(Module, Vec<u8>)> {
        let module = Module::new(&engine, module)?;
        let native = module.serialize()?;
        Ok((module, native))
    };
    match compile() {
        Ok((module, native)) => {
            files::write(path, &native)?;
            Ok(Ok((engine, module)))
        }
        Err(error) => Ok(Err(error)),
    }
}

/// Native code that was kept, if it is there and whole.
fn known(path: &Path, engine: &Engine) -> wasmtime::Result<Module> {
    #[expect(unsafe_code, reason = "native code cannot be checked when it is read")]
    // SAFETY: the file was written by this program into the user's own cache, and
    // wasmtime refuses one that another version or configuration made.
    unsafe {
        Module::deserialize_file(engine, path)
    }
}

/// Native stack for interpreters that recurse.
const MOST_STACK: usize = 4 << 20;

fn configuration() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.max_wasm_stack(MOST_STACK);
    config.async_stack_size(2 * MOST_STACK);
    config
}

fn run(
    store: &mut Store<Surroundings>,
    module: &Module,
    startup: &Startup,
) -> wasmtime::Result<Instance> {
    let mut linker = Linker::new(store.engine());
    Surroundings::link(&mut linker, module)?;
    let instance = linker.instantiate(&mut *store, module)?;
    startup::call(store, instance, startup)?;
    Ok(instance)
}

fn failure(
    error: &wasmtime::Error,
    startup: &Startup,
    expired: bool,
    subject: &str,
    printed: &str,
) -> Error {
    const ONCE: &str = "Code outside of the handler runs once, when the component is built";
    let failed = || Error::new(Code::SnapshotFailed, format!("{subject}: its start-up failed"));
    let endless =
        || Error::new(Code::StartEndless, format!("{subject}: its start-up does not end"));
    let calls_out =
        || Error::new(Code::StartCallsOut, format!("{subject}: it calls out while it is built"));
    let no_handler = || Error::new(Code::HandlerMissing, format!("{subject}: it has no handler"));
    let mut output = printed.to_owned();
    let error = if expired && error.downcast_ref::<Trap>() == Some(&Trap::Interrupt) {
        let limit = startup.limit.as_secs_f32();
        endless()
            .cause(format!("it had not ended after {limit} s"))
            .hint(format!("{ONCE}: move what waits or loops there into the handler."))
    } else if let Some(call) = error.downcast_ref::<CalledOut>() {
        calls_out()
            .cause(call.to_string())
            .hint(format!("{ONCE}, where there is nobody to call: move the call into the handler."))
    } else if let Some(told) = error.downcast_ref::<Told>() {
        output.push_str(&told.text);
        match told.status {
            NO_HANDLER => no_handler(),
            _ => failed().hint(format!(
                "{ONCE}: move what needs a request, the network, time or randomness into the handler."
            )),
        }
    } else if let Some(I32Exit(NO_HANDLER)) = error.downcast_ref() {
        no_handler()
    } else if let Some(I32Exit(status)) = error.downcast_ref() {
        failed().cause(format!("it ended the program with status {status}"))
    } else {
        // What start-up said itself tells more than where in the module it was.
        match output.is_empty() {
            true => failed()
                .cause(error.chain().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
            false => failed().cause(error.root_cause().to_string()),
        }
    };
    if output.is_empty() { error } else { error.output(output) }
}

/// An instance whose start-up is done, as Wizer reads it.
struct Stopped<'a> {
    store: &'a mut Store<Surroundings>,
    instance: Instance,
}

impl InstanceState for Stopped<'_> {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let value = match self.instance.get_export(&mut *self.store, name) {
            Some(Extern::Global(global)) => global.get(&mut *self.store),
            _ => unreachable!("Wizer asks for what it has exported itself"),
        };
        match value {
            Val::I32(value) => SnapshotVal::I32(value),
            Val::I64(value) => SnapshotVal::I64(value),
            Val::F32(value) => SnapshotVal::F32(value),
            Val::F64(value) => SnapshotVal::F64(value),
            Val::V128(value) => SnapshotVal::V128(value.as_u128()),
            _ => unreachable!("Wizer refuses modules with globals of other types"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        if let Some(memory) = self.instance.get_memory(&mut *self.store, name) {
            contents(memory.data(&*self.store));
        }
    }
}

/// The result of a future that never waits, because [`Stopped`] does not.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("reading a stopped instance does not wait"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn start(wat: &str, limit: Duration) -> Result<Snapshotted> {
        start_with(wat, Startup { function: "start", limit, given: Vec::new(), native: None })
    }

    fn start_with(wat: &str, startup: Startup) -> Result<Snapshotted> {
        let module = CoreModule(wat::parse_str(wat).unwrap());
        snapshot(&module, &startup, "component `a`")
    }

    /// Tells the first thing that it is given as its failure, with the status at
    /// the start of the second.
    const TELLS: &str = r#"(module
        (memory (export "memory") 1)
        (global $next (mut i32) (i32.const 1024))
        (func (export "isospin-allocate") (param $size i32) (result i32)
            (global.get $next)
            (global.set $next (i32.add (global.get $next) (local.get $size))))
        (func (export "start") (param $list i32) (param $count i32) (result i32)
            (i32.store (i32.const 8) (i32.load8_u (i32.load (i32.add (local.get $list) (i32.const 8)))))
            (i32.store (i32.const 12) (i32.load (local.get $list)))
            (i32.store (i32.const 16) (i32.load (i32.add (local.get $list) (i32.const 4))))
            (i32.const 8)))"#;

    #[test]
    fn what_is_handed_in_comes_back_as_the_failure() {
        let folder = tempfile::tempdir().unwrap();
        let native = folder.path().join("code");
        let tell = |status: u8| {
            let given = vec![b"because\n".to_vec(), vec![status]];
            let native = Some(native.clone());
            let limit = Duration::from_secs(10);
            start_with(TELLS, Startup { function: "start", limit, given, native }).unwrap_err()
        };
        let error = tell(1);
        assert!(native.is_file());
        assert_eq!((error.code(), error.tool_output()), (Code::SnapshotFailed, Some("because\n")));
        assert_eq!(tell(64).code(), Code::HandlerMissing);
    }

    #[test]
    fn native_code_that_is_damaged_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let native = folder.path().join("code");
        files::write(&native, b"not code").unwrap();
        let given = vec![b"x".to_vec(), vec![64]];
        let limit = Duration::from_secs(10);
        let startup = Startup { function: "start", limit, given, native: Some(native.clone()) };
        assert_eq!(start_with(TELLS, startup).unwrap_err().code(), Code::HandlerMissing);
        assert!(std::fs::metadata(&native).unwrap().len() > 100);
    }

    #[test]
    fn a_failure_outside_of_memory_is_an_error() {
        let wat = TELLS.replace("(i32.const 8)))", "(i32.const -8)))");
        let given = vec![b"x".to_vec(), vec![1]];
        let limit = Duration::from_secs(10);
        let startup = Startup { function: "start", limit, given, native: None };
        let error = start_with(&wat, startup).unwrap_err();
        assert!(causes(&error).contains("not in its memory"), "{}", causes(&error));
    }

    #[test]
    fn what_is_printed_through_the_world_is_kept() {
        let wat = r#"(module
            (import "wasi:cli/stderr@0.2.12" "get-stderr" (func $stderr (result i32)))
            (import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush"
                (func $write (param i32 i32 i32 i32)))
            (import "wasi:io/streams@0.2.12" "[resource-drop]output-stream" (func $drop (param i32)))
            (import "wasi:clocks/monotonic-clock@0.2.12" "now" (func $now (result i64)))
            (memory (export "memory") 1)
            (data (i32.const 8) "hello")
            (func (export "start") (local $stream i32)
                (local.set $stream (call $stderr))
                (call $write (local.get $stream) (i32.const 8) (i32.const 5) (i32.const 64))
                (if (i32.load8_u (i32.const 64)) (then unreachable))
                (call $drop (local.get $stream))
                (if (i64.ge_u (call $now) (call $now)) (then unreachable))))"#;
        assert_eq!(start(wat, Duration::from_secs(10)).unwrap().printed, "hello");
    }

    fn causes(error: &Error) -> String {
        error.causes().join("\n")
    }

    #[test]
    fn memory_and_globals_are_kept() {
        let wat = r#"(module
            (memory (export "memory") 1)
            (global $g (mut i32) (i32.const 1))
            (func (export "start") (i32.store (i32.const 8) (i32.const 7)) (global.set $g (i32.const 9)))
            (func (export "read") (result i32) (i32.add (global.get $g) (i32.load (i32.const 8)))))"#;
        let done = start(wat, Duration::from_secs(10)).unwrap();
        let engine = Engine::default();
        let module = Module::new(&engine, &done.module.0).unwrap();
        assert!(module.get_export("start").is_none());
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let read = instance.get_typed_func::<(), i32>(&mut store, "read").unwrap();
        assert_eq!(read.call(&mut store, ()).unwrap(), 16);
    }

    #[test]
    fn endless_start_up_is_ended() {
        let wat = r#"(module (memory 1) (func (export "start") (loop (br 0))))"#;
        let error = start(wat, Duration::from_millis(200)).unwrap_err();
        assert_eq!(error.code(), Code::StartEndless);
        assert!(causes(&error).contains("not ended after 0.2 s"), "{}", causes(&error));
    }

    #[test]
    fn a_long_sleep_takes_no_time() {
        // One relative clock subscription of an hour.
        let wat = r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "start")
                (i32.store (i32.const 16) (i32.const 1))
                (i64.store (i32.const 24) (i64.const 3600000000000))
                (if (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)) (then unreachable))
                (if (i32.ne (i32.load (i32.const 128)) (i32.const 1)) (then unreachable))))"#;
        let begun = Instant::now();
        start(wat, Duration::from_secs(20)).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn calling_out_is_named() {
        let wat = r#"(module
            (import "wasi:http/outgoing-handler@0.2.12" "handle" (func $f (param i32 i32 i32 i32)))
            (memory 1)
            (func (export "start") (call $f (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))"#;
        let error = start(wat, Duration::from_secs(10)).unwrap_err();
        assert!(causes(&error).contains("wasi:http/outgoing-handler@0.2.12"), "{}", causes(&error));
    }

    #[test]
    fn exits_and_traps_are_told_apart() {
        let exit = |status: i32| {
            let wat = format!(
                r#"(module
                (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1)
                (func (export "start") (call $exit (i32.const {status}))))"#
            );
            start(&wat, Duration::from_secs(10)).unwrap_err()
        };
        assert_eq!(exit(NO_HANDLER).code(), Code::HandlerMissing);
        assert!(causes(&exit(3)).contains("status 3"));
        let trap = r#"(module (memory 1) (func (export "start") unreachable))"#;
        assert!(causes(&start(trap, Duration::from_secs(10)).unwrap_err()).contains("unreachable"));
    }
}
