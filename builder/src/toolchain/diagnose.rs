//! What `isospin doctor` tells of each tool.

use std::path::PathBuf;

use serde::Serialize;

use super::needs::{Kind, Need, installer};
use super::resolve::{Finder, Look, Reason, needed};
use super::{Found, Origin, pairs};
use crate::report::{Code, Result};

/// One tool, as a row of data.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnosis {
    pub tool: &'static str,
    pub purpose: &'static str,
    /// Languages, `hosts`, or the tools that it installs.
    pub users: Vec<&'static str>,
    /// The versions that work.
    pub needed: String,
    /// The version that was found, perhaps a wrong one.
    pub found: Option<String>,
    pub origin: Option<Origin>,
    pub path: Option<PathBuf>,
    pub state: State,
    /// Whether something cannot be done without it as things are.
    pub is_needed: bool,
    /// What was looked at and cannot be used, a sentence each.
    pub troubles: Vec<String>,
    /// What repairs it, as a sentence.
    pub repair: Option<String>,
    /// Which failure it is, if it is one.
    #[serde(skip)]
    pub code: Option<Code>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Fit,
    Missing,
    /// There, but of a version that does not work.
    Version,
    /// There, but it tells no version.
    Broken,
    /// There, and known to go wrong, alone or with another tool that is there.
    Pair,
}

impl State {
    /// One word for a table.
    pub fn name(self) -> &'static str {
        match self {
            State::Fit => "ok",
            State::Missing => "missing",
            State::Version => "version",
            State::Broken => "broken",
            State::Pair => "wrong",
        }
    }

    /// To end a sentence: "`zig` is needed and ...".
    pub fn phrase(self) -> &'static str {
        match self {
            State::Fit => "works",
            State::Missing => "missing",
            State::Version => "of a version that does not work",
            State::Broken => "does not work",
            State::Pair => "known to go wrong",
        }
    }
}

impl Diagnosis {
    pub fn is_fit(&self) -> bool {
        self.state == State::Fit
    }
}

/// Looks at each tool, without changing anything.
///
/// # Errors
/// Only if the user interrupts.
pub fn diagnose(finder: &Finder, needs: &[Need]) -> Result<Vec<Diagnosis>> {
    let looks = finder.look_at_all(needs)?;
    let missing =
        |name: &str| looks.iter().any(|look| look.tool.name == name && look.found.is_none());
    let is_needed = |need: &Need| match need.kind {
        Kind::Language => true,
        Kind::Alternative | Kind::Host => false,
        Kind::Installer => needs.iter().any(|other| {
            other.kind == Kind::Language
                && missing(other.tool.name)
                && installer(other.tool).is_some_and(|tool| tool.name == need.tool.name)
        }),
    };
    let found: Vec<&Found> = looks.iter().filter_map(|look| look.found.as_ref()).collect();
    let row = |(need, look)| with_pair(row(need, look, is_needed(need)), &found);
    Ok(needs.iter().zip(&looks).map(row).collect())
}

/// The row, with what is known of the tool beside the others that were found.
fn with_pair(mut row: Diagnosis, found: &[&Found]) -> Diagnosis {
    if let Some(bad) = pairs::bad(found, row.tool) {
        row.state = State::Pair;
        row.troubles.push(bad.to_string());
        row.repair = Some(bad.pair.remedy.clone());
        row.code = Some(Code::ToolPair);
    }
    row
}

fn row(need: &Need, look: &Look, is_needed: bool) -> Diagnosis {
    let unfit = look.unfit.first();
    let found = look.found.as_ref();
    let state = match (found, unfit.map(|unfit| &unfit.reason)) {
        (Some(_), _) => State::Fit,
        (None, None | Some(Reason::Absent(_))) => State::Missing,
        (None, Some(Reason::Version(_))) => State::Version,
        (None, Some(Reason::Silent(_))) => State::Broken,
    };
    let wrong_version = unfit.and_then(|unfit| match &unfit.reason {
        Reason::Version(version) => Some(version.clone()),
        Reason::Silent(_) | Reason::Absent(_) => None,
    });
    Diagnosis {
        tool: need.tool.name,
        purpose: need.tool.purpose,
        users: need.users.clone(),
        needed: needed(need.tool),
        found: found.map(|found| found.version.clone()).or(wrong_version),
        origin: found.map(|found| found.origin).or(unfit.map(|unfit| unfit.origin)),
        path: found.map(|found| found.path.clone()).or(unfit.map(|unfit| unfit.path.clone())),
        state,
        is_needed,
        troubles: look.unfit.iter().map(ToString::to_string).collect(),
        repair: found.is_none().then(|| look.repair(user(need))),
        code: found.is_none().then(|| look.code()),
    }
}

/// The language for which the tool is set up; none for a host.
fn user(need: &Need) -> Option<&'static str> {
    need.users.first().copied().filter(|_| need.kind == Kind::Language)
}
