//! The case format: what a file in `conformance/cases/` may say. `FORMAT.md` tells it in prose.

mod exchange;
mod surroundings;
mod validate;

pub use exchange::{
    Close, Connection, Exchange, ExpectKind, ExpectStep, Field, Framing, Request,
    RequestExpectation, Response, SendBody, SendKind, SendRaw, SendStep, Step,
};
pub use surroundings::{
    Behaviour, Capability, Certificate, Compare, Guest, Limits, Log, Mode, Outbound, Relation,
    Serve, Upstream, UpstreamResponse,
};

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One rule of HTTP behaviour, and the exchanges that show whether it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// `topic/name`: the file's folder and name. Not written in the file.
    #[serde(skip)]
    pub name: String,
    /// What must hold, in one sentence.
    pub rule: String,
    /// Where that is written: `RFC 9110 section 5.3`, `GUEST.md`, `wasi:http/types outgoing-body`.
    pub source: String,
    /// Which guest is asked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub guest: Guest,
    /// What the host must offer, beyond what other parts of the case need by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Capability>,
    /// The modes in which the rule holds.
    #[serde(default = "Mode::all", skip_serializing_if = "is_every_mode")]
    pub modes: Vec<Mode>,
    /// The case is given up after so many seconds. Nothing is ever proven by time.
    #[serde(default = "ten", skip_serializing_if = "is_ten")]
    pub seconds: u64,
    /// How the guest must be served.
    #[serde(default, skip_serializing_if = "is_default")]
    pub serve: Serve,
    /// Servers that the driver runs for the guest's outbound requests.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub upstream: BTreeMap<String, Upstream>,
    /// What is said, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<Exchange>,
    /// What must hold between values that were captured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<Compare>,
    /// What the host's log must hold in the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Log>,
    /// In the end a new connection asks for `/status/200` and must get it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unharmed: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_every_mode(modes: &[Mode]) -> bool {
    modes == Mode::all()
}

fn ten() -> u64 {
    10
}

fn is_ten(seconds: &u64) -> bool {
    *seconds == ten()
}

impl Case {
    /// Reads a case and checks that it makes sense.
    ///
    /// # Errors
    /// If the text is not TOML of this format, or contradicts itself. The
    /// message begins with the case's name and has line and column.
    pub fn parse(name: &str, text: &str) -> Result<Case> {
        let mut case: Case = toml::from_str(text).with_context(|| format!("case {name}"))?;
        case.name = name.to_owned();
        validate::check(&case).with_context(|| format!("case {name}"))?;
        Ok(case)
    }

    /// The folder that the case lies in.
    pub fn topic(&self) -> &str {
        self.name.split_once('/').map_or("", |(topic, _)| topic)
    }

    /// All that the host must offer for this case.
    pub fn needed(&self) -> Vec<Capability> {
        let mut needed = self.needs.clone();
        let mut need = |condition: bool, capability: Capability| {
            if condition && !needed.contains(&capability) {
                needed.push(capability);
            }
        };
        need(!self.serve.environment.is_empty(), Capability::Environment);
        need(self.serve.outbound == Outbound::None, Capability::DenyOutbound);
        need(self.serve.limits != Limits::default(), Capability::Limits);
        need(self.log.is_some(), Capability::Log);
        needed
    }
}
