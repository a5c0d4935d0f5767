//! The embedded host: in the driver's own process.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use isospin_host::{Component, Configuration, Line, Server, Source};

use super::{Host, LogBuffer, Served, Serving};
use crate::case::{self, Capability, Mode, Outbound};

/// How many requests an instance answers where instances are reused.
const REUSE: u32 = 1000;

/// Isospin's own host.
pub struct EmbeddedHost {
    cache: Option<PathBuf>,
}

impl EmbeddedHost {
    /// Compiled code is kept in the folder, if there is one.
    pub fn new(cache: Option<PathBuf>) -> EmbeddedHost {
        EmbeddedHost { cache }
    }
}

impl Host for EmbeddedHost {
    fn name(&self) -> &str {
        "embedded"
    }

    fn offers(&self, _: Capability) -> bool {
        true
    }

    fn version(&self) -> Option<String> {
        Some(env!("CARGO_PKG_VERSION").to_owned())
    }

    fn modes(&self) -> Vec<Mode> {
        Mode::all()
    }

    fn serve(&self, serving: &Serving<'_>) -> Result<Box<dyn Served>> {
        let log = LogBuffer::default();
        let lines = log.clone();
        let configuration = Configuration {
            limits: limits(&serving.serve.limits)?,
            reuse: if serving.mode == Mode::Reused { REUSE } else { 1 },
            cache: self.cache.clone(),
            // A case that has given up must not hold up the others.
            grace: Duration::from_millis(100),
            threads: Some(2),
            log: Arc::new(move |line: Line<'_>| {
                lines.append(format!("{}\n", line.text).as_bytes())
            }),
            ..Configuration::default()
        };
        let mut component = Component::alone("guest", Source::File(serving.component.to_owned()));
        component.environment = serving.serve.environment.clone();
        if serving.serve.outbound == Outbound::Loopback {
            component.outbound =
                vec!["http://127.0.0.1:*".to_owned(), "https://127.0.0.1:*".to_owned()];
        }
        let server = Server::start(configuration, &[component])
            .context("the embedded host did not come up")?;
        Ok(Box::new(ServedEmbedded {
            address: server.local_address(),
            server: Mutex::new(Some(server)),
            log,
        }))
    }
}

fn limits(wanted: &case::Limits) -> Result<isospin_host::Limits> {
    let mut limits = isospin_host::Limits::default();
    if let Some(bytes) = wanted.memory {
        limits.memory = bytes;
    }
    if let Some(milliseconds) = wanted.milliseconds {
        limits.time = Duration::from_millis(milliseconds);
    }
    if let Some(bytes) = wanted.request_body {
        limits.request_body = bytes;
    }
    if let Some(bytes) = wanted.response_body {
        limits.response_body = bytes;
    }
    if let Some(count) = wanted.concurrent {
        limits.concurrent = usize::try_from(count).context("`limits.concurrent` is too large")?;
    }
    Ok(limits)
}

struct ServedEmbedded {
    address: SocketAddr,
    /// A server may be sent between threads but not shared by them.
    server: Mutex<Option<Server>>,
    log: LogBuffer,
}

impl Served for ServedEmbedded {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn log(&self) -> Option<&LogBuffer> {
        Some(&self.log)
    }
}

impl Drop for ServedEmbedded {
    fn drop(&mut self) {
        if let Some(server) = self.server.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            server.shutdown();
        }
    }
}
