//! One request in one guest, from the instance to its last byte.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::Request;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Sleep;
use wasmtime::AsContextMut;
use wasmtime_wasi_http::handler::{Proxy, Response};
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p3;
use wasmtime_wasi_http::{WasiBody, WasiHttpView};

use crate::failure::Failure;
use crate::mounted::{Instance, Mounted};
use crate::state::State;

/// Where the guest's response goes; an error code is told in words.
pub(crate) type Head = oneshot::Sender<Result<Response, String>>;

/// What a request and its answer tell each other while both are under way.
#[derive(Default)]
pub(crate) struct Exchange {
    failed: AtomicBool,
    body_too_large: AtomicBool,
    fresh: OnceLock<bool>,
}

impl Exchange {
    /// Whether the guest failed: what it has sent until now is not the whole.
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    pub fn refuse_body(&self) {
        self.body_too_large.store(true, Ordering::Release);
    }

    /// Whether its instance was made for it; nothing if it has none yet.
    pub fn fresh(&self) -> Option<bool> {
        self.fresh.get().copied()
    }

    pub fn body_refused(&self) -> bool {
        self.body_too_large.load(Ordering::Acquire)
    }
}

/// Runs the guest to its end. Dropping the future stops the guest.
///
/// A failure is in the log, and marked in `exchange`, before anything of the
/// instance is dropped: the end of the response's body is seen only after that.
pub(crate) async fn run(
    mounted: Arc<Mounted>,
    request: Request<WasiBody>,
    head: Head,
    exchange: Arc<Exchange>,
    time: Duration,
    permit: OwnedSemaphorePermit,
) -> Result<(), Failure> {
    let deadline = Instant::now() + time;
    let mut execution = pin!(execute(&mounted, request, head, &exchange, deadline));
    let mut timer = Timer { deadline, sleep: None };
    let (result, instance) = poll_fn(|context| {
        let mut polled = execution.as_mut().poll(context);
        if exchange.body_refused() {
            let instance = match polled {
                Poll::Ready((_, instance)) => instance,
                Poll::Pending => None,
            };
            return Poll::Ready((Err(Failure::BodyTooLarge), instance));
        }
        if polled.is_pending() && timer.poll(context).is_ready() {
            polled = Poll::Ready((Err(Failure::Time(None)), None));
        }
        polled
    })
    .await;
    match result {
        Ok(()) => {
            let spent = instance.and_then(|instance| mounted.put_back(instance));
            if let Some(spent) = spent {
                // The client need not wait until the instance's slot is clean.
                tokio::spawn(async move { drop((spent, permit)) });
            }
            Ok(())
        }
        Err(failure) => {
            exchange.failed.store(true, Ordering::Release);
            mounted.complain(&failure);
            Err(failure)
        }
    }
}

/// A clock that is set only for guests that wait: most never do.
struct Timer {
    deadline: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timer {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline.into();
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        sleep.as_mut().poll(context)
    }
}

/// The instance comes back even if it failed, so that the caller says when it
/// is dropped.
pub(crate) async fn execute(
    mounted: &Mounted,
    request: Request<WasiBody>,
    head: Head,
    exchange: &Exchange,
    deadline: Instant,
) -> (Result<(), Failure>, Option<Instance>) {
    let mut instance = match mounted.instance(deadline).await {
        Ok(instance) => instance,
        Err(failure) => return (Err(failure), None),
    };
    let _ = exchange.fresh.set(instance.is_fresh());
    let proxy = instance.proxy.clone();
    let called = match &*proxy {
        Proxy::P2(_) => call_two(&mut instance, request, head).await,
        Proxy::P3(service) => call_three(&mut instance, service, request, head).await,
    };
    let denied = instance.store.data().memory.denied;
    (called.map_err(|error| Failure::of(error, denied)), Some(instance))
}

async fn call_two(
    instance: &mut Instance,
    request: Request<WasiBody>,
    head: Head,
) -> wasmtime::Result<()> {
    let Proxy::P2(guest) = &*instance.proxy else { return Ok(()) };
    let store = &mut instance.store;
    let request = store.data_mut().http().new_incoming_request(Scheme::Http, request)?;
    let outparam =
        store.data_mut().http().new_response_outparam_from_callback(move |response| {
            // If nobody waits any more, the client has left.
            let _ = head.send(response.map_err(|code| format!("{code:?}")));
        })?;
    guest.wasi_http_incoming_handler().call_handle(store, request, outparam).await
}

async fn call_three(
    instance: &mut Instance,
    service: &p3::bindings::Service,
    request: Request<WasiBody>,
    head: Head,
) -> wasmtime::Result<()> {
    let hooks = instance.store.data_mut().http().hooks;
    let (request, sending) = p3::Request::from_http(hooks, request);
    instance
        .store
        .run_concurrent(async |accessor| {
            let response = match service.handle(accessor, request).await? {
                Ok(response) => accessor
                    .with(|mut store| {
                        response.into_http_with_getter(store.as_context_mut(), sending, State::http)
                    })
                    .map_err(|error| format!("{error:?}"))
                    .map(|response| response.map(BodyExt::boxed_unsync)),
                Err(code) => Err(format!("{code:?}")),
            };
            let _ = head.send(response);
            // The guest may go on after it has answered: with the body, for one.
            poll_fn(|context| accessor.poll_no_interesting_tasks(context)).await;
            Ok(())
        })
        .await?
}
