//! A host that is a process, which never outlives the driver.

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};

use super::LogBuffer;

/// A running process with all that it starts. Dropping it ends them.
pub struct Process {
    supervisor: Child,
    log: LogBuffer,
    open: Arc<AtomicUsize>,
}

/// A shell stands between: it leads a process group of its own, waits for the
/// end of its input, which comes when the driver ends in whatever way, and then
/// ends the group.
const SUPERVISOR: &str = r#"trap : TERM
"$@" </dev/null &
exec >/dev/null 2>&1
read -r line
kill -TERM 0
sleep 0.2
kill -KILL 0"#;

/// A program that is to be started.
pub struct Start<'a> {
    pub program: &'a Path,
    pub arguments: &'a [String],
    /// Where it runs.
    pub folder: &'a Path,
}

impl Start<'_> {
    /// Starts it with variables, and with the driver's own if it inherits them;
    /// what it prints goes to its log.
    ///
    /// # Errors
    /// If it cannot be started.
    #[allow(
        clippy::disallowed_methods,
        reason = "the supervisor ends the program however the driver ends"
    )]
    pub fn with(&self, variables: &BTreeMap<String, String>, inherits: bool) -> Result<Process> {
        let program = self.program;
        // `env` and not the supervisor's environment: a shell adds variables of its own.
        let alone: &[&str] = if inherits { &[] } else { &["-i"] };
        let mut supervisor = Command::new("/bin/sh")
            .args(["-c", SUPERVISOR, "sh", "/usr/bin/env"])
            .args(alone)
            .args(variables.iter().map(|(name, value)| format!("{name}={value}")))
            .arg(program)
            .args(self.arguments)
            .current_dir(self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let log = LogBuffer::default();
        let open = Arc::new(AtomicUsize::new(2));
        if let Some(output) = supervisor.stdout.take() {
            follow(output, log.clone(), Arc::clone(&open));
        }
        if let Some(output) = supervisor.stderr.take() {
            follow(output, log.clone(), Arc::clone(&open));
        }
        Ok(Process { supervisor, log, open })
    }
}

impl Process {
    /// What it has printed.
    pub fn log(&self) -> &LogBuffer {
        &self.log
    }

    /// Whether the program has ended by itself.
    pub fn has_ended(&self) -> bool {
        self.open.load(Ordering::SeqCst) == 0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

/// Copies what is printed to the log until nobody can print any more.
fn follow(mut output: impl Read + Send + 'static, log: LogBuffer, open: Arc<AtomicUsize>) {
    std::thread::spawn(move || {
        let mut bytes = [0; 8192];
        while let Ok(count) = output.read(&mut bytes) {
            if count == 0 {
                break;
            }
            log.append(&bytes[..count]);
        }
        open.fetch_sub(1, Ordering::SeqCst);
    });
}
