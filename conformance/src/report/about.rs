//! What a report is about: versions, guests, hosts, and the rules that were tried.

use std::time::{SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::Serialize;

use crate::data::sha256;
use crate::run::{GuestBuild, Selection};

/// The version of the format of reports. It grows when a reader must change.
const FORMAT: u32 = 1;

/// What was run, where, and with what.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct About {
    /// The version of this format.
    pub format: u32,
    /// The version of the suite.
    pub isospin: String,
    /// When the run ended, in seconds since 1970.
    pub time: u64,
    pub hosts: Vec<HostAbout>,
    pub guests: Vec<GuestAbout>,
    /// What was selected, by name.
    pub cases: Vec<CaseAbout>,
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct HostAbout {
    pub name: String,
    /// As the host tells it.
    pub version: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct GuestAbout {
    /// The language, or what else the guest is called.
    pub language: String,
    /// Bytes of the component; nothing where somebody else serves it.
    pub size: Option<usize>,
    pub sha256: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct CaseAbout {
    pub name: String,
    pub rule: String,
    pub source: String,
}

impl About {
    /// What is known of a selection.
    pub fn of(selection: &Selection<'_>) -> About {
        let hosts = selection.hosts.iter();
        let mut cases: Vec<CaseAbout> = selection
            .cases
            .iter()
            .map(|case| CaseAbout {
                name: case.name.clone(),
                rule: case.rule.clone(),
                source: case.source.clone(),
            })
            .collect();
        cases.sort_by(|one, other| one.name.cmp(&other.name));
        About {
            format: FORMAT,
            isospin: env!("CARGO_PKG_VERSION").to_owned(),
            time: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            hosts: hosts
                .map(|host| HostAbout { name: host.name().to_owned(), version: host.version() })
                .collect(),
            guests: selection.guests.iter().map(guest).collect(),
            cases,
        }
    }
}

fn guest(build: &GuestBuild) -> GuestAbout {
    let bytes = std::fs::read(&build.component).ok();
    GuestAbout {
        language: build.language.clone(),
        size: bytes.as_ref().map(Vec::len),
        sha256: bytes.map(|bytes| sha256(&bytes)),
    }
}
