//! What is served, for which cases, and what is not run at all.

use std::collections::BTreeMap;
use std::path::Path;

use super::{GuestBuild, Selection};
use crate::case::{Case, Guest, Mode, Serve};
use crate::expectation::Expectation;
use crate::host::Host;
use crate::report::{Outcome, Verdict};

/// One server and the cases that talk to it.
pub struct Job<'a> {
    pub language: &'a str,
    pub host: &'a dyn Host,
    pub mode: Mode,
    pub component: &'a Path,
    pub serve: &'a Serve,
    pub tasks: Vec<Task<'a>>,
}

/// A case, and the failure that is expected of it.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    pub case: &'a Case,
    pub expectation: Option<&'a Expectation>,
}

/// Cases with the same key share a server.
type Key<'a> = (Guest, &'a Serve, &'a str);

/// Groups the cases by the server that they need. Those that do not run have their outcome already.
pub fn plan<'a>(selection: &'a Selection<'a>) -> (Vec<Job<'a>>, Vec<Outcome>) {
    let mut jobs = Vec::new();
    let mut outcomes = Vec::new();
    for guest in &selection.guests {
        for host in &selection.hosts {
            for mode in host.modes().into_iter().filter(|mode| selection.modes.contains(mode)) {
                let (more, withheld) = plan_one(selection, guest, *host, mode);
                jobs.extend(more);
                outcomes.extend(withheld);
            }
        }
    }
    (jobs, outcomes)
}

fn plan_one<'a>(
    selection: &'a Selection<'a>,
    guest: &'a GuestBuild,
    host: &'a dyn Host,
    mode: Mode,
) -> (Vec<Job<'a>>, Vec<Outcome>) {
    let mut outcomes = Vec::new();
    let mut groups: BTreeMap<Key<'a>, Vec<Task<'a>>> = BTreeMap::new();
    for case in &selection.cases {
        let covers = |expectation: &&Expectation| {
            expectation.covers(&case.name, host.name(), &guest.language, mode)
        };
        let expectation = selection.expectations.iter().find(covers);
        if let Some((verdict, reason)) = withheld(case, guest, host, mode, expectation) {
            let link = expectation.and_then(|expectation| expectation.link.clone());
            outcomes.push(Outcome {
                language: guest.language.clone(),
                host: host.name().to_owned(),
                mode: host.knows_mode().then_some(mode),
                case: case.name.clone(),
                verdict,
                milliseconds: 0,
                reason: Some(reason),
                link,
                failure: None,
                exchange: Vec::new(),
            });
            continue;
        }
        let alone = if case.serve.alone { case.name.as_str() } else { "" };
        groups
            .entry((case.guest, &case.serve, alone))
            .or_default()
            .push(Task { case, expectation });
    }
    let jobs = groups.into_iter().filter_map(|((kind, serve, _), tasks)| {
        let component = component(guest, kind)?;
        Some(Job { language: &guest.language, host, mode, component, serve, tasks })
    });
    (jobs.collect(), outcomes)
}

fn component(guest: &GuestBuild, kind: Guest) -> Option<&Path> {
    match kind {
        Guest::Conformance => Some(&guest.component),
        Guest::Environment => guest.environment.as_deref(),
    }
}

/// Why a case does not run, if it does not.
fn withheld(
    case: &Case,
    guest: &GuestBuild,
    host: &dyn Host,
    mode: Mode,
    expectation: Option<&Expectation>,
) -> Option<(Verdict, String)> {
    if !case.modes.contains(&mode) {
        return Some((Verdict::Skipped, format!("the rule is not for {} instances", mode.name())));
    }
    if !host.knows_mode() && case.modes.len() == 1 {
        let reason = "it is not known whether the host's instances are fresh or reused";
        return Some((Verdict::Skipped, reason.to_owned()));
    }
    if component(guest, case.guest).is_none() {
        return Some((Verdict::Skipped, "there is no environment guest".to_owned()));
    }
    if let Some(missing) = case.needed().into_iter().find(|capability| !host.offers(*capability)) {
        return Some((Verdict::Skipped, format!("the host does not offer `{}`", missing.name())));
    }
    if let Some(reason) = host.withholds(case) {
        return Some((Verdict::Skipped, reason));
    }
    let expectation = expectation.filter(|expectation| !expectation.run)?;
    Some((Verdict::ExpectedFailure, expectation.reason.clone()))
}
