//! One request and its response, as bytes on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;
use crate::data::Data;

/// A field line: name and value, as they are sent or must be received.
pub type Field = (String, Data);

/// One request and what must be answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exchange {
    #[serde(default)]
    pub request: Request,
    #[serde(default)]
    pub response: Response,
    /// On which connection.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connection: Connection,
    /// So many times at once, each on a connection of its own.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub parallel: usize,
    /// So many times, one after the other.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub times: usize,
    /// The order of things, where it matters. Without steps the request is
    /// sent while the response is being received.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

impl Exchange {
    /// One request on a connection of its own.
    pub fn of(request: Request, response: Response) -> Exchange {
        Exchange {
            request,
            response,
            connection: Connection::New,
            parallel: 1,
            times: 1,
            steps: Vec::new(),
        }
    }
}

fn one() -> usize {
    1
}

fn is_one(number: &usize) -> bool {
    *number == 1
}

/// On which connection an exchange takes place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Connection {
    #[default]
    New,
    /// The one that the exchange before this has left open.
    Same,
}

/// A request. `host` is added unless it is among the headers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Request {
    pub method: String,
    pub target: Data,
    pub version: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Data>,
    /// Default: `chunked` where there are trailers or steps that send, `length` where there is a body, else `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framing: Option<Framing>,
    /// The size of the chunks.
    pub chunk: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Field>,
    /// No `host` is added.
    pub bare: bool,
    /// Everything: these bytes are sent as they are, and nothing else here counts but
    /// `method`, which decides whether the response has a body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<Data>,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            method: "GET".to_owned(),
            target: "/".into(),
            version: "HTTP/1.1".to_owned(),
            headers: Vec::new(),
            body: None,
            framing: None,
            chunk: 16384,
            trailers: Vec::new(),
            bare: false,
            raw: None,
        }
    }
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// `content-length`.
    Length,
    /// `transfer-encoding: chunked`.
    Chunked,
    /// Neither. A response's body then ends with the connection.
    None,
}

/// What a response must be. Everything that is given must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Response {
    /// One of these.
    #[serde(deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany")]
    pub status: Vec<u16>,
    /// For each name that occurs here: the values of all its field lines, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    /// Fields that must be there, whatever their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<String>,
    /// Fields that must not be there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// The body, exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Data>,
    /// The body's length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<usize>,
    /// The body's digest, in lower-case hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The body's lines, each a pattern: `wall <wall:decimal>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<String>>,
    /// For each key that occurs here: the rests of all lines of the body that begin with the key and a space, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<(String, String)>,
    /// Keys that no line of the body begins with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_facts: Vec<String>,
    /// Trailer fields, as `headers`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Field>,
    /// The body is cut, not ended: the connection breaks before the end that was announced.
    #[serde(skip_serializing_if = "is_default")]
    pub cut: bool,
    /// The interim responses that came before, in their order. `100` alone may always come.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interim: Vec<u16>,
}

impl Default for Response {
    fn default() -> Response {
        Response {
            status: vec![200],
            headers: Vec::new(),
            present: Vec::new(),
            absent: Vec::new(),
            body: None,
            size: None,
            sha256: None,
            lines: None,
            facts: Vec::new(),
            no_facts: Vec::new(),
            trailers: Vec::new(),
            cut: false,
            interim: Vec::new(),
        }
    }
}

/// What a request that an upstream server got must have been.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RequestExpectation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Data>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Data>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Field>,
}

/// One step: exactly one of `send`, `expect` and `close`. The next step begins when this one is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// The upstream server that does it. Without: the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send: Option<SendStep>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<ExpectStep>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close: Option<Close>,
}

/// What a step sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`send` is \"head\", \"end\", { body = bytes } or { raw = bytes }")]
pub enum SendStep {
    Part(SendKind),
    Body(SendBody),
    Raw(SendRaw),
}

/// `"head"`: the head of the request (of the response, upstream). `"end"`: the end of the body, with its trailers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SendKind {
    Head,
    End,
}

/// A part of the body, framed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBody {
    pub body: Data,
}

/// Bytes as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRaw {
    pub raw: Data,
}

/// What a step waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "`expect` is \"interim\", \"head\", \"end\", \"cut\" or { body = bytes }"
)]
pub enum ExpectStep {
    Part(ExpectKind),
    Body(SendBody),
}

/// `"interim"`: the head of an interim response (1xx). `"head"`: a head. `"end"`: the end of the body, properly told. `"cut"`: the connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExpectKind {
    Interim,
    Head,
    End,
    Cut,
}

/// How a step leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Close {
    /// Both directions.
    Both,
    /// Only the sending direction.
    Sending,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a status is a number or a list of numbers")]
enum OneOrMany {
    One(u16),
    Many(Vec<u16>),
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u16>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(status) => vec![status],
        OneOrMany::Many(statuses) => statuses,
    })
}
