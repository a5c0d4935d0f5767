//! Calling a module's start-up: what is handed in, and what it tells.

use std::path::PathBuf;
use std::time::Duration;

use wasmtime::{Instance, Memory, Store};

/// How the start-up of a module is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Startup {
    /// The export to call after `_initialize`; it is not kept. It takes and gives
    /// nothing, or, if something is handed in:
    ///
    /// `struct failure *function(struct { uint8_t *bytes; size_t length; } *list, size_t count)`
    ///
    /// The list and the bytes are then memory that the export [`ALLOCATE`] gave
    /// and that the function may free. It returns null, or why it failed:
    /// `struct failure { uint32_t status; char *text; size_t length; }`, where the
    /// status is [`NO_HANDLER`](super::NO_HANDLER) or anything else.
    pub function: &'static str,
    /// Start-up that takes longer is ended.
    pub limit: Duration,
    /// What is handed in, in this order.
    pub given: Vec<Vec<u8>>,
    /// Where the module's native code is kept, so that the next start needs no
    /// compiler: a name that changes with the module, in a folder of the user's
    /// own. Without it the compiler is the one that compiles fastest.
    pub native: Option<PathBuf>,
}

/// The export that gives memory for what is handed in: `void *(size_t)`, null
/// if there is not enough.
pub const ALLOCATE: &str = "isospin-allocate";

/// Start-up says itself that it failed, and why.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: i32,
    pub text: String,
}

impl std::fmt::Display for Told {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for Told {}

/// Calls the start-up function of an instance.
///
/// # Errors
/// [`Told`] if start-up says that it failed, else what ended it.
pub fn call<T: 'static>(
    store: &mut Store<T>,
    instance: Instance,
    startup: &Startup,
) -> wasmtime::Result<()> {
    if instance.get_func(&mut *store, "_initialize").is_some() {
        instance.get_typed_func::<(), ()>(&mut *store, "_initialize")?.call(&mut *store, ())?;
    }
    if startup.given.is_empty() {
        let function = instance.get_typed_func::<(), ()>(&mut *store, startup.function)?;
        return function.call(store, ());
    }
    let memory = instance
        .get_memory(&mut *store, "memory")
        .ok_or_else(|| wasmtime::Error::msg("the module exports no memory"))?;
    let mut list = Vec::new();
    for bytes in &startup.given {
        let (at, length) = hand_in(store, instance, memory, bytes)?;
        list.extend(at.to_le_bytes());
        list.extend(length.to_le_bytes());
    }
    let (at, _) = hand_in(store, instance, memory, &list)?;
    let count = u32::try_from(startup.given.len())?;
    let function = instance.get_typed_func::<(u32, u32), u32>(&mut *store, startup.function)?;
    match function.call(&mut *store, (at, count))? {
        0 => Ok(()),
        failure => Err(wasmtime::Error::new(told(memory.data(&*store), failure)?)),
    }
}

/// Copies bytes into memory that the module gives; where they are, and how many.
fn hand_in<T: 'static>(
    store: &mut Store<T>,
    instance: Instance,
    memory: Memory,
    bytes: &[u8],
) -> wasmtime::Result<(u32, u32)> {
    let length = u32::try_from(bytes.len())?;
    let allocate = instance.get_typed_func::<u32, u32>(&mut *store, ALLOCATE)?;
    let at = allocate.call(&mut *store, length)?;
    if at == 0 {
        return Err(wasmtime::Error::msg(format!(
            "there is no room in its memory for the {length} bytes that are handed in"
        )));
    }
    memory.write(store, at as usize, bytes)?;
    Ok((at, length))
}

fn told(memory: &[u8], at: u32) -> wasmtime::Result<Told> {
    let outside = || wasmtime::Error::msg("the failure that it tells is not in its memory");
    let word = |index: usize| {
        let start = at as usize + 4 * index;
        let bytes = memory.get(start..start + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_le_bytes).ok_or_else(outside)
    };
    let (status, start, length) = (word(0)?, word(1)? as usize, word(2)? as usize);
    let text = start.checked_add(length).and_then(|end| memory.get(start..end));
    let text = String::from_utf8_lossy(text.ok_or_else(outside)?).into_owned();
    Ok(Told { status: status.cast_signed(), text })
}
