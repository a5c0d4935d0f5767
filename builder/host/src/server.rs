//! Connections: accepting them, serving them, ending them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, oneshot};

use crate::answer::Shared;
use crate::code::Loader;
use crate::error::Kind;
use crate::mounted::Target;
use crate::route::Routes;
use crate::{Component, Configuration, Error, Limits};

/// A running server. Dropping it ends it at once; [`Server::shutdown`] lets
/// requests in flight finish.
///
/// It has threads of its own, so that neither its caller nor its guests wait
/// for the other; it may be used inside and outside of asynchronous code.
pub struct Server {
    configuration: Configuration,
    loader: Loader,
    shared: Arc<Shared>,
    /// Held while routes change: two changes at once would lose one.
    changing: Mutex<()>,
    address: SocketAddr,
    runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    /// Behind a lock alone so that a server can be shared.
    stopped: Mutex<mpsc::Receiver<()>>,
}

impl Server {
    /// Compiles the components, binds the address and begins to serve.
    pub fn start(configuration: Configuration, components: &[Component]) -> Result<Server, Error> {
        let limits = configuration.limits.clone();
        let loader = Loader::new(limits.clone(), configuration.cache.clone(), configuration.quick);
        let routes = mount(components, &configuration, &loader)?;
        let runtime = runtime(&configuration)
            .map_err(|error| Error::new("the server's threads cannot be started").cause(error))?;
        let listener = {
            let _context = runtime.enter();
            bind(configuration.listen)
        };
        let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.map_err(|error| {
            Error::new(format!("{}: the server cannot listen there", configuration.listen))
                .kind(Kind::Address(error.kind()))
                .cause(&error)
                .hint(way_out(error.kind()))
        })?;
        let shared = Arc::new(Shared {
            routes: ArcSwap::from_pointee(routes),
            places: Arc::new(Semaphore::new(limits.concurrent.max(1))),
            waiting: AtomicUsize::new(0),
            limits,
            observer: configuration.observer.clone(),
        });
        let (stop, stopping) = oneshot::channel();
        let (report, stopped) = mpsc::channel();
        let accepting = accept(listener, shared.clone(), stopping, configuration.grace);
        runtime.spawn(async move {
            accepting.await;
            // Nobody waits if the server was dropped.
            let _ = report.send(());
        });
        Ok(Server {
            configuration,
            loader,
            shared,
            changing: Mutex::default(),
            address,
            runtime: Some(runtime),
            stop: Some(stop),
            stopped: Mutex::new(stopped),
        })
    }

    /// The address that is listened on, with its real port.
    pub fn local_address(&self) -> SocketAddr {
        self.address
    }

    /// Serves these components from now on in place of all others. Requests in
    /// flight finish in the code that they began in. If it fails, nothing changes.
    pub fn update(&self, components: &[Component]) -> Result<(), Error> {
        let routes = mount(components, &self.configuration, &self.loader)?;
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.shared.routes.store(Arc::new(routes));
        Ok(())
    }

    /// Serves `component` in place of the one that has its name, or beside the
    /// others if none has. As [`Server::update`] otherwise.
    pub fn replace(&self, component: &Component) -> Result<(), Error> {
        let route = component.route.clone();
        let target = Arc::new(Target::new(component, &self.configuration, &self.loader)?);
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.shared.routes.load_full();
        let others = current.entries().iter().filter(|(_, other)| other.name != component.name);
        let entries = others.cloned().chain([(route, target)]).collect();
        self.shared.routes.store(Arc::new(Routes::new(entries)?));
        Ok(())
    }

    /// Accepts nothing more, waits for requests in flight as long as the
    /// configuration's grace lasts, and ends. Tells whether all had finished.
    pub fn shutdown(mut self) -> bool {
        if let Some(stop) = self.stop.take() {
            // It has ended by itself if this fails.
            let _ = stop.send(());
        }
        // The margin is for the threads to notice.
        let patience = self.configuration.grace + Duration::from_secs(1);
        let deadline = Instant::now() + self.configuration.grace;
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        stopped.recv_timeout(patience).is_ok() && Instant::now() < deadline
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn mount(
    components: &[Component],
    configuration: &Configuration,
    loader: &Loader,
) -> Result<Routes<Target>, Error> {
    let mounted = components.iter().map(|component| {
        let route = component.route.clone();
        Ok((route, Arc::new(Target::new(component, configuration, loader)?)))
    });
    Routes::new(mounted.collect::<Result<_, Error>>()?)
}

/// What to do when an address cannot be listened on.
fn way_out(kind: std::io::ErrorKind) -> &'static str {
    use std::io::ErrorKind::{AddrInUse, PermissionDenied};
    match kind {
        AddrInUse => {
            "Choose another address with `--listen`, or end the program that uses this one."
        }
        PermissionDenied => {
            "Ports below 1024 are for privileged programs: choose another one with `--listen`."
        }
        _ => {
            "No network of this machine has the address: choose one that is its own, such as 127.0.0.1:8080."
        }
    }
}

fn runtime(configuration: &Configuration) -> std::io::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = configuration.threads {
        builder.worker_threads(threads.max(1));
    }
    builder.thread_name("isospin-host").enable_all().build()
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    const BACKLOG: u32 = 1024;
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // So that a server can be started again while old connections fade away.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stopping`, then ends connections as their requests end.
async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stopping: oneshot::Receiver<()>,
    grace: Duration,
) {
    let connections = Arc::new(Semaphore::new(shared.limits.connections.max(1)));
    let graceful = GracefulShutdown::new();
    let protocols = Arc::new(protocols(&shared.limits));
    loop {
        let accepted = tokio::select! {
            _ = &mut stopping => break,
            accepted = async {
                let place = connections.clone().acquire_owned().await;
                (listener.accept().await, place)
            } => accepted,
        };
        let (Ok((stream, _)), place) = accepted else {
            // No more descriptors, most likely: some will be free soon.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let connection = serve(stream, shared.clone(), protocols.clone(), graceful.watcher());
        tokio::spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    let places = u32::try_from(shared.limits.concurrent.max(1)).unwrap_or(u32::MAX);
    let finished = async {
        graceful.shutdown().await;
        // Guests may work on after their response.
        let _ = shared.places.acquire_many(places).await;
    };
    // What has not finished by then is dropped with the runtime.
    let _ = tokio::time::timeout(grace, finished).await;
}

fn protocols(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        // The library takes no less than this.
        .max_buf_size(limits.header_bytes.max(8192))
        .max_headers(limits.header_count);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(limits.header_time);
    builder
}

async fn serve(
    stream: TcpStream,
    shared: Arc<Shared>,
    protocols: Arc<auto::Builder<TokioExecutor>>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // Small chunks are sent when they are written; whoever wants larger ones
    // gathers them before. A socket that refuses is slower, not broken.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let shared = shared.clone();
        async move { Ok::<_, Infallible>(shared.answer(request).await) }
    });
    let connection = protocols.serve_connection(TokioIo::new(stream), service);
    // Clients that leave, send nonsense or are too slow end here: their affair.
    let _ = watcher.watch(connection).await;
}
