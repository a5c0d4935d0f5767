//! One case against one served guest.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::check;
use super::compare;
use super::exchange::Context;
use super::failure::{Failure, Mismatch};
use super::pattern::Captures;
use crate::case::{Behaviour, Case, Connection as Which, Exchange, Log, Request, Response};
use crate::data::{Variables, show};
use crate::host::Served;
use crate::upstream::UpstreamServer;
use crate::wire::{Connection, Piece, Wire};

/// The stretches of an exchange that are kept where all went well.
const KEPT: usize = 40;

/// How a case went.
pub struct Ran {
    /// The first difference from what the case expects, if there is one.
    pub result: Result<(), Box<Failure>>,
    /// What went over the wires, if all went well; a failure holds its own.
    pub exchange: Vec<Piece>,
}

/// Runs a case, with `patience` times its time.
pub fn run(case: &Case, served: &dyn Served, patience: u32) -> Ran {
    let wire = Wire::default();
    let result = run_on(case, served, patience, &wire).map_err(|mismatch| {
        Box::new(Failure {
            rule: case.rule.clone(),
            source: case.source.clone(),
            at: mismatch.at,
            expected: mismatch.expected,
            got: mismatch.got,
            wire: wire.pieces(
                mismatch.connection.as_deref().filter(|name| !name.starts_with("upstream.")),
            ),
        })
    });
    let mut exchange = if result.is_ok() { wire.pieces(None) } else { Vec::new() };
    exchange.truncate(KEPT);
    Ran { result, exchange }
}

fn run_on(case: &Case, served: &dyn Served, patience: u32, wire: &Wire) -> Result<(), Mismatch> {
    let deadline = Instant::now() + Duration::from_secs(case.seconds) * patience;
    let from = served.log().map(|log| log.length()).unwrap_or_default();
    let (upstreams, variables) =
        start_upstreams(case, wire, deadline).map_err(|error| Mismatch::fault(&error))?;
    let context = Context {
        case,
        address: served.address(),
        variables,
        upstreams,
        wire: wire.clone(),
        deadline,
    };
    let mut captures = Captures::new();
    let mut connection = None;
    for (number, exchange) in case.exchange.iter().enumerate() {
        let name = (number + 1).to_string();
        let left = perform_all(&context, exchange, &name, connection.take(), &mut captures)
            .map_err(|mismatch| mismatch.inside(&format!("exchange {name}")))?;
        connection = left;
    }
    check_upstreams(&context)?;
    compare::add_now(&mut captures);
    case.compare.iter().try_for_each(|relation| compare::check(relation, &captures))?;
    if let Some(log) = &case.log {
        check_log(&context, log, served, from)?;
    }
    if case.unharmed { unharmed(&context) } else { Ok(()) }
}

fn start_upstreams(
    case: &Case,
    wire: &Wire,
    deadline: Instant,
) -> anyhow::Result<(BTreeMap<String, UpstreamServer>, Variables)> {
    let mut ports = Vec::new();
    let mut variables = Variables::new();
    for (name, upstream) in &case.upstream {
        let reserved = UpstreamServer::reserve()?;
        variables.insert(format!("upstream.{name}"), reserved.1.to_string());
        ports.push((name, upstream, reserved));
    }
    let mut servers = BTreeMap::new();
    for (name, upstream, reserved) in ports {
        let server =
            UpstreamServer::start(name, upstream, reserved, &variables, wire.clone(), deadline)?;
        servers.insert(name.clone(), server);
    }
    Ok((servers, variables))
}

/// All repetitions of an exchange, at once or one after the other. Gives back the connection that stays open.
fn perform_all(
    context: &Context<'_>,
    exchange: &Exchange,
    name: &str,
    before: Option<Connection>,
    captures: &mut Captures,
) -> Result<Option<Connection>, Mismatch> {
    let mut open = before;
    for round in 0..exchange.times {
        let name =
            if exchange.times > 1 { format!("{name}.{}", round + 1) } else { name.to_owned() };
        if exchange.parallel > 1 {
            at_once(context, exchange, &name, captures)?;
            continue;
        }
        let connection = match (exchange.connection, open.take()) {
            (Which::New, _) => context.connect(&name)?,
            (Which::Same, Some(mut connection)) => {
                connection.again(name.clone(), context.deadline);
                connection
            }
            (Which::Same, None) => {
                return Err(Mismatch::new(
                    "connection",
                    "the connection to stay open",
                    "a connection that was closed",
                ));
            }
        };
        let (captured, left) = context.perform(exchange, connection)?;
        add(captures, captured);
        open = left;
    }
    Ok(open)
}

