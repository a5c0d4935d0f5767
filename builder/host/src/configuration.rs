//! What a host is told: where it listens, what it runs, and how much each
//! request may use.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::log::{Log, StandardError};
use crate::observe::Observer;
use crate::respond::Responder;
use crate::route::Route;

/// How a server is set up. `Default` gives a free port on loopback, a fresh
/// instance for each request, no cache on disk and the log on standard error.
#[derive(Clone)]
pub struct Configuration {
    /// Port 0 takes a free one; [`crate::Server::local_address`] tells which.
    pub listen: SocketAddr,
    pub limits: Limits,
    /// How many requests one instance answers, one after the other. 1 gives
    /// each request a fresh instance.
    pub reuse: u32,
    /// Where compiled code is kept between runs; made if it is missing.
    pub cache: Option<PathBuf>,
    /// Code that is not in the cache is compiled quickly instead of to be quick,
    /// and is not kept: for components that are soon replaced.
    pub quick: bool,
    /// How long a shutdown waits for requests in flight.
    pub grace: Duration,
    /// Worker threads; as many as there are processors if not given.
    pub threads: Option<usize>,
    pub log: Arc<dyn Log>,
    /// Is told of every request; nobody is if not given.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Default for Configuration {
    fn default() -> Configuration {
        Configuration {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            limits: Limits::default(),
            reuse: 1,
            cache: None,
            quick: false,
            grace: Duration::from_secs(30),
            threads: None,
            log: Arc::new(StandardError),
            observer: None,
        }
    }
}

/// What one request may use, and how many there may be.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of all linear memories of an instance together.
    pub memory: u64,
    /// From the start of the guest to its return, waiting included.
    pub time: Duration,
    /// Bytes of a request's body.
    pub request_body: u64,
    /// Bytes of a response's body.
    pub response_body: u64,
    /// Requests in guests at one time.
    pub concurrent: usize,
    /// Requests that wait for one of those places; any more get 503.
    pub queue: usize,
    /// Connections at one time; any more wait to be accepted.
    pub connections: usize,
    /// Bytes of a request's head.
    pub header_bytes: usize,
    /// Fields in a request's head.
    pub header_count: usize,
    /// How long a client may take to send a request's head.
    pub header_time: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory: 128 << 20,
            time: Duration::from_secs(30),
            request_body: 128 << 20,
            response_body: 1 << 30,
            concurrent: 256,
            queue: 1024,
            connections: 4096,
            header_bytes: 64 << 10,
            header_count: 100,
            header_time: Duration::from_secs(30),
        }
    }
}

/// One component and where it answers.
#[derive(Debug, Clone)]
pub struct Component {
    /// Names it in the log and in errors.
    pub name: String,
    /// The paths that it answers.
    pub route: Route,
    pub source: Source,
    /// What `wasi:cli/environment` answers, if the component imports it.
    pub environment: BTreeMap<String, String>,
    /// Addresses that it may call, as [`crate::Grant`] reads them.
    pub outbound: Vec<String>,
    /// Is asked before the component, and may answer in its place.
    pub responder: Option<Arc<dyn Responder>>,
}

impl Component {
    /// A component that answers every request, with nothing granted.
    pub fn alone(name: impl Into<String>, source: Source) -> Component {
        Component {
            name: name.into(),
            route: Route::everything(),
            source,
            environment: BTreeMap::new(),
            outbound: Vec::new(),
            responder: None,
        }
    }
}

/// Where the bytes of a binary component are.
#[derive(Debug, Clone)]
pub enum Source {
    File(PathBuf),
    Bytes(Vec<u8>),
    /// There are none: what the responder leaves is answered 503.
    Nowhere,
}
