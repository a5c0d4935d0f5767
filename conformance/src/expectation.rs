//! Failures that are known: data with a reason each, in `conformance/expectations/`.

use anyhow::{Context, Result, ensure};
use glob_match::glob_match;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::Mode;

/// A file of expectations.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    #[serde(default)]
    pub expectation: Vec<Expectation>,
}

/// A case that is known to fail somewhere. Passing there fails the run until this is removed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The case, or a glob: `trailers/*`.
    pub case: String,
    /// Only on this host.
    #[serde(default)]
    pub host: Option<String>,
    /// Only in this language.
    #[serde(default)]
    pub language: Option<String>,
    /// Only in this mode.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// Why it cannot pass, in a sentence.
    pub reason: String,
    /// Where that is written or discussed.
    #[serde(default)]
    pub link: Option<String>,
    /// It is not even tried, because it would take other cases down with it.
    #[serde(default = "yes")]
    pub run: bool,
    /// It fails on some runs and passes on others: neither fails the run.
    #[serde(default)]
    pub sometimes: bool,
}

fn yes() -> bool {
    true
}

impl Expectation {
    /// Whether it speaks of this run of a case.
    pub fn covers(&self, case: &str, host: &str, language: &str, mode: Mode) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        glob_match(&self.case, case)
            && is(&self.host, host)
            && is(&self.language, language)
            && self.mode.is_none_or(|wanted| wanted == mode)
    }
}

/// Reads a file of expectations.
///
/// # Errors
/// If it is not TOML of this format.
pub fn parse(name: &str, text: &str) -> Result<Vec<Expectation>> {
    let file: Expectations =
        toml::from_str(text).with_context(|| format!("expectations {name}"))?;
    for expectation in &file.expectation {
        let case = &expectation.case;
        ensure!(
            !expectation.reason.trim().is_empty(),
            "expectations {name}: `{case}` has no reason"
        );
        ensure!(
            expectation.host.is_some() || expectation.language.is_some(),
            "expectations {name}: `{case}` names neither a host nor a language"
        );
    }
    Ok(file.expectation)
}
