//! A host that somebody else has started: `--url http://...`.

use std::net::{SocketAddr, ToSocketAddrs};

use anyhow::{Context, Result};

use super::{Host, LogBuffer, Served, Serving};
use crate::case::{Capability, Mode};

/// A host that is already running and serves the guest at its root.
pub struct RunningHost {
    name: String,
    address: SocketAddr,
    mode: Mode,
}

impl RunningHost {
    /// `http://HOST:PORT`, with nothing after it but perhaps a `/`.
    ///
    /// # Errors
    /// If the address is not of this form or cannot be resolved.
    pub fn new(url: &str, mode: Mode) -> Result<RunningHost> {
        let authority = url
            .strip_prefix("http://")
            .map(|rest| rest.strip_suffix('/').unwrap_or(rest))
            .filter(|rest| !rest.contains('/'))
            .with_context(|| format!("{url}: the address of a running host is http://HOST:PORT"))?;
        let with_port =
            if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
        let address = with_port
            .to_socket_addrs()
            .with_context(|| format!("{url}: the host's name cannot be resolved"))?
            .next()
            .with_context(|| format!("{url}: the host has no address"))?;
        Ok(RunningHost { name: authority.to_owned(), address, mode })
    }
}

impl Host for RunningHost {
    fn name(&self) -> &str {
        &self.name
    }

    fn offers(&self, _: Capability) -> bool {
        false
    }

    fn modes(&self) -> Vec<Mode> {
        vec![self.mode]
    }

    fn serve(&self, _: &Serving<'_>) -> Result<Box<dyn Served>> {
        Ok(Box::new(Running(self.address)))
    }
}

struct Running(SocketAddr);

impl Served for Running {
    fn address(&self) -> SocketAddr {
        self.0
    }

    fn log(&self) -> Option<&LogBuffer> {
        None
    }
}
