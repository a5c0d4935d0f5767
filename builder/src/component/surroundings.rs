//! What start-up code at build time sees of the world: see [`super::snapshot`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use wasmtime::{
    Caller, Extern, ExternType, Linker, Memory, Module, StoreLimits, StoreLimitsBuilder, Val,
};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::OutputStream;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::random::Deterministic;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtxBuilder};

const PREVIEW1: &str = "wasi_snapshot_preview1";
const MOST_MEMORY: usize = 1 << 30;
const MOST_PRINTED: usize = 1 << 20;

/// The state of the store in which start-up runs.
pub struct Surroundings {
    wasi: WasiP1Ctx,
    clock: Clock,
    output: MemoryOutputPipe,
    pub limits: StoreLimits,
}

impl Surroundings {
    pub fn new() -> Surroundings {
        let clock = Clock::default();
        let output = MemoryOutputPipe::new(MOST_PRINTED);
        let wasi = WasiCtxBuilder::new()
            .monotonic_clock(clock.clone())
            .wall_clock(clock.clone())
            .secure_random(fixed_bytes())
            .insecure_random(fixed_bytes())
            .insecure_random_seed(0)
            .stdout(output.clone())
            .stderr(output.clone())
            .build_p1();
        let limits = StoreLimitsBuilder::new().memory_size(MOST_MEMORY).build();
        Surroundings { wasi, clock, output, limits }
    }

    /// What start-up has printed.
    pub fn printed(&self) -> String {
        String::from_utf8_lossy(&self.output.contents()).into_owned()
    }

    /// Gives `module` its imports: preview 1; of the world the clocks and what prints;
    /// and functions that fail for all else.
    pub fn link(linker: &mut Linker<Surroundings>, module: &Module) -> wasmtime::Result<()> {
        linker.allow_shadowing(true);
        p1::add_to_linker_sync(linker, |surroundings| &mut surroundings.wasi)?;
        linker.func_wrap(PREVIEW1, "poll_oneoff", poll_oneoff)?;
        for import in module.imports() {
            if import.module() == PREVIEW1 {
                continue;
            }
            if let ExternType::Func(signature) = import.ty() {
                if let Some(answer) = answer(import.module(), import.name()) {
                    linker.func_new(import.module(), import.name(), signature, answer)?;
                    continue;
                }
                let call = CalledOut { function: format!("{} {}", import.module(), import.name()) };
                linker.func_new(import.module(), import.name(), signature, move |_, _, _| {
                    Err(wasmtime::Error::new(call.clone()))
                })?;
            }
        }
        Ok(())
    }
}

type Answer = fn(Caller<'_, Surroundings>, &[Val], &mut [Val]) -> wasmtime::Result<()>;

/// How a core function of the world is answered at build time, if it is. Values
/// are laid out as the component model's canonical ABI has them.
fn answer(interface: &str, function: &str) -> Option<Answer> {
    let interface = interface.split('@').next().unwrap_or_default();
    Some(match (interface, function) {
        ("wasi:cli/stdout", "get-stdout") | ("wasi:cli/stderr", "get-stderr") => |_, _, results| {
            results[0] = Val::I32(1);
            Ok(())
        },
        ("wasi:io/streams", "[resource-drop]output-stream") => |_, _, _| Ok(()),
        ("wasi:io/streams", "[method]output-stream.blocking-write-and-flush") => print,
        ("wasi:clocks/monotonic-clock", "now") => |caller, _, results| {
            results[0] = Val::I64(caller.data().clock.read().cast_signed());
            Ok(())
        },
        ("wasi:clocks/wall-clock", "now") => |mut caller, parameters, _| {
            let now = Duration::from_nanos(caller.data().clock.read());
            let mut bytes = now.as_secs().to_le_bytes().to_vec();
            bytes.extend(now.subsec_nanos().to_le_bytes());
            let memory = memory(&mut caller)?;
            Ok(memory.write(caller, word(parameters, 0)?, &bytes)?)
        },
        _ => return None,
    })
}

/// (stream, bytes, length, result). What is more than [`MOST_PRINTED`] is dropped.
fn print(
    mut caller: Caller<'_, Surroundings>,
    parameters: &[Val],
    _: &mut [Val],
) -> wasmtime::Result<()> {
    let memory = memory(&mut caller)?;
    let (start, length) = (word(parameters, 1)?, word(parameters, 2)?);
    let (data, surroundings) = memory.data_and_store_mut(&mut caller);
    let text = data.get(start..start + length).ok_or(wasmtime::Trap::MemoryOutOfBounds)?;
    if let Ok(room) = surroundings.output.check_write() {
        let text = Bytes::copy_from_slice(&text[..length.min(room)]);
        // There was room for it a moment ago, and nobody else writes.
        let _ = surroundings.output.write(text);
    }
    Ok(memory.write(caller, word(parameters, 3)?, &[0])?)
}

fn memory(caller: &mut Caller<'_, Surroundings>) -> wasmtime::Result<Memory> {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => Ok(memory),
        _ => Err(wasmtime::Error::msg("the module exports no memory")),
    }
}

