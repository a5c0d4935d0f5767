//! The Wasmtime engines: how code is compiled and where instances live.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};
use wasmtime::{Result, Strategy, WasmBacktraceDetails};

use crate::{Limits, trace};

/// Which WASI a component speaks. It decides the engine: support for 0.3's
/// concurrent tasks costs each call of a 0.2 component a few microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Wasi {
    Two,
    Three,
}

/// Where the memories, tables and stacks of instances come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Allocation {
    /// Slots reserved at start: a new instance is a reset of a used slot.
    Pooled,
    /// Mapped for each instance: for components that fit into no slot, and
    /// for systems whose address space is too short for the slots.
    OnDemand,
}

/// What makes the machine code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Compiler {
    /// Cranelift: fast code.
    Thorough,
    /// Winch: code in a tenth of the time.
    Quick,
}

impl Compiler {
    /// Winch knows these processors alone.
    pub const HAS_QUICK: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));
}

/// How deep a guest may recurse. Interpreters recurse on this stack for each
/// frame of their own; only pages that are touched cost memory.
const WASM_STACK: usize = 16 << 20;
/// What host functions may use on top.
const HOST_STACK: usize = 2 << 20;
/// The most of a memory that is reset by copying instead of by unmapping.
/// Only pages that the guest has written are touched, so it may be generous.
const KEPT_MEMORY: usize = 4 << 20;
const KEPT_TABLE: usize = 64 << 10;

/// An engine of the given kind, for at most `limits.concurrent` requests.
pub(crate) fn create(
    wasi: Wasi,
    allocation: Allocation,
    compiler: Compiler,
    limits: &Limits,
) -> Result<Engine> {
    let mut config = Config::new();
    if compiler == Compiler::Quick {
        config.strategy(Strategy::Winch);
    }
    config.wasm_component_model(true);
    match wasi {
        Wasi::Two => config.concurrency_support(false),
        Wasi::Three => config.wasm_component_model_async(true),
    };
    config.epoch_interruption(true);
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config.wasm_backtrace_max_frames(NonZeroUsize::new(trace::MOST_FRAMES));
    config.max_wasm_stack(WASM_STACK);
    config.async_stack_size(WASM_STACK + HOST_STACK);
    if allocation == Allocation::Pooled {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    }
    Engine::new(&config)
}

fn pool(limits: &Limits) -> PoolingAllocationConfig {
    // As many again, for idle instances that are kept for reuse.
    let instances = u32::try_from(limits.concurrent.max(1) * 2).unwrap_or(u32::MAX / 64);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(instances * 32)
        .total_memories(instances * 2)
        .total_tables(instances * 4)
        .total_stacks(instances * 2)
        .total_gc_heaps(instances)
        .max_memory_size(usize::try_from(limits.memory).unwrap_or(usize::MAX))
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .table_elements(64 << 10)
        .linear_memory_keep_resident(KEPT_MEMORY)
        .table_keep_resident(KEPT_TABLE)
        .pagemap_scan(Enabled::Auto)
        .max_unused_warm_slots(instances);
    pool
}

/// How long a guest runs before it lets others run.
const TICK: Duration = Duration::from_millis(10);

/// Moves an engine's epoch on, so that a guest that never waits is
/// interrupted. Stops when it is dropped.
pub(crate) struct Ticker {
    stopped: Arc<AtomicBool>,
}

impl Ticker {
    pub fn start(engine: &Engine) -> std::io::Result<Ticker> {
        let stopped = Arc::new(AtomicBool::new(false));
        let (engine, flag) = (engine.weak(), stopped.clone());
        thread::Builder::new().name("isospin-epoch".to_owned()).spawn(move || {
            while !flag.load(Ordering::Relaxed) {
                thread::sleep(TICK);
                let Some(engine) = engine.upgrade() else { break };
                engine.increment_epoch();
            }
        })?;
        Ok(Ticker { stopped })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}