fn at_once(
    context: &Context<'_>,
    exchange: &Exchange,
    name: &str,
    captures: &mut Captures,
) -> Result<(), Mismatch> {
    let results: Vec<_> = std::thread::scope(|scope| {
        let one = |index: usize| {
            let name = format!("{name}#{}", index + 1);
            context.connect(&name).and_then(|connection| context.perform(exchange, connection))
        };
        let threads: Vec<_> =
            (0..exchange.parallel).map(|index| scope.spawn(move || one(index))).collect();
        threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    for result in results {
        let broken = |_| Err(Mismatch::fault(&anyhow::anyhow!("the driver's own thread panicked")));
        add(captures, result.unwrap_or_else(broken)?.0);
    }
    Ok(())
}

fn add(captures: &mut Captures, more: Captures) {
    for (name, values) in more {
        captures.entry(name).or_default().extend(values);
    }
}

/// Holds the requests that upstream servers got against what they expect.
fn check_upstreams(context: &Context<'_>) -> Result<(), Mismatch> {
    for (name, upstream) in &context.case.upstream {
        let server = &context.upstreams[name];
        let received = server.received_in_time(upstream.requests.unwrap_or(0));
        if let Some(count) = upstream.requests.filter(|count| *count != received.len()) {
            let got = format!("{} requests", received.len());
            return Err(Mismatch::new(
                format!("upstream.{name}"),
                format!("{count} requests"),
                got,
            ));
        }
        if upstream.tls.is_some() && !server.is_greeted_in_tls() {
            let at = format!("upstream.{name}");
            return Err(Mismatch::new(at, "the beginning of TLS", "none"));
        }
        let Some(expected) = &upstream.request else { continue };
        if received.is_empty()
            && !matches!(upstream.behaviour, Behaviour::Script | Behaviour::Refuse)
        {
            return Err(Mismatch::new(format!("upstream.{name}"), "a request", "no request"));
        }
        for request in &received {
            check::request(expected, request, &context.variables)
                .map_err(|mismatch| mismatch.inside(&format!("a request to upstream.{name}")))?;
        }
    }
    Ok(())
}

/// Waits until the log holds what it must.
fn check_log(
    context: &Context<'_>,
    log: &Log,
    served: &dyn Served,
    from: usize,
) -> Result<(), Mismatch> {
    let Some(lines) = served.log() else { return Ok(()) };
    let bytes = |data: &crate::data::Data| {
        data.bytes(&context.variables).map_err(|error| Mismatch::fault(&error))
    };
    let readable = |text: &[u8]| format!("\"{}\"", show(&text[text.len().saturating_sub(500)..]));
    for wanted in &log.contains {
        let wanted = bytes(wanted)?;
        lines.wait_for(&wanted, from, context.deadline).map_err(|text| {
            Mismatch::new("log", format!("\"{}\" in the log", show(&wanted)), readable(&text))
        })?;
    }
    for unwanted in &log.lacks {
        let unwanted = bytes(unwanted)?;
        if let Ok(text) = lines.wait_for(&unwanted, from, Instant::now()) {
            let expected = format!("no \"{}\" in the log", show(&unwanted));
            return Err(Mismatch::new("log", expected, readable(&text)));
        }
    }
    Ok(())
}

/// The next request is answered as if nothing had been.
fn unharmed(context: &Context<'_>) -> Result<(), Mismatch> {
    let request = Request { target: "/status/200".into(), ..Request::default() };
    let response = Response { body: Some("status 200\n".into()), ..Response::default() };
    let next = Exchange::of(request, response);
    let name = "next";
    let at = |mismatch: Mismatch| mismatch.inside("the next request");
    let connection = context.connect(name).map_err(at)?;
    context.perform(&next, connection).map(|_| ()).map_err(at)
}
