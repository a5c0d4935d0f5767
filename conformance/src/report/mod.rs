//! What a run has shown: data first, then a table of it for people, XML for CI
//! and a page for browsers.

mod about;
mod junit;
mod page;
mod table;

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::case::Mode;
use crate::run::Failure;
use crate::wire::Piece;

pub use about::{About, CaseAbout, GuestAbout, HostAbout};

/// Everything that a run has shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    pub about: About,
    pub summary: Summary,
    /// In the order of host, mode, language, case.
    pub outcomes: Vec<Outcome>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    pub passed: usize,
    pub failed: usize,
    pub expected_failures: usize,
    pub unexpected_passes: usize,
    pub skipped: usize,
    pub milliseconds: u64,
}

/// How one case went in one language on one host in one mode.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// The guest's: a language, or what else it is called.
    pub language: String,
    pub host: String,
    /// Nothing where it is not known.
    pub mode: Option<Mode>,
    pub case: String,
    pub verdict: Verdict,
    pub milliseconds: u64,
    /// Why it was skipped, or why its failure is expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Box<Failure>>,
    /// The bytes on the wire where the case passed; a failure holds its own.
    #[serde(skip)]
    pub exchange: Vec<Piece>,
}

/// What an outcome means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Passed,
    Failed,
    /// It failed, as an expectation says.
    ExpectedFailure,
    /// It passed although an expectation says otherwise; the expectation must go.
    UnexpectedPass,
    /// It does not apply.
    Skipped,
}

impl Verdict {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::ExpectedFailure => "failed as expected",
            Verdict::UnexpectedPass => "passed unexpectedly",
            Verdict::Skipped => "does not apply",
        }
    }
}

impl Outcome {
    /// The folder of the case.
    pub fn topic(&self) -> &str {
        self.case.split_once('/').map_or(self.case.as_str(), |(topic, _)| topic)
    }

    /// Whether the run fails because of this.
    pub fn is_bad(&self) -> bool {
        matches!(self.verdict, Verdict::Failed | Verdict::UnexpectedPass)
    }

    /// The host and what its instances are: `jco (fresh)`.
    pub fn place(&self) -> String {
        match self.mode {
            Some(mode) => format!("{} ({})", self.host, mode.name()),
            None => self.host.clone(),
        }
    }

    /// A paragraph for a person: who, which rule, expected, got, the bytes on the wire. Empty if nothing is wrong.
    pub fn explain(&self) -> String {
        let who = format!("{}: {} on {}", self.case, self.language, self.place());
        if self.verdict == Verdict::UnexpectedPass {
            let reason = self.reason.as_deref().unwrap_or_default();
            return format!(
                "{who} passes, though a failure is expected: {reason}\n  Remove the expectation.\n"
            );
        }
        let Some(failure) = &self.failure else { return String::new() };
        let mut text = format!(
            "{who}\n  rule      {} [{}]\n  at        {}\n  expected  {}\n  got       {}\n",
            failure.rule, failure.source, failure.at, failure.expected, failure.got
        );
        for piece in &failure.wire {
            for line in piece.lines() {
                text.push_str(&format!("    {line}\n"));
            }
        }
        text
    }
}

impl Report {
    /// Orders the outcomes and counts them.
    pub fn new(about: About, mut outcomes: Vec<Outcome>, took: Duration) -> Report {
        outcomes.sort_by(|one, other| {
            (&one.host, one.mode, &one.language, &one.case).cmp(&(
                &other.host,
                other.mode,
                &other.language,
                &other.case,
            ))
        });
        let count =
            |verdict: Verdict| outcomes.iter().filter(|outcome| outcome.verdict == verdict).count();
        let summary = Summary {
            passed: count(Verdict::Passed),
            failed: count(Verdict::Failed),
            expected_failures: count(Verdict::ExpectedFailure),
            unexpected_passes: count(Verdict::UnexpectedPass),
            skipped: count(Verdict::Skipped),
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        };
        Report { about, summary, outcomes }
    }

    /// Whether nothing failed that was not expected to, nothing passed that was, and something was run.
    pub fn is_good(&self) -> bool {
        let summary = &self.summary;
        summary.failed == 0
            && summary.unexpected_passes == 0
            && summary.passed + summary.expected_failures > 0
    }

    /// The report for people: a table for each host and mode, the failures, the
    /// sum. `width` is the terminal's, where there is one. It holds colours.
    pub fn display(&self, width: Option<usize>) -> String {
        let mut text = table::tables(&self.outcomes, width);
        for outcome in self.outcomes.iter().filter(|outcome| outcome.is_bad()) {
            text.push_str(&outcome.explain());
            text.push('\n');
        }
        let summary = &self.summary;
        text.push_str(&format!(
            "{} passed, {} failed, {} failed as expected, {} passed unexpectedly, {} do not apply; {:.1} s\n",
            summary.passed,
            summary.failed,
            summary.expected_failures,
            summary.unexpected_passes,
            summary.skipped,
            summary.milliseconds as f64 / 1000.0
        ));
        text
    }

    /// The report as JUnit XML: a suite for each guest, host and mode.
    ///
    /// # Errors
    /// If it cannot be written as XML.
    pub fn junit(&self) -> anyhow::Result<String> {
        junit::junit(self)
    }

    /// The report as one page that needs nothing else.
    ///
    /// # Errors
    /// If the page's template is at fault.
    pub fn page(&self) -> anyhow::Result<String> {
        page::page(self)
    }
}
