//! Hosts as data: a file in `conformance/hosts/` says how a program is started,
//! how to know that it listens, and what it offers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Serving;
use crate::case::{Capability, Limits, Mode};

/// Where programs are, by the name that adapters use.
pub type Programs = BTreeMap<String, PathBuf>;

/// An adapter file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Adapter {
    /// What the host is, in a sentence.
    pub about: String,
    /// The program, by the name under which the caller gives its path.
    pub program: String,
    /// Further programs whose paths the arguments name: `{tool.NAME}`.
    #[serde(default)]
    pub tools: Vec<String>,
    /// The arguments with which the program tells its version, for reports.
    #[serde(default)]
    pub version: Vec<String>,
    /// Its arguments. `{component}`, `{port}` (a free one that the driver chose) and `{scratch}` (an empty
    /// folder) are filled in; `{mode}`, `{environment}` and `{limits}`, each an argument of its own, are
    /// replaced by the arguments given below.
    pub command: Vec<String>,
    /// For each mode that the host has, its arguments.
    pub modes: BTreeMap<Mode, Vec<String>>,
    /// What the host offers.
    #[serde(default)]
    pub offers: Vec<Capability>,
    /// How variables are given.
    #[serde(default)]
    pub environment: EnvironmentArguments,
    /// The arguments of each limit, in which `{value}` is filled in.
    #[serde(default)]
    pub limits: BTreeMap<String, Vec<String>>,
    /// How to know that it listens.
    pub listens: Listens,
    /// By how much the time is lengthened after which a case is given up.
    #[serde(default = "one")]
    pub patience: u32,
    /// Why tests do without the host where it is not installed, also in CI.
    #[serde(default)]
    pub optional: Option<String>,
    /// Variables of the program itself.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

/// How variables are given to the guest.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentArguments {
    /// They are the program's own variables, and it gets no others (but those of `variables`).
    pub own: bool,
    /// Once, if there is at least one variable.
    pub once: Vec<String>,
    /// For each variable, with `{name}` and `{value}`.
    pub each: Vec<String>,
}

/// How to know that a host listens.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listens {
    /// What it prints: the text before its address, `Serving HTTP on http://`. Without: as soon as `{port}` accepts.
    #[serde(default)]
    pub prints: Option<String>,
    /// It is given up after so many seconds.
    pub seconds: u64,
}

fn one() -> u32 {
    1
}

impl Adapter {
    /// # Errors
    /// If the text is no adapter.
    pub fn parse(name: &str, text: &str) -> Result<Adapter> {
        let adapter: Adapter = toml::from_str(text).with_context(|| format!("host {name}"))?;
        let all = adapter.command.iter();
        ensure!(
            all.clone().any(|part| part.contains("{component}")),
            "host {name}: `command` lacks `{{component}}`"
        );
        ensure!(
            adapter.listens.prints.is_some() || all.clone().any(|part| part.contains("{port}")),
            "host {name}: `command` lacks `{{port}}`, and `listens.prints` is not given"
        );
        ensure!(!adapter.modes.is_empty(), "host {name}: `modes` is empty");
        for unknown in all.chain(&adapter.version).flat_map(|part| placeholders(part)) {
            ensure!(
                adapter.fills(unknown),
                "host {name}: nothing stands for `{{{unknown}}}`; there are `{{component}}`, `{{port}}`, \
                 `{{scratch}}`, `{{mode}}`, `{{environment}}`, `{{limits}}`, and `{{tool.NAME}}` for each of `tools`"
            );
        }
        Ok(adapter)
    }

    /// All programs that it needs, by name.
    pub fn programs(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.program).chain(&self.tools).map(String::as_str)
    }

    fn fills(&self, placeholder: &str) -> bool {
        match placeholder.strip_prefix("tool.") {
            Some(tool) => self.programs().any(|name| name == tool),
            None => ["component", "port", "scratch", "mode", "environment", "limits"]
                .contains(&placeholder),
        }
    }

    pub(super) fn arguments(
        &self,
        serving: &Serving<'_>,
        programs: &Programs,
        port: u16,
        scratch: &str,
    ) -> Result<Vec<String>> {
        let component = serving.component.to_str().context("the component's path is not UTF-8")?;
        let mut arguments = Vec::new();
        for part in &self.command {
            match part.as_str() {
                "{mode}" => {
                    arguments.extend(self.modes.get(&serving.mode).into_iter().flatten().cloned())
                }
                "{environment}" => arguments.extend(self.environment_arguments(serving)),
                "{limits}" => arguments.extend(self.limit_arguments(&serving.serve.limits)?),
                part => {
                    let filled = part
                        .replace("{component}", component)
                        .replace("{port}", &port.to_string())
                        .replace("{scratch}", scratch);
                    arguments.push(with_tools(&filled, programs)?);
                }
            }
        }
        Ok(arguments)
    }

    fn environment_arguments(&self, serving: &Serving<'_>) -> Vec<String> {
        let variables = &serving.serve.environment;
        let mut arguments =
            if variables.is_empty() { Vec::new() } else { self.environment.once.clone() };
        for (name, value) in variables {
            arguments.extend(
                self.environment
                    .each
                    .iter()
                    .map(|part| part.replace("{name}", name).replace("{value}", value)),
            );
        }
        arguments
    }

    fn limit_arguments(&self, limits: &Limits) -> Result<Vec<String>> {
        let serde_json::Value::Object(values) = serde_json::to_value(limits)? else {
            return Ok(Vec::new());
        };
        let mut arguments = Vec::new();
        for (name, value) in values {
            match self.limits.get(&name) {
                Some(parts) => arguments
                    .extend(parts.iter().map(|part| part.replace("{value}", &value.to_string()))),
                None => bail!("the host has no limit `{name}`"),
            }
        }
        Ok(arguments)
    }
}

/// Fills in the paths of programs.
pub(super) fn with_tools(part: &str, programs: &Programs) -> Result<String> {
    let mut filled = part.to_owned();
    for (name, path) in programs {
        let path = path.to_str().with_context(|| format!("the path of {name} is not UTF-8"))?;
        filled = filled.replace(&format!("{{tool.{name}}}"), path);
    }
    Ok(filled)
}

/// The names between braces; braces around anything else are themselves.
fn placeholders(part: &str) -> impl Iterator<Item = &str> {
    let is_name = |text: &&str| {
        let letters =
            text.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(letter));
        letters && !text.is_empty()
    };
    let ends = part.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    ends.filter(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_stands_for_is_refused() {
        let text = |part: &str| {
            format!(
                "about = \"a shell\"\nprogram = \"sh\"\ntools = [\"jq\"]\n\
                 command = [\"{{component}}\", '{part}']\nmodes.fresh = []\n\
                 listens = {{ prints = \"x\", seconds = 1 }}"
            )
        };
        for good in ["--port={port}", "{tool.jq}", "{tool.sh}", r#"{"a": 1}"#, "{}", "{mode}"] {
            assert!(Adapter::parse("shell", &text(good)).is_ok(), "{good}");
        }
        for bad in ["{prot}", "{tool.zig}", "--at={address}"] {
            let error = Adapter::parse("shell", &text(bad)).unwrap_err().to_string();
            assert!(error.contains("nothing stands for"), "{error}");
        }
    }
}
