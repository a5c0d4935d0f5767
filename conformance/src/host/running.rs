//! A host that somebody else has started: `--url http://...`.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{Host, LogBuffer, Served, Serving};
use crate::case::{Capability, Case, Mode, Request, Upstream};
use crate::data::Variables;
use crate::run::{ask, greet};
use crate::upstream::UpstreamServer;
use crate::wire::Wire;

/// The guest must answer each of the first requests within this time.
const PATIENCE: Duration = Duration::from_secs(10);

/// A host that is already running and serves the guest at its root.
pub struct RunningHost {
    name: String,
    address: SocketAddr,
    mode: Option<Mode>,
    /// Whether the guest's requests reach the driver's own servers.
    reaches_us: AtomicBool,
}

impl RunningHost {
    /// `http://HOST:PORT`, with nothing after it but perhaps a `/`; the mode if it is known.
    ///
    /// # Errors
    /// If the address is not of this form or cannot be resolved.
    pub fn new(url: &str, mode: Option<Mode>) -> Result<RunningHost> {
        let authority = url
            .strip_prefix("http://")
            .map(|rest| rest.strip_suffix('/').unwrap_or(rest))
            .filter(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', '@']))
            .with_context(|| format!("{url}: the address of a running host is http://HOST:PORT"))?;
        let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
        let with_port = if has_port { authority.to_owned() } else { format!("{authority}:80") };
        let address = with_port
            .to_socket_addrs()
            .with_context(|| format!("{url}: the host's name cannot be resolved"))?
            .next()
            .with_context(|| format!("{url}: the host has no address"))?;
        let reaches_us = AtomicBool::new(false);
        Ok(RunningHost { name: authority.to_owned(), address, mode, reaches_us })
    }

    /// Makes sure that the guest is there, and finds out whether its requests reach this machine.
    ///
    /// # Errors
    /// If nobody listens, or a [`Stranger`](crate::run::Stranger) does.
    pub fn greet(&self) -> Result<()> {
        TcpStream::connect_timeout(&self.address, PATIENCE).context("nothing listens there")?;
        greet(self.address, PATIENCE)?;
        self.reaches_us.store(self.calls_back()?, Ordering::SeqCst);
        Ok(())
    }

    /// Asks the guest for a request to a server of the driver.
    fn calls_back(&self) -> Result<bool> {
        let reserved = UpstreamServer::reserve()?;
        let target = format!("/gather?url=http://{}/", reserved.1);
        let (variables, wire, deadline) =
            (Variables::new(), Wire::default(), Instant::now() + PATIENCE);
        let server = UpstreamServer::start(
            "call",
            &Upstream::default(),
            reserved,
            &variables,
            wire,
            deadline,
        )?;
        let request = Request { target: target.as_str().into(), ..Request::default() };
        // Whatever is answered: what counts is what arrived.
        let _ = ask(self.address, &request, PATIENCE);
        Ok(!server.received().is_empty())
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
        vec![self.mode.unwrap_or(Mode::Fresh)]
    }

    fn knows_mode(&self) -> bool {
        self.mode.is_some()
    }

    fn withholds(&self, case: &Case) -> Option<String> {
        let is_cut_off = !case.upstream.is_empty() && !self.reaches_us.load(Ordering::SeqCst);
        is_cut_off.then(|| "the guest's requests do not reach the driver's servers".to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn error(result: Result<impl Sized>) -> String {
        result.err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn an_address_is_a_host_and_perhaps_a_port() {
        for good in ["http://127.0.0.1:81", "http://127.0.0.1/", "http://[::1]:81", "http://[::1]"]
        {
            assert!(RunningHost::new(good, None).is_ok(), "{good}");
        }
        for bad in
            ["127.0.0.1:81", "https://127.0.0.1", "http://", "http://127.0.0.1/a", "http://:x"]
        {
            assert!(error(RunningHost::new(bad, None)).starts_with(bad), "{bad}");
        }
    }

    #[test]
    fn who_is_no_guest_is_told_from_one_who_is_not_there() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let host = RunningHost::new(&url, None).unwrap();
        let stranger = std::thread::spawn(move || {
            use std::io::{Read, Write};
            // One that only connects, and three requests.
            for mut stream in listener.incoming().take(4).flatten() {
                let _ = stream.read(&mut [0; 1000]);
                let _ = stream.write_all(b"HTTP/1.1 404 No\r\ncontent-length: 4\r\n\r\nlost");
            }
        });
        assert!(error(host.greet()).contains("got 404 \"lost\""), "{}", error(host.greet()));
        stranger.join().unwrap();
        assert!(error(host.greet()).contains("nothing listens there"), "{}", error(host.greet()));
    }
}
