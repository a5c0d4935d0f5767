//! The servers on loopback that a guest's outbound requests go to.

mod answer;
mod tls;

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustls::ServerConfig;
use socket2::Socket;

use crate::case::{Behaviour, Field, Framing, Upstream};
use crate::data::Variables;
use crate::port;
use crate::wire::{Connection, Trouble, Wire};

/// How many connections may wait to be accepted; what the standard library asks for.
const BACKLOG: i32 = 128;

/// How long a request may be on its way on loopback; much more than it takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running upstream server. It ends when this is dropped.
pub struct UpstreamServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Only where nobody is to listen: kept, or another program would get the port.
    reserved: Option<Socket>,
    /// Only a scripted server is accepted by hand.
    listener: Option<TcpListener>,
    acceptor: Option<JoinHandle<()>>,
}

/// A request that an upstream server got.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    pub method: String,
    pub target: Vec<u8>,
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    pub trailers: Vec<(String, Vec<u8>)>,
    /// Whether the body came to its proper end.
    pub whole: bool,
}

/// What the threads of a server share.
struct Shared {
    name: String,
    script: Script,
    /// It speaks TLS like this.
    tls: Option<Arc<ServerConfig>>,
    /// Whether somebody has begun TLS.
    greeted: AtomicBool,
    barrier: Barrier,
    received: Mutex<Vec<Received>>,
    breakers: Mutex<Vec<TcpStream>>,
    stopped: AtomicBool,
    connections: AtomicUsize,
    wire: Wire,
    deadline: Instant,
}

/// What to answer, all bytes made.
struct Script {
    behaviour: Behaviour,
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    framing: Framing,
    trailers: Vec<(String, Vec<u8>)>,
    cut: bool,
}

/// Fields with their bytes made.
///
/// # Errors
/// If a value's bytes cannot be made.
pub fn fields(fields: &[Field], variables: &Variables) -> Result<Vec<(String, Vec<u8>)>> {
    fields.iter().map(|(name, value)| Ok((name.clone(), value.bytes(variables)?))).collect()
}

impl Script {
    fn new(upstream: &Upstream, variables: &Variables) -> Result<Script> {
        let response = &upstream.response;
        let streams = matches!(upstream.behaviour, Behaviour::Echo | Behaviour::Script);
        let default = if streams || !response.trailers.is_empty() {
            Framing::Chunked
        } else {
            Framing::Length
        };
        Ok(Script {
            behaviour: upstream.behaviour,
            status: response.status,
            headers: fields(&response.headers, variables)?,
            body: response.body.bytes(variables)?,
            framing: response.framing.unwrap_or(default),
            trailers: fields(&response.trailers, variables)?,
            cut: response.cut,
        })
    }
}

/// Where requests wait for each other.
struct Barrier {
    wanted: usize,
    waiting: Mutex<usize>,
    changed: Condvar,
}

impl Barrier {
    /// Returns when enough are waiting, or when there is no more time.
    fn wait(&self, deadline: Instant) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting += 1;
        self.changed.notify_all();
        while *waiting < self.wanted {
            let remaining = deadline.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                return false;
            }
            waiting = self
                .changed
                .wait_timeout(waiting, remaining)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }
}

impl UpstreamServer {
    /// Takes a free port, so that its address is known before anything runs.
    ///
    /// # Errors
    /// If there is no port.
    pub fn reserve() -> Result<(Socket, SocketAddr)> {
        port::reserve().context("there is no port on 127.0.0.1 for an upstream server")
    }

