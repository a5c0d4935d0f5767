//! The steps of a page, run by one shell in an empty folder.
//!
//! A reader's servers are at ports 8080, 8081 and 9000, and several pages run at
//! once: here they are at free ones. A command that ends in `&` is a server, which
//! is waited for, and writes to a file that [`Step::Log`] looks into. All are ended
//! by the shell that started them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use isospin_builder::toolchain::{Finder, ZIG};
use isospin_conformance::port::for_another;

use super::compare;
use super::page::Step;

/// What a page may take, on a machine that does much else.
const LONGEST: Duration = Duration::from_secs(300);

/// Functions of the shell, before what the page has.
const BEGINNING: &str = "\
set -euo pipefail
trap 'jobs -p | xargs -r kill 2>/dev/null || true; wait' EXIT
# listening PORT PID: waits until something does, or the server has ended.
listening() {
  until (exec 3<>/dev/tcp/127.0.0.1/$1) 2>/dev/null; do
    kill -0 $2 || { cat \"$LOG\"; return 1; }
    sleep 0.05
  done
}
# written TIMES TEXT: waits until the log has it, or as often as that.
written() {
  for _ in $(seq $1); do
    grep -qF -- \"$2\" \"$LOG\" && break
    sleep 0.05
  done
}
";

/// Runs the steps and compares what they print.
///
/// # Errors
/// The first step that is not as the page says.
pub fn run(steps: &[Step]) -> Result<(), String> {
    // A server that builds first may be half a minute late.
    run_patiently(steps, 600)
}

/// With how often a log is looked into, twenty times a second.
fn run_patiently(steps: &[Step], patience: u32) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let place = Place::new(folder.path(), patience);
    let script = place.script(steps);
    std::fs::create_dir_all(&place.page).unwrap();
    std::fs::write(place.file("script"), script).unwrap();
    std::fs::write(place.file(".curlrc"), "silent\nshow-error\n").unwrap();
    let mut shell = place.shell();
    let ended = wait(&mut shell);
    for (number, step) in steps.iter().enumerate() {
        place.check(number, step)?;
    }
    match ended {
        Some(true) => Ok(()),
        Some(false) => Err("the shell failed".to_owned()),
        None => Err(format!("it takes longer than {LONGEST:?}")),
    }
}

