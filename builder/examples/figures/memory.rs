//! How much memory a guest needs to echo a body, by the host's limit on it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use isospin_host::{Component, Configuration, Limits, Line, Server, Source};

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What a streaming guest must echo in little memory.
pub const LARGE: usize = 8 << 20;

/// What shows that the memory does not grow with the body.
pub const LARGER: usize = 32 << 20;

/// The steps in which memory is measured.
const STEP: u64 = 128 << 10;
/// More than any guest needs.
const MOST: u64 = 64 << 20;

/// Bytes of memory with which an instance of the guest begins.
///
/// # Errors
/// If it cannot be read, or is no component.
pub fn start(guest: &Path) -> Result<u64> {
    let inspection = isospin_builder::component::inspect(&std::fs::read(guest)?, "the guest");
    Ok(inspection.map_err(|error| error.to_string())?.initial_memory)
}

/// The least memory, to 128 KiB, with which the guest echoes a body of `length` bytes.
///
/// # Errors
/// If it does not even with 64 MiB.
pub fn least(guest: &Path, length: usize, cache: PathBuf) -> Result<u64> {
    let passes = |memory: u64| echoes(guest, length, memory, cache.clone());
    if !passes(MOST)? {
        return Err(format!("{}: it echoes no {length} bytes", guest.display()).into());
    }
    let (mut fails, mut passes_with) = (0, MOST / STEP);
    while passes_with - fails > 1 {
        let middle = fails + (passes_with - fails) / 2;
        if passes(middle * STEP)? { passes_with = middle } else { fails = middle }
    }
    Ok(passes_with * STEP)
}

/// Whether all that is sent comes back.
fn echoes(guest: &Path, length: usize, memory: u64, cache: PathBuf) -> Result<bool> {
    let configuration = Configuration {
        limits: Limits { memory, ..Limits::default() },
        cache: Some(cache),
        threads: Some(1),
        grace: Duration::from_millis(100),
        // It is expected to fail.
        log: Arc::new(|_: Line<'_>| {}),
        ..Configuration::default()
    };
    let component = Component::alone("guest", Source::File(guest.to_owned()));
    // A module that begins with more than it may have is refused at once.
    let Ok(server) = Server::start(configuration, &[component]) else { return Ok(false) };
    let echoed = echo(server.local_address(), length);
    server.shutdown();
    Ok(echoed.is_ok_and(|echoed| echoed == length))
}

/// The number of bytes of the body that come back.
fn echo(address: SocketAddr, length: usize) -> Result<usize> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut writer = stream.try_clone()?;
    let sending = std::thread::spawn(move || {
        let head = format!(
            "POST /echo HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        // What fails here is seen in what comes back.
        let _ = writer.write_all(head.as_bytes());
        let _ = writer.write_all(&vec![b'x'; length]);
    });
    let mut received = Vec::new();
    // A body that is cut may end in an error; what came before it tells enough.
    let _ = stream.read_to_end(&mut received);
    drop(stream);
    let _ = sending.join();
    let begin = received.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no head")?;
    if !received.starts_with(b"HTTP/1.1 200") {
        return Ok(0);
    }
    // Chunks have their sizes between them, which hold no such letter.
    Ok(received[begin..].iter().filter(|byte| **byte == b'x').count())
}
