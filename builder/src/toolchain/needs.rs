//! Which tools are needed, and by whom.

use super::tool::{Install, Tool};
use super::{CARGO, NPM, PIP};

/// Who needs tools: a language, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct User {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its name as people write it.
    pub title: &'static str,
    /// What it cannot do without, in the order in which it is installed.
    pub tools: &'static [&'static Tool],
    /// Other toolchains that can be asked for in place of these tools.
    pub alternatives: &'static [Alternative],
}

/// A toolchain beside a language's own.
#[derive(Debug)]
pub struct Alternative {
    /// What the manifest calls it.
    pub name: &'static str,
    /// What must be installed for it, all of it.
    pub tools: &'static [&'static Tool],
}

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

/// The tools of these users, and those of hosts; each once, in the order in
/// which they are installed.
pub fn needs(users: &[User], hosts: &[&'static Tool]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for user in users {
        for tool in user.tools {
            add(&mut needs, tool, Kind::Language, user.name);
        }
    }
    for tool in hosts {
        add(&mut needs, tool, Kind::Host, "hosts");
    }
    needs
}

/// As [`needs`], and after them the tools of other toolchains, and what installs them.
pub fn needs_and_installers(users: &[User], hosts: &[&'static Tool]) -> Vec<Need> {
    let mut all = needs(users, hosts);
    for user in users {
        for tool in user.alternatives.iter().flat_map(|alternative| alternative.tools) {
            add(&mut all, tool, Kind::Alternative, user.name);
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
        Some(need) if need.kind == kind && !need.users.contains(&user) => need.users.push(user),
        Some(_) => {}
        None => needs.push(Need { tool, kind, users: vec![user] }),
    }
}