    /// Starts to serve on a reserved port.
    ///
    /// # Errors
    /// If bytes of the script or a certificate cannot be made, or the system does not let it listen.
    pub fn start(
        name: &str,
        upstream: &Upstream,
        (socket, address): (Socket, SocketAddr),
        variables: &Variables,
        wire: Wire,
        deadline: Instant,
    ) -> Result<UpstreamServer> {
        let shared = Arc::new(Shared {
            name: name.to_owned(),
            script: Script::new(upstream, variables)?,
            tls: upstream.tls.map(tls::config).transpose()?,
            greeted: AtomicBool::new(false),
            barrier: Barrier {
                wanted: upstream.barrier.unwrap_or(0),
                waiting: Mutex::new(0),
                changed: Condvar::new(),
            },
            received: Mutex::default(),
            breakers: Mutex::default(),
            stopped: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            wire,
            deadline,
        });
        let mut server = UpstreamServer {
            address,
            shared: Arc::clone(&shared),
            reserved: None,
            listener: None,
            acceptor: None,
        };
        if upstream.behaviour == Behaviour::Refuse {
            server.reserved = Some(socket);
            return Ok(server);
        }
        socket.listen(BACKLOG)?;
        let listener = TcpListener::from(socket);
        match upstream.behaviour {
            Behaviour::Script => server.listener = Some(listener),
            _ => server.acceptor = Some(std::thread::spawn(move || accept(&listener, &shared))),
        }
        Ok(server)
    }

    /// The requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests so far, when there are `count` of them or none came for a while: who has sent one
    /// and does not wait for an answer may be done before it arrives.
    pub fn received_in_time(&self, count: usize) -> Vec<Received> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let received = self.received();
            if received.len() >= count || Instant::now() > deadline {
                return received;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether somebody has begun TLS with it.
    pub fn is_greeted_in_tls(&self) -> bool {
        self.shared.greeted.load(Ordering::SeqCst)
    }

    /// Accepts a connection by hand, for a scripted server.
    ///
    /// # Errors
    /// If none comes in time.
    pub fn accept(&self) -> Result<Connection, Trouble> {
        let Some(listener) = &self.listener else {
            return Err(Trouble::System("the upstream server is not scripted".to_owned()));
        };
        let system = |error: std::io::Error| Trouble::System(error.to_string());
        listener.set_nonblocking(true).map_err(system)?;
        loop {
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).map_err(system)?;
                    return Ok(self.shared.connection(stream));
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    if Instant::now() > self.shared.deadline {
                        return Err(Trouble::Late);
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(system(error)),
            }
        }
    }

    /// The head of the scripted response.
    pub fn head(&self) -> Vec<u8> {
        answer::head(&self.shared.script)
    }

    /// Whether the scripted response is sent in chunks, and its trailers.
    pub fn framing(&self) -> (bool, Vec<(String, Vec<u8>)>) {
        (self.shared.script.framing == Framing::Chunked, self.shared.script.trailers.clone())
    }
}

impl Drop for UpstreamServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        for stream in self.shared.breakers.lock().unwrap_or_else(PoisonError::into_inner).drain(..)
        {
            let _ = stream.shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take() {
            // Wakes the thread that accepts.
            let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
            let _ = acceptor.join();
        }
    }
}

impl Shared {
    fn connection(&self, stream: TcpStream) -> Connection {
        let number = self.connections.fetch_add(1, Ordering::SeqCst);
        let name = match number {
            0 => format!("upstream.{}", self.name),
            _ => format!("upstream.{}#{}", self.name, number + 1),
        };
        Connection::over(stream, name, self.wire.clone(), self.deadline)
    }

    fn note(&self, received: Received) {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).push(received);
    }
}

/// Accepts until the server is stopped; each connection has a thread, which ends with its connection.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            break;
        }
        let Ok(stream) = stream else { break };
        // A second handle would keep a connection open that is to be reset by dropping it.
        let resets = shared.script.behaviour == Behaviour::Reset;
        if let Some(breaker) = stream.try_clone().ok().filter(|_| !resets) {
            shared.breakers.lock().unwrap_or_else(PoisonError::into_inner).push(breaker);
        }
        let shared = Arc::clone(shared);
        std::thread::spawn(move || answer::serve(shared.connection(stream), &shared));
    }
}