/// Whether the shell succeeded; `None` if it had to be ended, with all it started.
fn wait(shell: &mut Child) -> Option<bool> {
    let start = Instant::now();
    while start.elapsed() < LONGEST {
        if let Some(status) = shell.try_wait().unwrap() {
            return Some(status.success());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let group = format!("-{}", shell.id());
    let _ = Command::new("kill").args(["--", &group]).status();
    let _ = shell.wait();
    None
}

/// A folder for the page, and beside it what the steps print.
struct Place {
    folder: PathBuf,
    page: PathBuf,
    /// The port in the page, and the one that is taken instead.
    ports: BTreeMap<u16, u16>,
    patience: u32,
}

impl Place {
    fn new(folder: &Path, patience: u32) -> Place {
        let ports = [8080, 8081, 9000].map(|port| (port, for_another().unwrap()));
        Place {
            folder: folder.to_owned(),
            page: folder.join("page"),
            ports: BTreeMap::from(ports),
            patience,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn shell(&self) -> Child {
        let zig = Finder::of_user().and_then(|finder| finder.look(&ZIG)).ok();
        let zig = zig.and_then(|found| found.found).map(|found| found.path);
        let program = Path::new(env!("CARGO_BIN_EXE_isospin")).parent().map(Path::to_owned);
        let zig_folder = zig.as_ref().and_then(|zig| zig.parent()).map(Path::to_owned);
        let before = std::env::var_os("PATH").unwrap_or_default();
        let folders = program.into_iter().chain(zig_folder).chain(std::env::split_paths(&before));
        let mut bash = Command::new("bash");
        if let Some(zig) = &zig {
            bash.env("CC", format!("{} cc", zig.display()));
        }
        bash.arg(self.file("script"))
            .current_dir(&self.page)
            .env("PATH", std::env::join_paths(folders).unwrap())
            .env("LOG", self.file("log"))
            // The folder of Isospin's sources, where a page needs one.
            .env("CLONE", Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
            .env("CURL_HOME", &self.folder)
            .env_remove("RUST_LOG")
            .env_remove("CARGO_TARGET_DIR")
            .stdin(Stdio::null())
            .stdout(std::fs::File::create(self.file("out")).unwrap())
            .stderr(std::fs::File::create(self.file("err")).unwrap())
            .process_group(0)
            .spawn()
            .unwrap()
    }

    fn script(&self, steps: &[Step]) -> String {
        let mut script = BEGINNING.to_owned();
        for (number, step) in steps.iter().enumerate() {
            let to = self.file(&number.to_string());
            let to = to.display();
            match step {
                Step::Run { commands, fails, .. } => {
                    let commands = self.commands(commands);
                    match fails {
                        true => {
                            writeln!(script, "if {{ {commands}\n}} >{to} 2>&1; then exit 1; fi")
                        }
                        false => writeln!(script, "{{ {commands}\n}} >{to} 2>&1"),
                    }
                    .unwrap();
                    writeln!(script, "touch {to}.done").unwrap();
                }
                Step::Write { path, text, append } => {
                    let source = self.file(&format!("{number}.file"));
                    std::fs::write(&source, self.with_ports(text)).unwrap();
                    let (source, arrow) = (source.display(), if *append { ">>" } else { ">" });
                    writeln!(script, "mkdir -p \"$(dirname {path})\"").unwrap();
                    writeln!(script, "cat {source} {arrow}{path}").unwrap();
                }
                Step::Log { text, .. } => {
                    // What a server writes may come after its answer.
                    let last = text.lines().last().unwrap_or_default();
                    let last = last.split("...").next().unwrap_or_default().replace('\'', "'\\''");
                    let patience = self.patience;
                    writeln!(script, "written {patience} '{last}'; cp \"$LOG\" {to}").unwrap();
                }
            }
        }
        script
    }

    /// The commands with the ports of this run, and with servers in the background
    /// that are waited for.
    fn commands(&self, commands: &str) -> String {
        let mut script = String::new();
        for line in self.with_ports(commands).lines() {
            let Some(server) = line.strip_suffix(" &") else {
                let end = line
                    .strip_prefix("kill ")
                    .map_or(String::new(), |which| format!("\nwait {which} 2>/dev/null || true"));
                script.push_str(&format!("\n{line}{end}"));
                continue;
            };
            let mut server = server.to_owned();
            let is_ours = ["serve", "up", "dev"].iter().any(|command| {
                server == format!("isospin {command}")
                    || server.starts_with(&format!("isospin {command} "))
            });
            if is_ours && !server.contains("--listen") {
                server.push_str(&format!(" --listen 127.0.0.1:{}", self.ports[&8080]));
            }
            if server.starts_with("isospin dev") && !server.contains("--dashboard") {
                server.push_str(&format!(" --dashboard 127.0.0.1:{}", self.ports[&8081]));
            }
            // What the page wants of its output, it sends to a file itself.
            let data = if server.contains(" > ") { "" } else { ">>\"$LOG\"" };
            let words = if server.contains(" 2> ") { "" } else { "2>>\"$LOG\"" };
            script.push_str(&format!("\n{server} {data} {words} &"));
            let used = self.ports.values().find(|port| server.contains(&port.to_string()));
            if let Some(port) = used {
                script.push_str(&format!("\nlistening {port} $!"));
            }
        }
        script
    }

    fn with_ports(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (port, free) in &self.ports {
            text = text.replace(&format!("127.0.0.1:{port}"), &format!("127.0.0.1:{free}"));
            text = text.replace(&format!("http.server {port} "), &format!("http.server {free} "));
        }
        text
    }

    /// Whether a step has done and printed what the page says.
    fn check(&self, number: usize, step: &Step) -> Result<(), String> {
        let printed = |name: &str| {
            let bytes = std::fs::read(self.file(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let name = number.to_string();
        match step {
            Step::Run { line, commands, printed: expected, .. } => {
                let got = printed(&name);
                if !self.file(&format!("{name}.done")).exists() {
                    let (log, err) = (printed("log"), printed("err"));
                    return Err(format!("{line}: {commands}{got}\n{err}\nthe log:\n{log}"));
                }
                match expected {
                    Some(text) => compare::same(&self.with_ports(text), &got)
                        .map_err(|error| format!("{line}: {commands}{error}")),
                    None => Ok(()),
                }
            }
            Step::Log { line, text } => compare::within(&self.with_ports(text), &printed(&name))
                .map_err(|error| format!("{line}: {error}")),
            Step::Write { .. } => Ok(()),
        }
    }
}

/// That a page that is wrong fails: called as a test of its own.
pub fn check() {
    let step = |commands: &str, fails: bool, printed: Option<&str>| Step::Run {
        line: 1,
        commands: commands.to_owned(),
        fails,
        printed: printed.map(str::to_owned),
    };
    assert_eq!(run(&[step("cd /\npwd", false, None), step("pwd", false, Some("/\n"))]), Ok(()));
    assert_eq!(run(&[step("false", true, None)]), Ok(()));
    for wrong in [
        step("false\ntrue", false, None),
        step("true", true, None),
        step("echo one", false, Some("two\n")),
        step("isospin serve nowhere &", false, None),
        Step::Log { line: 1, text: "never written\n".to_owned() },
    ] {
        assert!(run_patiently(std::slice::from_ref(&wrong), 2).is_err(), "{wrong:?}");
    }
}
