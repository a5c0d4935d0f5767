//! A host that is a program: started, waited for and stopped as its adapter says.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::adapter::{Adapter, Programs, with_tools};
use super::process::{Process, Start};
use super::{Host, LogBuffer, Served, Serving};
use crate::case::{Capability, Mode};
use crate::port;

/// How often a host is started that comes up and refuses the next connection: seen of `jco
/// serve` on a busy machine.
const STARTS: u32 = 3;

/// Whoever listens for so long stays.
const SETTLED: Duration = Duration::from_millis(50);

/// An adapter with its name and the paths of its programs.
pub struct StartedHost {
    name: String,
    adapter: Adapter,
    programs: Programs,
}

impl StartedHost {
    /// A host whose programs the caller has found.
    ///
    /// # Errors
    /// If one of them is missing.
    pub fn new(name: &str, adapter: Adapter, programs: &Programs) -> Result<StartedHost> {
        for needed in adapter.programs() {
            ensure!(
                programs.contains_key(needed),
                "host {name}: it needs `{needed}`, which is not installed"
            );
        }
        Ok(StartedHost { name: name.to_owned(), adapter, programs: programs.clone() })
    }
}

impl Host for StartedHost {
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
        for _ in 1..STARTS {
            let served = self.start(serving)?;
            if served.stays() {
                return Ok(Box::new(served));
            }
        }
        Ok(Box::new(self.start(serving)?))
    }
}

impl StartedHost {
    fn start(&self, serving: &Serving<'_>) -> Result<ServedProcess> {
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
        Ok(ServedProcess { address, process, _scratch: scratch })
    }

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

impl ServedProcess {
    /// Whether it still listens after the first connection.
    fn stays(&self) -> bool {
        std::thread::sleep(SETTLED);
        TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok()
    }
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
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    fn shell(command: &str, seconds: u64) -> StartedHost {
        let text = format!(
            "about = \"a shell\"\nprogram = \"sh\"\ncommand = [\"-c\", {command:?}, \"{{component}}\"]\n\
             modes.fresh = []\nlistens = {{ prints = \"on http://\", seconds = {seconds} }}"
        );
        StartedHost::new(
            "shell",
            Adapter::parse("shell", &text).unwrap(),
            &Programs::from([("sh".to_owned(), PathBuf::from("/bin/sh"))]),
        )
        .unwrap()
    }

    fn serve(host: &StartedHost) -> Result<Box<dyn Served>> {
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
