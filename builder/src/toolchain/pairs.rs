//! Versions of tools that are known to go wrong, alone or together, as data: a
//! build is stopped by them before a compiler runs.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Found, version};
use crate::report::{Code, Error};

/// A tool of some versions, perhaps together with another one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pair {
    tool: String,
    versions: semver::VersionReq,
    with: Option<String>,
    #[serde(default)]
    with_versions: semver::VersionReq,
    /// Ends the sentence "zig 0.1.2 with go 1.2.3 ...".
    reason: String,
    link: String,
    /// What to do, as a sentence.
    pub remedy: String,
}

#[derive(Deserialize)]
struct Table {
    pair: Vec<Pair>,
}

static KNOWN: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("pairs.toml"))
        .unwrap_or_else(|error| panic!("pairs.toml: {error}"));
    table.pair
});

/// A pair that was found: what is wrong, and the tools of which it is.
#[derive(Debug)]
pub struct Bad<'a> {
    pub pair: &'static Pair,
    pub tool: &'a Found,
    with: Option<&'a Found>,
}

/// The first thing that is known to be wrong with the tool called `name` beside
/// the others.
pub fn bad<'a>(tools: &[&'a Found], name: &str) -> Option<Bad<'a>> {
    let find = |name: &str, versions: &semver::VersionReq| {
        tools.iter().copied().find(|found| {
            found.tool.name == name
                && version::numbers(&found.version).is_some_and(|it| versions.matches(&it))
        })
    };
    KNOWN.iter().filter(|pair| pair.tool == name).find_map(|pair| {
        let tool = find(&pair.tool, &pair.versions)?;
        let with = match &pair.with {
            Some(name) => Some(find(name, &pair.with_versions)?),
            None => None,
        };
        Some(Bad { pair, tool, with })
    })
}

impl Bad<'_> {
    /// The failure to build with it.
    pub fn failure(&self) -> Error {
        Error::new(Code::ToolPair, format!("{}: known to go wrong", self.names()))
            .cause(self.to_string())
            .hint(&self.pair.remedy)
    }

    fn names(&self) -> String {
        let name = |found: &Found| format!("{} {}", found.tool.name, found.version);
        match self.with {
            Some(with) => format!("{} with {}", name(self.tool), name(with)),
            None => name(self.tool),
        }
    }
}

/// As one sentence, with who found it out.
impl std::fmt::Display for Bad<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}; see {}", self.names(), self.pair.reason, self.pair.link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LANGUAGES;
    use crate::toolchain::{GO, HOSTS, Origin, TINYGO, Tool, User};

    fn found(tool: &'static Tool, version: &str) -> Found {
        Found { tool, path: "/tool".into(), version: version.to_owned(), origin: Origin::Path }
    }

    #[test]
    fn every_row_is_about_tools_of_the_table_and_says_where_it_comes_from() {
        let users: Vec<User> = LANGUAGES.iter().map(|language| User::from(*language)).collect();
        let needs = crate::toolchain::needs_and_installers(&users, HOSTS);
        let known = |name: &str| needs.iter().any(|need| need.tool.name == name);
        assert!(!KNOWN.is_empty());
        for pair in KNOWN.iter() {
            assert!(known(&pair.tool), "{pair:?}");
            assert!(pair.with.as_ref().is_none_or(|with| known(with)), "{pair:?}");
            assert!(pair.link.starts_with("https://"), "{pair:?}");
            assert!(!pair.reason.ends_with('.') && pair.remedy.ends_with('.'), "{pair:?}");
        }
    }

    #[test]
    fn a_pair_takes_both_tools() {
        let (tinygo, old, new) =
            (found(&TINYGO, "0.39.0"), found(&GO, "1.25.5"), found(&GO, "1.26.8"));
        assert!(bad(&[&tinygo, &old], "tinygo").is_none());
        assert!(bad(&[&tinygo], "tinygo").is_none());
        let told = bad(&[&new, &tinygo], "tinygo").expect("it is known").to_string();
        assert!(told.starts_with("tinygo 0.39.0 with go 1.26.8 does not build"), "{told}");
    }

    #[test]
    fn a_version_can_be_bad_by_itself() {
        let tinygo = found(&TINYGO, "0.40.1");
        let failure = bad(&[&tinygo], "tinygo").expect("it is known").failure();
        assert_eq!(failure.code(), Code::ToolPair);
        assert_eq!(failure.message(), "tinygo 0.40.1: known to go wrong");
    }
}
