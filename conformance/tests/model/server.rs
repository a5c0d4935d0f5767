//! The model as a host: a native server that behaves like a guest on a host.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use isospin_conformance::case::{Capability, Limits, Mode, Outbound};
use isospin_conformance::host::LogBuffer;
use isospin_conformance::{Host, Served, Serving};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

use crate::limits;
use crate::mutation::Mutation;
use crate::pieces::Answer;
use crate::routes;

/// Serves the model, wrong in at most one way.
pub struct ModelHost {
    mutation: Mutation,
}

/// What the model knows beyond the request.
pub struct Surroundings {
    pub mutation: Mutation,
    pub mode: Mode,
    pub counter: AtomicUsize,
    pub log: LogBuffer,
    pub outbound: bool,
    pub limits: Limits,
    pub places: Arc<Semaphore>,
    /// What a mutant keeps of bodies that broke off.
    pub left_over: Mutex<Vec<u8>>,
    /// For the environment guest: the variables.
    pub environment: Option<BTreeMap<String, String>>,
}

impl ModelHost {
    pub fn new(mutation: Mutation) -> ModelHost {
        ModelHost { mutation }
    }
}

impl Host for ModelHost {
    fn name(&self) -> &str {
        "model"
    }

    fn offers(&self, _: Capability) -> bool {
        true
    }

    fn modes(&self) -> Vec<Mode> {
        Mode::all()
    }

    fn serve(&self, serving: &Serving<'_>) -> Result<Box<dyn Served>> {
        let is_environment = serving.component.ends_with("environment.wasm");
        let surroundings = Arc::new(Surroundings {
            mutation: self.mutation,
            mode: serving.mode,
            counter: AtomicUsize::new(0),
            log: LogBuffer::default(),
            outbound: serving.serve.outbound == Outbound::Loopback,
            limits: serving.serve.limits.clone(),
            places: limits::places(serving.serve.limits.concurrent, self.mutation),
            left_over: Mutex::default(),
            environment: is_environment.then(|| serving.serve.environment.clone()),
        });
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))?;
        let address = listener.local_addr()?;
        let log = surroundings.log.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection(stream, Arc::clone(&surroundings)));
            }
        });
        Ok(Box::new(ServedModel { address, log, runtime: Some(runtime) }))
    }
}

async fn connection(stream: tokio::net::TcpStream, surroundings: Arc<Surroundings>) {
    if surroundings.mutation == Mutation::RefuseEmptyLine {
        let mut first = [0];
        if stream.peek(&mut first).await.is_ok() && first == *b"\r" {
            return;
        }
    }
    let service = service_fn(move |request| {
        let surroundings = Arc::clone(&surroundings);
        async move {
            // A crash of the handler ends this task alone.
            let answer = tokio::spawn(async move {
                let place = Arc::clone(&surroundings.places).acquire_owned().await.unwrap();
                let answering = routes::answer(request, Arc::clone(&surroundings));
                limits::in_time(answering, &surroundings, place).await
            });
            let answer = answer.await;
            Ok::<Answer, Infallible>(answer.unwrap_or_else(|_| crate::pieces::text(500, "")))
        }
    });
    let _ = hyper::server::conn::http1::Builder::new()
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

struct ServedModel {
    address: SocketAddr,
    log: LogBuffer,
    runtime: Option<Runtime>,
}

impl Served for ServedModel {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn log(&self) -> Option<&LogBuffer> {
        Some(&self.log)
    }
}

impl Drop for ServedModel {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
