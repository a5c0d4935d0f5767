//! Measures this host beside `wasmtime serve` on one component, in one run:
//!
//! ```text
//! cargo run --release -p isospin-host --example compare -- hello.wasm [wasmtime] [rounds]
//! ```
//!
//! Each host is a process of its own and gets the same load from this one, over
//! connections that stay open, turn by turn; the figures are medians of the
//! rounds. Without the name of a `wasmtime` program the host is measured alone.

#![allow(
    clippy::disallowed_methods,
    reason = "the measured processes are ended with the measurement"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use isospin_host::{Component, Configuration, Server, Source};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const CONNECTIONS: [usize; 3] = [1, 16, 64];
const ROUND: Duration = Duration::from_millis(1000);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, file] if flag == "--serve" => serve(file),
        [file] => compare(file, None, 9),
        [file, wasmtime] => compare(file, Some(wasmtime), 9),
        [file, wasmtime, rounds] => compare(file, Some(wasmtime), rounds.parse()?),
        _ => Err("usage: compare FILE.wasm [WASMTIME] [ROUNDS]".into()),
    }
}

/// The measured process: tells its address, and serves until its input closes.
fn serve(file: &str) -> Result<()> {
    let component = Component::alone("measured", Source::File(file.into()));
    let server = Server::start(Configuration::default(), &[component])?;
    writeln!(std::io::stdout(), "{}", server.local_address())?;
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

/// A host under load; its process ends with it.
struct Subject {
    name: &'static str,
    process: Child,
    address: SocketAddr,
    /// Requests per second and median latency in microseconds, by connections.
    rounds: [Vec<(f64, f64)>; CONNECTIONS.len()],
}

impl Drop for Subject {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Subject {
    fn ours(file: &str) -> Result<Subject> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--serve", file])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse()?;
        Ok(Subject { name: "isospin", process, address, rounds: Default::default() })
    }

    fn wasmtime(program: &str, file: &str) -> Result<Subject> {
        // A port that was free a moment ago: the program does not choose one itself.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let process = Command::new(program)
            .args(["serve", "--addr", &address.to_string(), file])
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Subject { name: "wasmtime serve", process, address, rounds: Default::default() })
    }

    fn median(&self, index: usize, pick: fn(&(f64, f64)) -> f64) -> f64 {
        median(self.rounds[index].iter().map(pick).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn compare(file: &str, wasmtime: Option<&str>, rounds: usize) -> Result<()> {
    if !Path::new(file).is_file() {
        return Err(format!("{file}: there is no such file").into());
    }
    let mut subjects = vec![Subject::ours(file)?];
    if let Some(program) = wasmtime {
        subjects.push(Subject::wasmtime(program, file)?);
    }
    // One thread, so that the hosts have the other processors.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for subject in &subjects {
        runtime.block_on(ready(subject.address))?;
    }
    // The first round warms up and is not counted.
    for round in 0..=rounds {
        for (index, connections) in CONNECTIONS.into_iter().enumerate() {
            for subject in &mut subjects {
                let measured = runtime.block_on(load(subject.address, connections, ROUND))?;
                if round > 0 {
                    subject.rounds[index].push(measured);
                }
            }
        }
    }
    report(&subjects)
}

async fn ready(address: SocketAddr) -> Result<()> {
    let begun = Instant::now();
    loop {
        match load(address, 1, Duration::from_millis(1)).await {
            Ok(_) => return Ok(()),
            Err(error) if begun.elapsed() > Duration::from_secs(60) => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn load(address: SocketAddr, connections: usize, time: Duration) -> Result<(f64, f64)> {
    let begun = Instant::now();
    let tasks = tokio::task::LocalSet::new();
    let latencies = tasks
        .run_until(async {
            let clients: Vec<_> = (0..connections)
                .map(|_| tokio::task::spawn_local(client(address, begun + time)))
                .collect();
            let mut all = Vec::new();
            for client in clients {
                all.extend(client.await?.map_err(|error| error.to_string())?);
            }
            Result::<_>::Ok(all)
        })
        .await?;
    let rate = latencies.len() as f64 / begun.elapsed().as_secs_f64();
    Ok((rate, median(latencies)))
}

/// Sends one request after the other until `end`; gives their latencies in microseconds.
async fn client(address: SocketAddr, end: Instant) -> Result<Vec<f64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = format!("GET / HTTP/1.1\r\nhost: {address}\r\n\r\n");
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

fn report(subjects: &[Subject]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "connections  host            requests/s     p50 us")?;
    for (index, connections) in CONNECTIONS.into_iter().enumerate() {
        let rate = |subject: &Subject| subject.median(index, |round| round.0);
        let latency = |subject: &Subject| subject.median(index, |round| round.1);
        for subject in subjects {
            let (name, rate, latency) = (subject.name, rate(subject), latency(subject));
            writeln!(out, "{connections:>11}  {name:<14} {rate:>11.0} {latency:>10.1}")?;
        }
        if let [ours, theirs] = subjects {
            writeln!(
                out,
                "{connections:>11}  ratio          {:>11.2} {:>10.2}",
                rate(ours) / rate(theirs),
                latency(ours) / latency(theirs)
            )?;
        }
    }
    Ok(())
}
