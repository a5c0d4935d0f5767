//! Hosts as data: a file in `conformance/hosts/` says how a program is started,
//! how to know that it listens, and what it offers.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::process::{Process, Start};
use super::{Host, LogBuffer, Served, Serving};
use crate::case::{Capability, Limits, Mode};
use crate::port;

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

/// An adapter with its name and the paths of its programs.
pub struct AdapterHost {
    name: String,
    adapter: Adapter,
    programs: Programs,
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

    fn arguments(
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
fn with_tools(part: &str, programs: &Programs) -> Result<String> {
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

impl AdapterHost {
    /// A host whose programs the caller has found.
    ///
    /// # Errors
    /// If one of them is missing.
    pub fn new(name: &str, adapter: Adapter, programs: &Programs) -> Result<AdapterHost> {
        for needed in adapter.programs() {
            ensure!(
                programs.contains_key(needed),
                "host {name}: it needs `{needed}`, which is not installed"
            );
        }
        Ok(AdapterHost { name: name.to_owned(), adapter, programs: programs.clone() })
    }
}

impl Host for AdapterHost {
    fn name(&self) -> &str {
        &self.name
    }

    fn offers(&self, capability: Capability) -> bool {
        self.adapter.offers.contains(&capability)
    }

    fn modes(&self) -> Vec<Mode> {
        self.adapter.modes.keys().copied().collect()
    }

    fn patience(&self) -> u32 {
        self.adapter.patience
    }

    fn version(&self) -> Option<String> {
        if self.adapter.version.is_empty() {
            return None;
        }
        let arguments = self.adapter.version.iter().map(|part| with_tools(part, &self.programs));
        let arguments: Vec<String> = arguments.collect::<Result<_>>().ok()?;
        let program = self.programs.get(&self.adapter.program)?;
        let scratch = tempfile::tempdir().ok()?;
        let start = Start { program, arguments: &arguments, folder: scratch.path() };
        let process = start.with(&self.adapter.variables, true).ok()?;
        let deadline = Instant::now() + Duration::from_secs(10);
        while !process.has_ended() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let printed = process.log().tail();
        printed.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
    }

    fn serve(&self, serving: &Serving<'_>) -> Result<Box<dyn Served>> {
        let scratch = tempfile::tempdir().context("no folder for temporary files")?;
        let path =
            scratch.path().to_str().context("the folder for temporary files is not UTF-8")?;
        let port = port::for_another()?;
        let arguments = self.adapter.arguments(serving, &self.programs, port, path)?;
        let program =
            self.programs.get(&self.adapter.program).context("its program is not installed")?;
        let mut variables = self.adapter.variables.clone();
        if self.adapter.environment.own {
            variables.extend(serving.serve.environment.clone());
        }
        let start = Start { program, arguments: &arguments, folder: scratch.path() };
        let process = start.with(&variables, !self.adapter.environment.own)?;
        let address = self.await_address(&process, port).with_context(|| {
            format!("{} {} did not come up", program.display(), arguments.join(" "))
        })?;
        Ok(Box::new(ServedProcess { address, process, _scratch: scratch }))
    }
}

impl AdapterHost {
    fn await_address(&self, process: &Process, port: u16) -> Result<SocketAddr> {
        let deadline = Instant::now() + Duration::from_secs(self.adapter.listens.seconds);
        loop {
            let address = match &self.adapter.listens.prints {
                Some(prefix) => printed_address(&process.log().tail(), prefix),
                None => Some(SocketAddr::from(([127, 0, 0, 1], port))),
            };
            if let Some(address) = address
                && TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
            {
                return Ok(address);
            }
            if process.has_ended() {
                bail!("it ended by itself:\n{}", process.log().tail());
            }
            if Instant::now() > deadline {
                bail!(
                    "it did not listen within {} s:\n{}",
                    self.adapter.listens.seconds,
                    process.log().tail()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The address that follows the prefix in what was printed.
fn printed_address(text: &str, prefix: &str) -> Option<SocketAddr> {
    let after = &text[text.find(prefix)? + prefix.len()..];
    let end = after.find(|letter: char| !letter.is_ascii_digit() && !".:[]".contains(letter))?;
    after[..end].trim_end_matches('.').parse().ok()
}

struct ServedProcess {
    address: SocketAddr,
    process: Process,
    /// Removed after the process has ended: fields are dropped in their order.
    _scratch: tempfile::TempDir,
}

impl Served for ServedProcess {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn is_alive(&self) -> bool {
        let accepts = || TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok();
        !self.process.has_ended() && accepts()
    }

    fn log(&self) -> Option<&LogBuffer> {
        Some(self.process.log())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Serve;
    use std::path::Path;

    fn shell(command: &str, seconds: u64) -> AdapterHost {
        let text = format!(
            "about = \"a shell\"\nprogram = \"sh\"\ncommand = [\"-c\", {command:?}, \"{{component}}\"]\n\
             modes.fresh = []\nlistens = {{ prints = \"on http://\", seconds = {seconds} }}"
        );
        AdapterHost::new(
            "shell",
            Adapter::parse("shell", &text).unwrap(),
            &Programs::from([("sh".to_owned(), PathBuf::from("/bin/sh"))]),
        )
        .unwrap()
    }

    fn serve(host: &AdapterHost) -> Result<Box<dyn Served>> {
        host.serve(&Serving {
            component: Path::new("x.wasm"),
            mode: Mode::Fresh,
            serve: &Serve::default(),
        })
    }

    #[test]
    fn the_address_is_read_from_what_is_printed() {
        let address = "127.0.0.1:81".parse().ok();
        assert_eq!(printed_address("Serving on http://127.0.0.1:81/\n", "on http://"), address);
        assert_eq!(printed_address("Serving on http://127.0.0.1:81...\n", "on http://"), address);
        assert_eq!(printed_address("Serving on http://127.0.0.1:8", "on http://"), None);
    }

    #[test]
    fn a_host_that_ends_by_itself_is_told_with_what_it_printed() {
        let error = serve(&shell("echo no such flag; exit 3", 20))
            .err()
            .map(|error| format!("{error:#}"))
            .unwrap();
        assert!(error.contains("ended by itself") && error.contains("no such flag"), "{error}");
    }

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

    #[test]
    fn a_host_tells_its_version() {
        let mut host = shell("exit 1", 20);
        assert_eq!(host.version(), None);
        host.adapter.version = vec!["-c".to_owned(), "echo; echo shell 1.2; echo more".to_owned()];
        assert_eq!(host.version().as_deref(), Some("shell 1.2"));
    }

    #[test]
    fn variables_of_its_own_are_all_that_a_host_gets() {
        let mut host = shell("env; exit 3", 20);
        host.adapter.environment.own = true;
        let given = BTreeMap::from([("GREETING".to_owned(), "hello there".to_owned())]);
        let served = host.serve(&Serving {
            component: Path::new("x.wasm"),
            mode: Mode::Fresh,
            serve: &Serve { environment: given, ..Serve::default() },
        });
        let error = served.err().map(|error| format!("{error:#}")).unwrap();
        assert!(error.contains("GREETING=hello there\n"), "{error}");
        assert!(!error.contains("HOME=") && !error.contains("CARGO"), "{error}");
    }

    #[test]
    fn a_host_that_never_listens_is_given_up_and_ended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("alive");
        let command = format!("while :; do date > {}; sleep 0.05; done", file.display());
        let error = serve(&shell(&command, 1)).err().map(|error| format!("{error:#}")).unwrap();
        assert!(error.contains("did not listen within 1 s"), "{error}");
        std::fs::remove_file(&file).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert!(!file.exists(), "the process is still alive");
    }
}
