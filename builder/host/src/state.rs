//! What an instance's store holds.

use std::sync::Arc;
use std::time::Instant;

use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::failure::TimeUp;
use crate::grant::Grant;
use crate::log::{GuestOutput, Journal, Origin};
use crate::outbound::Outbound;

pub(crate) struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: Outbound,
    pub memory: MemoryLimit,
    /// When the request that is being answered must be done.
    pub deadline: Instant,
}

/// What each store of a component starts with.
pub(crate) struct Surroundings {
    pub journal: Journal,
    pub environment: Vec<(String, String)>,
    pub grants: Arc<[Grant]>,
    pub memory: u64,
}

impl Surroundings {
    /// A store for one new instance, which must be done at `deadline`.
    pub fn store(&self, engine: &wasmtime::Engine, deadline: Instant) -> Store<State> {
        let output = |origin| GuestOutput::new(self.journal.clone(), origin);
        let wasi = WasiCtx::builder()
            .stdout(output(Origin::Output))
            .stderr(output(Origin::Error))
            .envs(&self.environment)
            .build();
        let state = State {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            outbound: Outbound { grants: self.grants.clone(), journal: self.journal.clone() },
            memory: MemoryLimit { limit: self.memory, used: 0, denied: false },
            deadline,
        };
        let mut store = Store::new(engine, state);
        store.limiter(|state| &mut state.memory);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|context| {
            if Instant::now() >= context.data().deadline {
                // As an error it carries the place where the guest is.
                return Err(TimeUp.into());
            }
            Ok(UpdateDeadline::Yield(1))
        });
        store
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.outbound }
    }
}

/// Counts the bytes of all memories of an instance together.
pub(crate) struct MemoryLimit {
    limit: u64,
    pub used: u64,
    /// Whether the guest was refused memory during this request.
    pub denied: bool,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let wanted = self.used + desired.saturating_sub(current) as u64;
        if wanted > self.limit {
            self.denied = true;
            return Ok(false);
        }
        self.used = wanted;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // Either our own refusal, or a system that has no more.
        let _ = error;
        self.denied = true;
        Ok(())
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired as u64 * size_of::<usize>() as u64 <= self.limit)
    }
}
