//! Load on a server, and what its clients see.
//!
//! The load is a closed loop: each connection sends its next request when it has
//! the whole answer to the last. A server that stops for a moment is asked less in
//! that moment, so latencies tell what a patient client waits, and not what
//! clients would wait that come on their own schedule.

use std::error::Error as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::{LocalSet, spawn_local};

/// What each request of a load is.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub method: Method,
    /// Path and query.
    pub target: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Asked {
    /// `GET` of a path.
    ///
    /// # Errors
    /// If it is none.
    pub fn path(path: &str) -> Result<Asked, http::Error> {
        Ok(Asked { target: path.parse()?, ..Asked::default() })
    }

    /// As it is sent to `host`; with a target that stands alone.
    pub fn request(&self, host: &str) -> Request<Bytes> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.target.clone();
        *request.headers_mut() = self.headers.clone();
        if !self.headers.contains_key(header::HOST)
            && let Ok(host) = HeaderValue::from_str(host)
        {
            request.headers_mut().insert(header::HOST, host);
        }
        request
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.method, self.target)
    }
}

/// What one turn of load has shown. Times are in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Requests per second.
    pub rate: f64,
    /// Until the answer's head was there, for half of the requests.
    pub first_byte: f64,
    /// Until the answer was whole, for half of the requests.
    pub p50: f64,
    /// Nothing if there were too few requests to tell.
    pub p90: Option<f64>,
    pub p99: Option<f64>,
}

/// Why a load gives no figures.
#[derive(Clone, Debug)]
pub enum Bad {
    /// The status is none of success; with the beginning of the body.
    Status(StatusCode, String),
    /// There is no whole answer, for this reason.
    Broken(String),
}

impl std::fmt::Display for Bad {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bad::Status(status, _) => write!(formatter, "the answer has the status {status}"),
            Bad::Broken(why) => write!(formatter, "the answer broke off: {why}"),
        }
    }
}

impl std::error::Error for Bad {}

/// Requests that begin in it are counted.
#[derive(Clone, Copy)]
struct Window {
    from: Instant,
    until: Instant,
}

/// One request that was counted.
struct Answer {
    first: Duration,
    whole: Duration,
    ended: Instant,
}

/// Asks over so many connections at once, first for as long as `warming` without
/// counting, then for `time`; each connection counts at least one request.
///
/// # Errors
/// If an answer is not whole, or its status none of success.
pub async fn load(
    address: SocketAddr,
    asked: &Asked,
    connections: usize,
    warming: Duration,
    time: Duration,
) -> Result<Load, Bad> {
    let from = Instant::now() + warming;
    let window = Window { from, until: from + time };
    let request = asked.request(&address.to_string());
    let counting = async {
        let start = |_| spawn_local(client(address, request.clone(), window));
        let clients: Vec<_> = (0..connections.max(1)).map(start).collect();
        let mut all = Vec::new();
        for client in clients {
            all.extend(client.await.map_err(|error| Bad::Broken(error.to_string()))??);
        }
        Ok(all)
    };
    Ok(summary(&LocalSet::new().run_until(counting).await?, window))
}

fn summary(answers: &[Answer], window: Window) -> Load {
    let ended = answers.iter().map(|answer| answer.ended).max().unwrap_or(window.until);
    let seconds = ended.saturating_duration_since(window.from).as_secs_f64();
    let sorted = |pick: fn(&Answer) -> Duration| {
        let mut times: Vec<Duration> = answers.iter().map(pick).collect();
        times.sort_unstable();
        times
    };
    let whole = sorted(|answer| answer.whole);
    Load {
        rate: answers.len() as f64 / seconds,
        first_byte: quantile(&sorted(|answer| answer.first), 50).unwrap_or(f64::NAN),
        p50: quantile(&whole, 50).unwrap_or(f64::NAN),
        p90: quantile(&whole, 90),
        p99: quantile(&whole, 99),
    }
}

/// The milliseconds that so many per cent took at most; nothing if less than one
/// request would be expected beyond.
fn quantile(sorted: &[Duration], percent: usize) -> Option<f64> {
    let beyond = sorted.len() * (100 - percent) / 100;
    let enough = beyond >= 1 || percent == 50;
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).filter(|_| enough).map(|time| time.as_secs_f64() * 1e3)
}

/// One request after the other, until the window closes.
async fn client(
    address: SocketAddr,
    request: Request<Bytes>,
    window: Window,
) -> Result<Vec<Answer>, Bad> {
    let mut sender = connect(address).await?;
    let mut answers = Vec::new();
    while answers.is_empty() || Instant::now() < window.until {
        sender.ready().await.map_err(broken)?;
        let begun = Instant::now();
        let (first, whole) = ask(&mut sender, request.clone().map(Full::new), begun).await?;
        if begun >= window.from {
            answers.push(Answer { first, whole, ended: begun + whole });
        }
    }
    Ok(answers)
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, Bad> {
    let refused = |error: std::io::Error| Bad::Broken(format!("{address}: {error}"));
    let stream = TcpStream::connect(address).await.map_err(refused)?;
    stream.set_nodelay(true).map_err(refused)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // What ends it is told to the sender too.
    spawn_local(async move { drop(connection.await) });
    Ok(sender)
}

/// How long the answer's head took, and the whole.
async fn ask(
    sender: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
    begun: Instant,
) -> Result<(Duration, Duration), Bad> {
    let response = sender.send_request(request).await.map_err(broken)?;
    let first = begun.elapsed();
    let (head, mut body) = response.into_parts();
    if !head.status.is_success() {
        let text = match body.collect().await {
            Ok(body) => String::from_utf8_lossy(&body.to_bytes()).chars().take(500).collect(),
            Err(_) => String::new(),
        };
        return Err(Bad::Status(head.status, text));
    }
    while let Some(frame) = body.frame().await {
        frame.map_err(broken)?;
    }
    Ok((first, begun.elapsed()))
}

/// The library's own words, to the deepest cause.
fn broken(error: hyper::Error) -> Bad {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    Bad::Broken(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_needs_a_request_beyond_it() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(quantile(&times, 50), Some(50.0));
        assert_eq!(quantile(&times, 90), Some(90.0));
        assert_eq!(quantile(&times, 99), Some(99.0));
        assert_eq!(quantile(&times[..99], 99), None);
        assert_eq!(quantile(&times[..9], 90), None);
        assert_eq!(quantile(&times[..1], 50), Some(1.0));
        assert_eq!(quantile(&[], 50), None);
    }
}
