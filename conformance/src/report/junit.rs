//! The report as JUnit XML, which CI systems read.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Outcome, Report, Verdict};

/// A suite for each guest, host and mode.
pub(super) fn junit(report: &Report) -> anyhow::Result<String> {
    let mut document = quick_junit::Report::new("isospin conform");
    document.set_time(Duration::from_millis(report.summary.milliseconds));
    // Outcomes are in the order of their suites.
    let of_one_suite = |one: &Outcome, other: &Outcome| {
        (&one.host, one.mode, &one.language) == (&other.host, other.mode, &other.language)
    };
    for outcomes in report.outcomes.chunk_by(of_one_suite) {
        let name = format!("{} on {}", outcomes[0].language, outcomes[0].place());
        let mut suite = TestSuite::new(name.clone());
        for outcome in outcomes {
            let mut case = TestCase::new(outcome.case.clone(), status(outcome));
            case.set_classname(format!("{name}.{}", outcome.topic()));
            case.set_time(Duration::from_millis(outcome.milliseconds));
            suite.add_test_case(case);
        }
        document.add_test_suite(suite);
    }
    Ok(document.to_string()?)
}

fn status(outcome: &Outcome) -> TestCaseStatus {
    let reason = outcome.reason.as_deref().unwrap_or_default();
    match outcome.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Skipped | Verdict::ExpectedFailure => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{}: {reason}", outcome.verdict.name()));
            status
        }
        Verdict::Failed | Verdict::UnexpectedPass => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let message = match &outcome.failure {
                Some(failure) => format!(
                    "{} {}: expected {}, got {}",
                    failure.rule, failure.at, failure.expected, failure.got
                ),
                None => format!("{}: {reason}", outcome.verdict.name()),
            };
            status.set_message(message);
            status.set_type(outcome.verdict.name());
            status.set_description(outcome.explain());
            status
        }
    }
}
