//! What is around the exchanges of a case: how the guest is served, the
//! servers that it may call, the values that are compared, the log.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exchange::{Field, Framing, RequestExpectation};
use crate::data::Data;

/// Which of a language's two guests is asked.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Guest {
    #[default]
    Conformance,
    /// The one that imports `wasi:cli/environment`.
    Environment,
}

/// Whether the host makes an instance for each request or keeps instances.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    Fresh,
    Reused,
}

impl Mode {
    /// Both, in their order.
    pub fn all() -> Vec<Mode> {
        vec![Mode::Fresh, Mode::Reused]
    }

    /// `fresh` or `reused`.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Fresh => "fresh",
            Mode::Reused => "reused",
        }
    }
}

/// What not every host offers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Variables can be given to the guest.
    Environment,
    /// The log can be read.
    Log,
    /// Memory, time, body sizes and concurrency can be limited.
    Limits,
    /// Outbound requests can be denied.
    DenyOutbound,
    /// A guest that is stuck does not keep others from being served.
    Isolation,
}

impl Capability {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Capability::Environment => "environment",
            Capability::Log => "log",
            Capability::Limits => "limits",
            Capability::DenyOutbound => "deny-outbound",
            Capability::Isolation => "isolation",
        }
    }
}

/// How the guest must be served. Cases that want the same share a server.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Serve {
    /// The variables that the guest is given.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// Where the guest may send requests.
    pub outbound: Outbound,
    /// Limits for each request.
    pub limits: Limits,
    /// No other case uses the same server.
    pub alone: bool,
}

/// Where the guest may send requests.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outbound {
    /// To every port of `127.0.0.1`.
    #[default]
    Loopback,
    /// Nowhere.
    None,
}

/// Limits for each request; what is not given is the host's own choice.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Limits {
    /// Bytes of memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// Milliseconds of wall time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// Bytes of a request's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_body: Option<u64>,
    /// Bytes of a response's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_body: Option<u64>,
    /// Requests at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrent: Option<u64>,
}

/// A server on loopback that the driver runs for the guest's requests. Its address is `${upstream.NAME}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Upstream {
    pub behaviour: Behaviour,
    /// It speaks TLS, with this certificate, and somebody must have begun TLS with it in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Certificate>,
    /// Nobody is answered before so many requests are waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barrier: Option<usize>,
    /// What it answers; also the head that the step `{ at = NAME, send = "head" }` sends.
    pub response: UpstreamResponse,
    /// What each request that it gets must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestExpectation>,
    /// How many requests it must have got in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<usize>,
}

/// What an upstream server does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Behaviour {
    /// Reads each request to its end and answers with `response`.
    #[default]
    Respond,
    /// Answers with `response`, but with the request's body, passed on as it arrives.
    Echo,
    /// Nobody listens at the address.
    Refuse,
    /// Resets the connection as soon as something arrives.
    Reset,
    /// Reads the request and never answers.
    Silent,
    /// Does what the steps with `at = NAME` say, on one connection.
    Script,
}

/// A certificate for `127.0.0.1` that the driver makes anew each time, so that nobody can trust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certificate {
    /// Signed by nobody else.
    SelfSigned,
    /// Signed by an authority that was made with it, and whose own certificate is sent along.
    UnknownAuthority,
}

/// A response as the driver's upstream servers send it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct UpstreamResponse {
    pub status: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    pub body: Data,
    /// Default: chunked for `echo` and `script` or where there are trailers, else `length`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framing: Option<Framing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Field>,
    /// The connection ends after the body, in the middle of what was announced.
    pub cut: bool,
}

impl Default for UpstreamResponse {
    fn default() -> UpstreamResponse {
        UpstreamResponse {
            status: 200,
            headers: Vec::new(),
            body: Data::default(),
            framing: None,
            trailers: Vec::new(),
            cut: false,
        }
    }
}

/// A relation between captured values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Compare {
    /// Names of captures; a capture of a repeated exchange counts as all its values.
    /// `now` is the driver's own clock in milliseconds since 1970.
    pub values: Vec<String>,
    /// What they are to each other.
    pub are: Relation,
    /// For `within`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<u64>,
}

/// What captured values must be to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    Equal,
    /// No two are the same.
    Different,
    /// Each is a text of lines, and no two have a line in common.
    DifferentLines,
    /// At least two are different.
    NotAllEqual,
    /// Numbers, each greater than the one before.
    Ascending,
    /// Numbers, none smaller than the one before.
    NotDescending,
    /// Numbers, the smallest and the greatest no more than `by` apart.
    Within,
}

/// What the log must hold. Other cases may be writing to it at the same time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Log {
    /// Each of these occurs.
    pub contains: Vec<Data>,
    /// None of these occurs; only with `serve.alone`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<Data>,
}