fn word(parameters: &[Val], index: usize) -> wasmtime::Result<usize> {
    match parameters.get(index) {
        Some(Val::I32(value)) => Ok(value.cast_unsigned() as usize),
        _ => Err(wasmtime::Error::msg("a function of the world is imported with another type")),
    }
}

fn fixed_bytes() -> Deterministic {
    Deterministic::new((1..=251).collect())
}

/// Start-up called a function of the host that exists only while requests are served.
#[derive(Clone, Debug)]
pub struct CalledOut {
    function: String,
}

impl std::fmt::Display for CalledOut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "it called `{}`, which exists only while requests are served",
            self.function
        )
    }
}

impl std::error::Error for CalledOut {}

/// A clock that begins at zero and moves by a microsecond when it is read, so
/// that waiting for it ends.
#[derive(Clone, Default)]
struct Clock(Arc<AtomicU64>);

impl Clock {
    const STEP: u64 = 1_000;

    fn read(&self) -> u64 {
        self.0.fetch_add(Clock::STEP, Ordering::Relaxed) + Clock::STEP
    }

    fn advance_to(&self, time: u64) {
        self.0.fetch_max(time, Ordering::Relaxed);
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        Clock::STEP
    }

    fn now(&self) -> u64 {
        self.read()
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(Clock::STEP)
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.read())
    }
}

/// Preview 1's `poll_oneoff` for clocks alone: sleeping moves the clock and
/// takes no time. There is nothing else to wait for.
fn poll_oneoff(
    mut caller: Caller<'_, Surroundings>,
    subscriptions: u32,
    events: u32,
    count: u32,
    stored: u32,
) -> wasmtime::Result<u32> {
    const SUBSCRIPTION: usize = 48;
    const EVENT: usize = 32;
    const NOT_SUPPORTED: u32 = 58;
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
        return Ok(NOT_SUPPORTED);
    };
    let now = caller.data().clock.read();
    let mut first: Option<(u64, u64)> = None;
    for index in 0..count as usize {
        let at = subscriptions as usize + index * SUBSCRIPTION;
        if read::<1>(&memory, &caller, at + 8)? != [0] {
            return Ok(NOT_SUPPORTED);
        }
        let user = u64::from_le_bytes(read(&memory, &caller, at)?);
        let timeout = u64::from_le_bytes(read(&memory, &caller, at + 24)?);
        let absolute = read::<1>(&memory, &caller, at + 40)? != [0];
        let end = if absolute { timeout } else { now.saturating_add(timeout) };
        if first.is_none_or(|(_, earliest)| end < earliest) {
            first = Some((user, end));
        }
    }
    if let Some((user, end)) = first {
        caller.data().clock.advance_to(end);
        let mut event = [0; EVENT];
        event[..8].copy_from_slice(&user.to_le_bytes());
        memory.write(&mut caller, events as usize, &event)?;
    }
    let number = u32::from(first.is_some());
    memory.write(&mut caller, stored as usize, &number.to_le_bytes())?;
    Ok(0)
}

fn read<const N: usize>(
    memory: &Memory,
    caller: &Caller<'_, Surroundings>,
    at: usize,
) -> wasmtime::Result<[u8; N]> {
    let mut bytes = [0; N];
    memory.read(caller, at, &mut bytes)?;
    Ok(bytes)
}
