//! Load on servers, turn by turn, and medians of what it shows. `compare` and
//! the builder's `figures` measure with this.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How long a server may take until it answers: it may compile first.
const START: Duration = Duration::from_secs(120);

/// What one round of load has shown.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Requests per second.
    pub rate: f64,
    /// Microseconds that half of the requests took at most.
    pub p50: f64,
}

/// A server under load; its process ends with it.
pub struct Subject {
    pub name: String,
    process: Child,
    pub address: SocketAddr,
    /// What is asked for.
    path: String,
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
    pub fn telling(name: &str, path: &str, command: &mut Command) -> Result<Subject> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let mut subject = Subject::of(name, path, process, (Ipv4Addr::LOCALHOST, 0).into());
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
    pub fn told(
        name: &str,
        path: &str,
        command: impl FnOnce(SocketAddr) -> Command,
    ) -> Result<Subject> {
        // A port that was free a moment ago.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let process = command(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        Ok(Subject::of(name, path, process, address))
    }

    fn of(name: &str, path: &str, process: Child, address: SocketAddr) -> Subject {
        let (name, path) = (name.to_owned(), path.to_owned());
        Subject { name, process, address, path, rounds: Vec::new() }
    }

    /// The median over the rounds with the `index`th number of connections.
    pub fn median(&self, index: usize, pick: fn(&Load) -> f64) -> f64 {
        median(self.rounds[index].iter().map(pick).collect())
    }

    /// The median of the ratios to `other` in the same round: what slows a whole
    /// round down falls out of it.
    pub fn ratio(&self, other: &Subject, index: usize, pick: fn(&Load) -> f64) -> f64 {
        let pairs = self.rounds[index].iter().zip(&other.rounds[index]);
        median(pairs.map(|(own, other)| pick(own) / pick(other)).collect())
    }
}

/// The middle value; NaN of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Loads one subject after the other for `time`, with each number of
/// connections, `rounds` times. A first round warms up and is not counted.
///
/// # Errors
/// If a server does not come up, or does not answer with status 200.
pub fn take_turns(
    subjects: &mut [Subject],
    connections: &[usize],
    rounds: usize,
    time: Duration,
) -> Result<()> {
    // One thread, so that the hosts have the other processors.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for subject in subjects.iter_mut() {
        runtime.block_on(ready(subject)).map_err(|error| format!("{}: {error}", subject.name))?;
        subject.rounds = vec![Vec::new(); connections.len()];
    }
    for round in 0..=rounds {
        for (index, connections) in connections.iter().enumerate() {
            for subject in subjects.iter_mut() {
                let load = runtime.block_on(load(subject, *connections, time))?;
                if round > 0 {
                    subject.rounds[index].push(load);
                }
            }
        }
    }
    Ok(())
}

async fn ready(subject: &Subject) -> Result<()> {
    let begun = Instant::now();
    loop {
        match load(subject, 1, Duration::from_millis(1)).await {
            Ok(_) => return Ok(()),
            Err(error) if begun.elapsed() > START => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn load(subject: &Subject, connections: usize, time: Duration) -> Result<Load> {
    let begun = Instant::now();
    let tasks = tokio::task::LocalSet::new();
    let latencies = tasks
        .run_until(async {
            let clients: Vec<_> = (0..connections)
                .map(|_| client(subject.address, subject.path.clone(), begun + time))
                .map(tokio::task::spawn_local)
                .collect();
            let mut all = Vec::new();
            for client in clients {
                all.extend(client.await?.map_err(|error| error.to_string())?);
            }
            Result::<_>::Ok(all)
        })
        .await?;
    let rate = latencies.len() as f64 / begun.elapsed().as_secs_f64();
    Ok(Load { rate, p50: median(latencies) })
}

/// Sends one request after the other until `end`; gives their latencies in microseconds.
async fn client(address: SocketAddr, path: String, end: Instant) -> Result<Vec<f64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let mut latencies = Vec::new();
    let mut buffer = Vec::with_capacity(16 << 10);
    while latencies.is_empty() || Instant::now() < end {
        let begun = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        buffer.clear();
        while !complete(&buffer)? {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err("the connection was closed".into());
            }
        }
        latencies.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    Ok(latencies)
}

/// Whether `bytes` hold a whole response with status 200.
fn complete(bytes: &[u8]) -> Result<bool> {
    let mut fields = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut fields);
    let httparse::Status::Complete(length) = head.parse(bytes)? else { return Ok(false) };
    if head.code != Some(200) {
        return Err(format!("the response has the status {:?}", head.code).into());
    }
    let field = |name: &str| {
        head.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|f| f.value)
    };
    let body = &bytes[length..];
    match field("content-length") {
        Some(digits) => Ok(body.len() >= std::str::from_utf8(digits)?.parse()?),
        None if field("transfer-encoding").is_some() => Ok(body.ends_with(b"0\r\n\r\n")),
        None => Err("the response has no framing".into()),
    }
}
