//! Running a core module's start-up at build time and keeping the memory.
//!
//! Start-up sees surroundings that are the same on every machine and at every
//! time: a clock that begins at zero and moves only when it is read, fixed
//! "random" bytes, no variables, no files. So the same module always gives the
//! same snapshot. What a component needs fresh it must read again on its first
//! request.

use std::future::Future;
use std::pin::pin;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use wasmtime::{Config, Engine, Extern, Instance, Linker, Module, Store, Strategy, Trap, Val};
use wasmtime_wasi::I32Exit;
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

use super::CoreModule;
use super::merge::merge_segments;
use super::surroundings::{CalledOut, Surroundings};
use crate::report::{Code, Error, Result};

/// How the start-up of a module is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Startup {
    /// The export to call after `_initialize`; it is not kept.
    pub function: &'static str,
    /// Start-up that takes longer is ended.
    pub limit: Duration,
}

/// Start-up code ends with this status if it has found that the program has no
/// handler.
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
/// If start-up traps, ends the program, takes too long, or calls a function
/// that exists only while requests are served.
pub fn snapshot(module: &CoreModule, startup: Startup, subject: &str) -> Result<Snapshotted> {
    let mut wizer = Wizer::new();
    wizer.init_func(startup.function);
    let invalid = |error: wasmtime::Error| {
        Error::new(Code::SnapshotFailed, format!("{subject}: its start-up cannot be run"))
            .cause(format!("{error:#}"))
    };
    let (context, instrumented) = wizer.instrument(&module.0).map_err(invalid)?;
    let engine = engine().map_err(invalid)?;
    let compiled = Module::new(&engine, &instrumented).map_err(invalid)?;
    let mut store = Store::new(&engine, Surroundings::new());
    store.limiter(|surroundings| &mut surroundings.limits);
    store.set_epoch_deadline(1);
    let clock = Watch::start(&engine, startup.limit);
    let result = run(&mut store, &compiled, startup.function);
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

/// Start-up runs once, so the compiler is the one that compiles fastest.
fn engine() -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
        config.strategy(Strategy::Winch);
    }
    config.epoch_interruption(true);
    config.max_wasm_stack(4 << 20);
    config.async_stack_size(8 << 20);
    Engine::new(&config)
}

fn run(
    store: &mut Store<Surroundings>,
    module: &Module,
    function: &str,
) -> wasmtime::Result<Instance> {
    let mut linker = Linker::new(store.engine());
    Surroundings::link(&mut linker, module)?;
    let instance = linker.instantiate(&mut *store, module)?;
    for name in ["_initialize", function] {
        if name == function || instance.get_func(&mut *store, name).is_some() {
            instance.get_typed_func::<(), ()>(&mut *store, name)?.call(&mut *store, ())?;
        }
    }
    Ok(instance)
}

fn failure(
    error: &wasmtime::Error,
    startup: Startup,
    expired: bool,
    subject: &str,
    printed: &str,
) -> Error {
    let failed = |cause: String| {
        Error::new(Code::SnapshotFailed, format!("{subject}: its start-up failed")).cause(cause)
    };
    let error = if expired && error.downcast_ref::<Trap>() == Some(&Trap::Interrupt) {
        failed(format!("it had not ended after {} s", startup.limit.as_secs_f32())).hint(
            "Code outside of the handler runs when the component is built: move what \
             waits or loops there into the handler.",
        )
    } else if let Some(call) = error.downcast_ref::<CalledOut>() {
        failed(call.to_string()).hint(
            "Code outside of the handler runs when the component is built, where there is \
             nobody to call: move the call into the handler.",
        )
    } else if let Some(I32Exit(NO_HANDLER)) = error.downcast_ref() {
        Error::new(Code::HandlerMissing, format!("{subject}: it has no handler"))
    } else if let Some(I32Exit(status)) = error.downcast_ref() {
        failed(format!("it ended the program with status {status}"))
    } else {
        failed(format!("{error:?}"))
    };
    if printed.is_empty() { error } else { error.output(printed.to_owned()) }
}

/// Ends start-up when its time is over or the user interrupts the builder.
struct Watch {
    done: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<bool>,
}

impl Watch {
    fn start(engine: &Engine, limit: Duration) -> Watch {
        let (done, wait) = mpsc::channel();
        let engine = engine.clone();
        let thread = std::thread::spawn(move || {
            let end = Instant::now() + limit;
            loop {
                let rest = end.saturating_duration_since(Instant::now());
                match wait.recv_timeout(rest.min(Duration::from_millis(50))) {
                    Err(RecvTimeoutError::Timeout) => {}
                    _ => return false,
                }
                let expired = Instant::now() >= end;
                if expired || crate::process::interrupted() {
                    engine.increment_epoch();
                    return expired;
                }
            }
        });
        Watch { done, thread }
    }

    /// Whether the time was over.
    fn stop(self) -> bool {
        drop(self.done);
        self.thread.join().unwrap_or(false)
    }
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
    use super::*;

    fn start(wat: &str, limit: Duration) -> Result<Snapshotted> {
        let module = CoreModule(wat::parse_str(wat).unwrap());
        snapshot(&module, Startup { function: "start", limit }, "component `a`")
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
        assert_eq!(error.code(), Code::SnapshotFailed);
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
