//! A component that is being served, and its instances.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use wasmtime::Store;
use wasmtime_wasi_http::handler::Proxy;

use crate::code::{Code, Loader};
use crate::failure::Failure;
use crate::grant::Grant;
use crate::log::{Journal, Origin};
use crate::respond::Responder;
use crate::state::{State, Surroundings};
use crate::{Component, Configuration, Error, Source};

/// Who answers a route: the responder if it likes, else the guest.
pub(crate) struct Target {
    pub name: String,
    pub responder: Option<Arc<dyn Responder>>,
    pub guest: Option<Arc<Mounted>>,
}

impl Target {
    pub fn new(
        component: &Component,
        configuration: &Configuration,
        loader: &Loader,
    ) -> Result<Target, Error> {
        let guest = match component.source {
            Source::Nowhere => None,
            _ => Some(Arc::new(Mounted::new(component, configuration, loader)?)),
        };
        let responder = component.responder.clone();
        Ok(Target { name: component.name.clone(), responder, guest })
    }
}

pub(crate) struct Mounted {
    pub journal: Journal,
    code: Code,
    surroundings: Surroundings,
    reuse: u32,
    /// The most that are kept idle.
    room: usize,
    idle: Mutex<Vec<Instance>>,
}

/// A store with its instance in it.
pub(crate) struct Instance {
    pub store: Store<State>,
    pub proxy: Arc<Proxy>,
    answered: u32,
    idle_since: Instant,
}

impl Instance {
    /// Whether it has answered nothing yet.
    pub fn is_fresh(&self) -> bool {
        self.answered == 0
    }
}

/// An instance that nobody asked for so long makes room.
const IDLE: Duration = Duration::from_secs(30);

impl Mounted {
    pub fn new(
        component: &Component,
        configuration: &Configuration,
        loader: &Loader,
    ) -> Result<Mounted, Error> {
        let journal = Journal::new(&component.name, configuration.log.clone());
        let grants = component.outbound.iter().map(|text| {
            Grant::parse(text).map_err(|error| Error {
                message: format!("{}: {}", component.name, error.message),
                ..error
            })
        });
        let grants = grants.collect::<Result<Arc<[Grant]>, Error>>()?;
        let note = |text: String| journal.write(Origin::Host, &text);
        let code = loader.load(&component.name, &component.source, &note)?;
        let surroundings = Surroundings {
            journal: journal.clone(),
            environment: component.environment.clone().into_iter().collect(),
            grants,
            memory: configuration.limits.memory,
        };
        Ok(Mounted {
            journal,
            code,
            surroundings,
            reuse: configuration.reuse.max(1),
            room: configuration.limits.concurrent,
            idle: Mutex::default(),
        })
    }

    /// Writes a failure into the log, with the guest's trace.
    pub fn complain(&self, failure: &Failure) {
        self.journal.write(Origin::Host, &self.told(failure));
    }

    /// A failure with the guest's trace.
    pub fn told(&self, failure: &Failure) -> String {
        failure.told(self.code.traces())
    }

    /// An idle instance, or a new one.
    pub async fn instance(&self, deadline: Instant) -> Result<Instance, Failure> {
        if self.reuse > 1
            && let Some(mut instance) = self.take_idle()
        {
            let state = instance.store.data_mut();
            state.deadline = deadline;
            state.memory.denied = false;
            return Ok(instance);
        }
        let mut store = self.surroundings.store(self.code.engine(), deadline);
        match self.code.instantiate(&mut store).await {
            Ok(proxy) => Ok(Instance {
                store,
                proxy: Arc::new(proxy),
                answered: 0,
                idle_since: Instant::now(),
            }),
            Err(error) => Err(Failure::of(error, store.data().memory.denied)),
        }
    }

    fn take_idle(&self) -> Option<Instance> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // The youngest is taken from the end, so the oldest are at the front.
        let stale = idle.iter().take_while(|instance| instance.idle_since.elapsed() > IDLE).count();
        let dropped: Vec<Instance> = idle.drain(..stale).collect();
        let instance = idle.pop();
        drop(idle);
        drop(dropped);
        instance
    }

    /// Keeps an instance that has answered one more request, if it may answer
    /// another; gives it back to be dropped if not.
    pub fn put_back(&self, mut instance: Instance) -> Option<Instance> {
        instance.answered += 1;
        if instance.answered >= self.reuse {
            return Some(instance);
        }
        instance.idle_since = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() >= self.room {
            return Some(instance);
        }
        idle.push(instance);
        None
    }
}
