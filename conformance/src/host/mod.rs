//! Hosts: what serves a guest while cases talk to it.

mod adapter;
mod embedded;
mod log;
mod process;
mod running;
mod started;

pub use adapter::{Adapter, Programs};
pub use embedded::EmbeddedHost;
pub use log::LogBuffer;
pub use running::RunningHost;
pub use started::StartedHost;

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;

use crate::case::{Capability, Case, Mode, Serve};

/// Something that can serve a component over HTTP.
pub trait Host: Send + Sync {
    /// The name in reports and expectations.
    fn name(&self) -> &str;

    /// Whether cases that need this can run.
    fn offers(&self, capability: Capability) -> bool;

    /// The modes that it has.
    fn modes(&self) -> Vec<Mode>;

    /// Whether it is known which of the two modes it has; if not, cases for one of them do not run.
    fn knows_mode(&self) -> bool {
        true
    }

    /// The version that it tells, for reports.
    fn version(&self) -> Option<String> {
        None
    }

    /// Why this case cannot be run on it, beyond what it does not offer.
    fn withholds(&self, case: &Case) -> Option<String> {
        let _ = case;
        None
    }

    /// By how much a slow host lengthens the time after which a case is given up.
    fn patience(&self) -> u32 {
        1
    }

    /// Starts to serve a component on loopback and returns once it listens.
    ///
    /// # Errors
    /// If it does not come up; the message has what it printed.
    fn serve(&self, serving: &Serving<'_>) -> Result<Box<dyn Served>>;
}

/// What is to be served, and how.
#[derive(Clone, Copy, Debug)]
pub struct Serving<'a> {
    pub component: &'a Path,
    pub mode: Mode,
    pub serve: &'a Serve,
}

/// A component that is being served. Dropping it ends that.
pub trait Served: Send + Sync {
    /// Where it listens.
    fn address(&self) -> SocketAddr;

    /// Whether it still serves: a guest may take a weak host down with it.
    fn is_alive(&self) -> bool {
        true
    }

    /// What the host and the guest have printed, if that can be read.
    fn log(&self) -> Option<&LogBuffer>;
}
