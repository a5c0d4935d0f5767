//! Servers that are programs of their own, under load turn by turn.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use isospin_builder::bench::Figure;
use isospin_builder::bench::load::{Asked, Load, load};
use isospin_conformance::port;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How long a server may take until it answers: it may compile first.
const START: Duration = Duration::from_secs(120);

/// A server under load; its process ends with it.
pub struct Subject {
    name: String,
    process: Child,
    pub address: SocketAddr,
    /// By connections, then by round.
    rounds: Vec<Vec<Load>>,
}

impl Drop for Subject {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Subject {
    /// Starts a server that prints its address, with port, once it serves.
    ///
    /// # Errors
    /// If it cannot be started, or prints no address.
    pub fn telling(name: &str, command: &mut Command) -> Result<Subject> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let mut subject = Subject::of(name, process, (Ipv4Addr::LOCALHOST, 0).into());
        for line in BufReader::new(output).lines() {
            let line = line?;
            let mut words = line.split(|c: char| c.is_whitespace() || c == '"');
            if let Some(address) = words.find_map(|word| word.parse().ok()) {
                subject.address = address;
                return Ok(subject);
            }
        }
        Err(format!("{name}: it ended and told no address").into())
    }

    /// Starts a server that is told where to listen by what `command` makes of
    /// an address.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn told(name: &str, command: impl FnOnce(SocketAddr) -> Command) -> Result<Subject> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port::for_another()?));
        let process = command(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        Ok(Subject::of(name, process, address))
    }

    fn of(name: &str, process: Child, address: SocketAddr) -> Subject {
        Subject { name: name.to_owned(), process, address, rounds: Vec::new() }
    }

    /// Over the rounds with the `index`th number of connections.
    pub fn figure(&self, index: usize, pick: fn(&Load) -> f64) -> Option<Figure> {
        Figure::of(self.rounds[index].iter().map(pick).collect())
    }

    /// Of the ratios to `other` in the same round: what slows a whole round down
    /// falls out of it.
    pub fn ratio(&self, other: &Subject, index: usize, pick: fn(&Load) -> f64) -> Option<Figure> {
        let pairs = self.rounds[index].iter().zip(&other.rounds[index]);
        Figure::of(pairs.map(|(own, other)| pick(own) / pick(other)).collect())
    }
}

/// Loads one subject after the other for `time`, with each number of
/// connections, `rounds` times. A first round warms up and is not counted.
///
/// # Errors
/// If a server does not come up, or does not answer `GET /` with success.
pub fn take_turns(
    subjects: &mut [Subject],
    connections: &[usize],
    rounds: usize,
    time: Duration,
) -> Result<()> {
    // One thread, so that the hosts have the other processors.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let asked = Asked::path("/")?;
    for subject in subjects.iter_mut() {
        runtime
            .block_on(ready(subject, &asked))
            .map_err(|error| format!("{}: {error}", subject.name))?;
        subject.rounds = vec![Vec::new(); connections.len()];
    }
    for round in 0..=rounds {
        for (index, connections) in connections.iter().enumerate() {
            for subject in subjects.iter_mut() {
                let load = load(subject.address, &asked, *connections, Duration::ZERO, time);
                let load = runtime.block_on(load)?;
                if round > 0 {
                    subject.rounds[index].push(load);
                }
            }
        }
    }
    Ok(())
}

async fn ready(subject: &Subject, asked: &Asked) -> Result<()> {
    let begun = Instant::now();
    loop {
        match load(subject.address, asked, 1, Duration::ZERO, Duration::ZERO).await {
            Ok(_) => return Ok(()),
            Err(error) if begun.elapsed() > START => return Err(error.into()),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
