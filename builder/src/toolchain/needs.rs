//! Which tools are needed, and by whom: all derived from the languages' rows.

use super::tool::{Install, Tool};
use super::{CARGO, NPM, PIP};
use crate::language::Language;

/// A tool and what it is needed for.
#[derive(Debug, Clone)]
pub struct Need {
    pub tool: &'static Tool,
    pub kind: Kind,
    /// Names of the languages, or of the tools that it installs.
    pub users: Vec<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A language cannot be built without it.
    Language,
    /// Needed only by components that ask for the toolchain that it belongs to.
    Alternative,
    /// A host of the conformance suite, or what such a host needs.
    Host,
    /// Installs other tools: needed only while one of them is missing.
    Installer,
}

/// The tools of these languages, and those of hosts; each once, in the order in
/// which they are installed.
pub fn needs(languages: &[&'static dyn Language], hosts: &[&'static Tool]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for language in languages {
        for tool in language.tools() {
            add(&mut needs, tool, Kind::Language, language.name());
        }
    }
    for tool in hosts {
        add(&mut needs, tool, Kind::Host, "hosts");
    }
    needs
}

/// As [`needs`], and after them the tools of other toolchains, and what installs them.
pub fn needs_and_installers(
    languages: &[&'static dyn Language],
    hosts: &[&'static Tool],
) -> Vec<Need> {
    let mut all = needs(languages, hosts);
    for language in languages {
        for tool in language.alternatives().iter().flat_map(|alternative| alternative.tools) {
            add(&mut all, tool, Kind::Alternative, language.name());
        }
    }
    for need in all.clone() {
        if let Some(installer) = installer(need.tool) {
            add(&mut all, installer, Kind::Installer, need.tool.name);
        }
    }
    all
}

/// The tool with which `tool` is installed.
pub fn installer(tool: &Tool) -> Option<&'static Tool> {
    match tool.install {
        Install::Pip { .. } | Install::PipSource { .. } => Some(&PIP),
        Install::Npm { .. } => Some(&NPM),
        Install::Cargo { .. } => Some(&CARGO),
        Install::Code { .. } | Install::With(_) | Install::Person(_) => None,
    }
}

fn add(needs: &mut Vec<Need>, tool: &'static Tool, kind: Kind, user: &'static str) {
    match needs.iter_mut().find(|need| need.tool.name == tool.name) {
        Some(need) if need.kind == kind => need.users.push(user),
        Some(_) => {}
        None => needs.push(Need { tool, kind, users: vec![user] }),
    }
}
