//! The model as a host: a native server that behaves like a guest on a host.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use isospin_conformance::case::{Capability, Limits, Mode, Outbound};
use isospin_conformance::host::LogBuffer;
use isospin_conformance::{Host, Served, Serving};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

use crate::fault::Fault;
use crate::limits;
use crate::mutation::Mutation;
use crate::pieces::Answer;
use crate::wrong_host;
use crate::wrong_wire::BentStream;

/// Serves the model: a guest that is wrong in at most one way, or a host that is.
pub struct ModelHost {
    mutation: Mutation,
    fault: Fault,
}

/// What the model knows beyond the request.
pub struct Surroundings {
    pub mutation: Mutation,
    pub fault: Fault,
    /// The host answers nobody any more.
    pub dead: AtomicBool,
    /// How many requests have come.
    pub asked: AtomicUsize,
    /// What a host that mixes requests up has kept of the latest body.
    pub left: Mutex<Vec<u8>>,
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
        ModelHost { mutation, fault: Fault::None }
    }

    /// The guest is right, the host is not.
    pub fn with_fault(fault: Fault) -> ModelHost {
        ModelHost { mutation: Mutation::None, fault }
    }
}

impl ModelHost {
    /// The variables that the environment guest gets.
    fn environment(&self, serving: &Serving<'_>) -> BTreeMap<String, String> {
        let mut variables = serving.serve.environment.clone();
        match self.fault {
            Fault::LeakEnvironment => {
                variables.insert("PATH".to_owned(), "/bin".to_owned());
            }
            Fault::EnvironmentOfBuild => {
                variables.insert("ISOSPIN_GUEST".to_owned(), "environment".to_owned());
            }
            _ => {}
        }
        variables
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
            fault: self.fault,
            dead: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
            left: Mutex::default(),
            mode: match self.fault {
                Fault::KeepInstances => Mode::Reused,
                Fault::ForgetInstances => Mode::Fresh,
                _ => serving.mode,
            },
            counter: AtomicUsize::new(0),
            log: LogBuffer::default(),
            outbound: match self.fault {
                Fault::GrantEverything => true,
                Fault::GrantNothing => false,
                _ => serving.serve.outbound == Outbound::Loopback,
            },
            limits: serving.serve.limits.clone(),
            places: limits::places(serving.serve.limits.concurrent, self.mutation),
            left_over: Mutex::default(),
            environment: is_environment.then(|| self.environment(serving)),
        });
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))?;
        let address = listener.local_addr()?;
        let log = match self.fault {
            Fault::LoseLog => LogBuffer::default(),
            _ => surroundings.log.clone(),
        };
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
    let stream = BentStream::new(stream, surroundings.fault);
    let service = service_fn(move |request| {
        let surroundings = Arc::clone(&surroundings);
        async move { Ok::<Answer, Infallible>(wrong_host::answer(request, surroundings).await) }
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
