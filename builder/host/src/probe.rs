//! The steps between a file and its answers, one at a time, for those who
//! measure them.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::code::Loader;
use crate::failure::Failure;
use crate::guest::{self, Exchange};
use crate::mounted::{Instance, Mounted};
use crate::{Component, Configuration, Error};

/// One component in an engine of its own, which is as that of a server.
pub struct Probe {
    component: Component,
    configuration: Configuration,
    loader: Loader,
    mounted: Arc<Mounted>,
    runtime: Runtime,
}

/// Instances that have answered a request and are kept.
pub struct Held {
    instances: Vec<Instance>,
}

impl Probe {
    /// Makes an engine and loads the component into it: from the configuration's
    /// cache, which has its code afterwards, or by compiling it.
    ///
    /// # Errors
    /// As [`crate::Server::start`] gives them for a component.
    pub fn new(component: &Component, configuration: &Configuration) -> Result<Probe, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::new("the probe's runtime cannot be started").cause(error))?;
        let (limits, cache) = (configuration.limits.clone(), configuration.cache.clone());
        let loader = Loader::new(limits, cache, false);
        let configuration = Configuration { reuse: 1, ..configuration.clone() };
        let mounted = Arc::new(Mounted::new(component, &configuration, &loader)?);
        Ok(Probe { component: component.clone(), configuration, loader, mounted, runtime })
    }

    /// How long it takes from the component's bytes to code that can be
    /// instantiated, whatever is in a cache.
    ///
    /// # Errors
    /// As [`Probe::new`].
    pub fn compile(&self) -> Result<Duration, Error> {
        let begun = Instant::now();
        let code = self.loader.load_anew(&self.component.name, &self.component.source)?;
        let took = begun.elapsed();
        drop(code);
        Ok(took)
    }

    /// The same when the code is in the cache: the component is read, its code is
    /// found, held against its digest, mapped and linked.
    ///
    /// # Errors
    /// As [`Probe::new`].
    pub fn load(&self) -> Result<Duration, Error> {
        let begun = Instant::now();
        let mounted = Mounted::new(&self.component, &self.configuration, &self.loader)?;
        let took = begun.elapsed();
        drop(mounted);
        Ok(took)
    }

    /// How long a new instance takes, with the store that it lives in; giving it
    /// back is not counted.
    ///
    /// # Errors
    /// If the component cannot be instantiated.
    pub fn instantiate(&self) -> Result<Duration, Error> {
        let deadline = Instant::now() + self.configuration.limits.time;
        let begun = Instant::now();
        let instance = self.runtime.block_on(self.mounted.instance(deadline));
        let took = begun.elapsed();
        drop(instance.map_err(|failure| self.failed(&failure))?);
        Ok(took)
    }

    /// Lets a new instance answer `request`, whose target is a whole URI, and
    /// keeps it in `held`. Gives the status of the answer.
    ///
    /// # Errors
    /// If the guest fails, or gives no answer.
    pub fn hold(&self, held: &mut Held, request: Request<Bytes>) -> Result<StatusCode, Error> {
        let (status, instance) = self
            .runtime
            .block_on(async {
                let time = self.configuration.limits.time;
                let answer = self.answer(request, Instant::now() + time);
                tokio::time::timeout(time, answer).await.unwrap_or(Err(Failure::Time(None)))
            })
            .map_err(|failure| self.failed(&failure))?;
        held.instances.push(instance);
        Ok(status)
    }

    async fn answer(
        &self,
        request: Request<Bytes>,
        deadline: Instant,
    ) -> Result<(StatusCode, Instance), Failure> {
        let request =
            request.map(|bytes| Full::new(bytes).map_err(|never| match never {}).boxed_unsync());
        let (sender, receiver) = oneshot::channel();
        let exchange = Exchange::default();
        let status = Cell::new(None);
        let mut executed =
            pin!(guest::execute(&self.mounted, request, sender, &exchange, deadline));
        // What is written must be read, so that the guest can go on.
        let mut read = pin!(async {
            match receiver.await {
                Ok(Ok(response)) => {
                    status.set(Some(Ok(response.status())));
                    let _ = response.into_body().collect().await;
                }
                Ok(Err(code)) => status.set(Some(Err(Failure::Refused(code)))),
                Err(_) => {}
            }
            std::future::pending::<Infallible>().await
        });
        let (result, instance) = tokio::select! {
            ended = &mut executed => ended,
            never = &mut read => match never {},
        };
        result?;
        // The guest may have answered with its last step.
        poll_fn(|context| Poll::Ready(read.as_mut().poll(context).is_pending())).await;
        match (status.take(), instance) {
            (Some(status), Some(instance)) => Ok((status?, instance)),
            _ => Err(Failure::Silence),
        }
    }

    fn failed(&self, failure: &Failure) -> Error {
        Error::new(format!("{}: it fails", self.component.name)).cause(self.mounted.told(failure))
    }
}

impl Held {
    /// None yet.
    pub fn none() -> Held {
        Held { instances: Vec::new() }
    }

    /// The most bytes that the linear memories of one of the instances have together.
    pub fn linear_memory(&self) -> u64 {
        let used = |instance: &Instance| instance.store.data().memory.used;
        self.instances.iter().map(used).max().unwrap_or(0)
    }
}
