//! What the types alone cannot say: a case that is read must also make sense.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use super::{
    Behaviour, Case, Connection, Exchange, Mode, Relation, RequestExpectation, Response, Step,
};
use crate::data::{Data, Variables};
use crate::run::pattern::LinePattern;

/// Checks a case that was read.
///
/// # Errors
/// If a part of it contradicts another or would never be looked at.
pub fn check(case: &Case) -> Result<()> {
    for (name, text) in [("rule", &case.rule), ("source", &case.source)] {
        ensure!(!text.trim().is_empty(), "`{name}` is empty");
    }
    ensure!(case.rule.ends_with('.'), "`rule` is a sentence and ends with a full stop");
    ensure!(!case.exchange.is_empty(), "there is no `[[exchange]]`");
    ensure!(!case.modes.is_empty(), "`modes` is empty");
    ensure!((1..=60).contains(&case.seconds), "`seconds` is between 1 and 60");
    let variables: Variables = case
        .upstream
        .keys()
        .map(|name| (format!("upstream.{name}"), "127.0.0.1:1".to_owned()))
        .collect();
    let mut captures = BTreeSet::from(["now".to_owned()]);
    for (number, exchange) in case.exchange.iter().enumerate() {
        exchange_makes_sense(case, exchange, number, &variables, &mut captures)
            .with_context(|| format!("exchange {}", number + 1))?;
    }
    upstreams_make_sense(case, &variables)?;
    for compare in &case.compare {
        ensure!(
            compare.by.is_some() == (compare.are == Relation::Within),
            "`by` goes with `are = \"within\"` alone"
        );
        for value in &compare.values {
            ensure!(captures.contains(value), "nothing captures `{value}`, which `compare` names");
        }
    }
    if let Some(log) = &case.log {
        ensure!(log.lacks.is_empty() || case.serve.alone, "`log.lacks` needs `serve.alone = true`");
        all(log.contains.iter().chain(&log.lacks), &variables)?;
    }
    Ok(())
}

fn exchange_makes_sense(
    case: &Case,
    exchange: &Exchange,
    number: usize,
    variables: &Variables,
    captures: &mut BTreeSet<String>,
) -> Result<()> {
    ensure!((1..=1024).contains(&exchange.parallel), "`parallel` is between 1 and 1024");
    ensure!((1..=1024).contains(&exchange.times), "`times` is between 1 and 1024");
    ensure!(
        exchange.connection == Connection::New || (number > 0 && exchange.parallel == 1),
        "`connection = \"same\"` needs an exchange before it and no `parallel`"
    );
    let request = &exchange.request;
    ensure!(request.chunk > 0, "`chunk` is at least 1");
    ensure!(
        exchange.steps.is_empty() || request.body.is_none(),
        "with `steps` the body is sent by steps, not by `body`"
    );
    all(request.raw.iter().chain(&request.body).chain([&request.target]), variables)?;
    all(request.headers.iter().chain(&request.trailers).map(|(_, value)| value), variables)?;
    response_makes_sense(&exchange.response, variables, captures)?;
    for (number, step) in exchange.steps.iter().enumerate() {
        step_makes_sense(case, step, variables).with_context(|| format!("step {}", number + 1))?;
    }
    ensure!(
        exchange.steps.is_empty() || exchange.steps.iter().any(|step| step.expect.is_some()),
        "the steps expect nothing"
    );
    Ok(())
}

fn response_makes_sense(
    response: &Response,
    variables: &Variables,
    captures: &mut BTreeSet<String>,
) -> Result<()> {
    ensure!(!response.status.is_empty(), "`status` lists nothing");
    all(response.headers.iter().chain(&response.trailers).map(|(_, value)| value), variables)?;
    all(&response.body, variables)?;
    for name in &response.absent {
        let given = |(other, _): &&(String, Data)| other.eq_ignore_ascii_case(name);
        ensure!(
            response.headers.iter().find(given).is_none(),
            "`{name}` is in `headers` and in `absent`"
        );
    }
    let mut rest = false;
    for line in response.lines.iter().flatten() {
        ensure!(!rest, "`<name:rest>` takes all lines that remain and must be the last");
        let pattern = LinePattern::parse(line)?;
        rest = pattern.is_rest();
        for name in pattern.captures() {
            ensure!(captures.insert(name.to_owned()), "`{name}` is captured twice");
        }
    }
    Ok(())
}

fn step_makes_sense(case: &Case, step: &Step, variables: &Variables) -> Result<()> {
    let actions = [step.send.is_some(), step.expect.is_some(), step.close.is_some()];
    ensure!(
        actions.iter().filter(|action| **action).count() == 1,
        "a step has exactly one of `send`, `expect` and `close`"
    );
    if let Some(name) = &step.at {
        match case.upstream.get(name) {
            Some(upstream) if upstream.behaviour == Behaviour::Script => {}
            Some(_) => bail!("`at = \"{name}\"` needs `upstream.{name}.behaviour = \"script\"`"),
            None => bail!("there is no `upstream.{name}`"),
        }
    }
    use super::{ExpectKind, ExpectStep, SendStep};
    ensure!(
        step.at.is_none() || step.expect != Some(ExpectStep::Part(ExpectKind::Interim)),
        "only the client can expect an interim response"
    );
    match (&step.send, &step.expect) {
        (Some(SendStep::Body(send)), _) => all([&send.body], variables),
        (Some(SendStep::Raw(send)), _) => all([&send.raw], variables),
        (_, Some(ExpectStep::Body(expect))) => {
            ensure!(!expect.body.bytes(variables)?.is_empty(), "no bytes are always there");
            Ok(())
        }
        _ => Ok(()),
    }
}

fn upstreams_make_sense(case: &Case, variables: &Variables) -> Result<()> {
    for (name, upstream) in &case.upstream {
        let response = &upstream.response;
        all(response.headers.iter().chain(&response.trailers).map(|(_, value)| value), variables)
            .and_then(|()| all([&response.body], variables))
            .and_then(|()| {
                upstream
                    .request
                    .as_ref()
                    .map_or(Ok(()), |request| request_makes_sense(request, variables))
            })
            .with_context(|| format!("upstream.{name}"))?;
        let scripted = upstream.behaviour == Behaviour::Script;
        let stepped = case
            .exchange
            .iter()
            .flat_map(|exchange| &exchange.steps)
            .any(|step| step.at.as_ref() == Some(name));
        ensure!(
            scripted == stepped,
            "`upstream.{name}` has the behaviour \"script\" and no step, or steps and no script"
        );
        ensure!(
            upstream.barrier.is_none() || upstream.behaviour == Behaviour::Respond,
            "`upstream.{name}.barrier` goes with the behaviour \"respond\""
        );
        ensure!(
            upstream.tls.is_none() || upstream.behaviour == Behaviour::Respond,
            "`upstream.{name}.tls` goes with the behaviour \"respond\""
        );
    }
    ensure!(
        case.modes.iter().collect::<BTreeSet<&Mode>>().len() == case.modes.len(),
        "`modes` names one of them twice"
    );
    Ok(())
}

fn request_makes_sense(request: &RequestExpectation, variables: &Variables) -> Result<()> {
    all(request.headers.iter().chain(&request.trailers).map(|(_, value)| value), variables)?;
    all(request.target.iter().chain(&request.body), variables)
}

/// Whether all bytes can be made.
fn all<'a>(data: impl IntoIterator<Item = &'a Data>, variables: &Variables) -> Result<()> {
    data.into_iter().try_for_each(|data| data.bytes(variables).map(|_| ()))
}
