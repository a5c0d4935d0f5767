//! The one way to run an external program.
//!
//! Every program is started in a process group of its own and registered, so
//! that an interruption ends it together with whatever it started.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::report::{Code, Error, Result};

/// A program with its arguments, as it will be run and as it is shown.
#[derive(Clone, Debug)]
pub struct Command {
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, Option<OsString>)>,
    folder: Option<PathBuf>,
    limit: Option<Duration>,
}

/// What a finished program left.
#[derive(Clone, Debug)]
pub struct Output {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Command {
    pub fn new(program: impl Into<PathBuf>) -> Command {
        Command {
            program: program.into(),
            arguments: Vec::new(),
            variables: Vec::new(),
            folder: None,
            limit: None,
        }
    }

    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Command {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Command {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Command {
        self.variables.push((name.as_ref().to_owned(), Some(value.as_ref().to_owned())));
        self
    }

    #[must_use]
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Command {
        self.variables.push((name.as_ref().to_owned(), None));
        self
    }

    /// The folder in which the program runs.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Command {
        self.folder = Some(folder.into());
        self
    }

    /// The program is ended when it takes longer than this.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Command {
        self.limit = Some(limit);
        self
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The command as a person would type it.
    pub fn display(&self) -> String {
        let mut words = vec![quote(self.program.as_os_str())];
        words.extend(self.arguments.iter().map(|argument| quote(argument)));
        words.join(" ")
    }

    /// Runs the program to its end, whatever its status.
    ///
    /// # Errors
    /// If it cannot be started, takes longer than its limit, or the user
    /// interrupts the builder.
    #[allow(clippy::disallowed_methods, reason = "this is the one place that starts programs")]
    pub fn output(&self) -> Result<Output> {
        use std::os::unix::process::CommandExt;
        let mut command = std::process::Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        tracing::debug!(command = %self.display(), "run");
        let child = {
            let mut running = RUNNING.lock().unwrap_or_else(|poison| poison.into_inner());
            if interrupted() {
                return Err(interruption());
            }
            let child = start(&mut command).map_err(|error| self.not_started(&error))?;
            running.push(child.id());
            child
        };
        let id = child.id();
        let expired = self.limit.map(|limit| Watchdog::start(id, limit));
        let output = child.wait_with_output();
        RUNNING.lock().unwrap_or_else(|poison| poison.into_inner()).retain(|other| *other != id);
        let expired = expired.is_some_and(Watchdog::stop);
        if interrupted() {
            return Err(interruption());
        }
        if expired {
            return Err(Error::new(Code::ToolSlow, format!("{}: took too long", self.display()))
                .cause(format!("it was ended after {:?}", self.limit.unwrap_or_default()))
                .hint("Run it by hand to see what it waits for: often a network, or a lock."));
        }
        let output = output.map_err(|error| self.not_started(&error))?;
        tracing::debug!(command = %self.display(), status = %output.status, "ended");
        Ok(Output {
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs the program and takes every status but 0 as a failure of `code`.
    ///
    /// # Errors
    /// As [`Command::output`]; and if the status is not 0, with what was printed.
    pub fn run(&self, code: Code) -> Result<Output> {
        let output = self.output()?;
        if output.status.success() {
            return Ok(output);
        }
        Err(Error::new(code, format!("{}: it failed", self.display()))
            .cause(output.status.to_string())
            .output(output.printed()))
    }

    fn not_started(&self, error: &std::io::Error) -> Error {
        Error::new(Code::ToolRun, format!("{}: cannot be started", self.program.display()))
            .cause(error.to_string())
            .hint("`isospin doctor` shows every tool that is needed and where it was found.")
    }
}

impl Output {
    /// Both streams, stderr first, for a person.
    pub fn printed(&self) -> String {
        let mut text = self.stderr.trim_end().to_owned();
        if !self.stdout.trim().is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(self.stdout.trim_end());
        }
        text
    }
}

/// Starts a program, although it may have been written just now: a child that
/// another thread starts at this moment holds the file open until it runs its own
/// program, and a file that is open for writing cannot be run.
fn start(command: &mut std::process::Command) -> std::io::Result<std::process::Child> {
    for _ in 0..50 {
        match command.spawn() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(Duration::from_millis(10));
            }
            started => return started,
        }
    }
    command.spawn()
}

fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Ends a process group when its time is over.
struct Watchdog {
    done: std::sync::mpsc::Sender<()>,
    thread: std::thread::JoinHandle<bool>,
}

impl Watchdog {
    fn start(id: u32, limit: Duration) -> Watchdog {
        let (done, wait) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let expired =
                wait.recv_timeout(limit) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
            if expired {
                end_group(id);
            }
            expired
        });
        Watchdog { done, thread }
    }

    /// Whether the time was over.
    fn stop(self) -> bool {
        drop(self.done);
        self.thread.join().unwrap_or(false)
    }
}

/// The process ids of what runs now; each leads a process group.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Ends every running program and makes all later runs fail with
/// [`Code::Interrupted`]. Called by the signal handler.
pub fn interrupt() {
    INTERRUPTED.store(true, Ordering::SeqCst);
    let running = RUNNING.lock().unwrap_or_else(|poison| poison.into_inner());
    running.iter().copied().for_each(end_group);
}

pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

pub fn interruption() -> Error {
    Error::new(Code::Interrupted, "interrupted")
}

fn end_group(id: u32) {
    if let Some(group) = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw) {
        // It may have ended by itself in the meantime: then there is nothing to do.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

/// From now on Ctrl-C and SIGTERM end every running program, and the command
/// itself ends in order: with its locks released and its temporary files gone.
pub fn handle_interrupts() {
    let (ready, registered) = std::sync::mpsc::channel();
    let listen = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let (Ok(mut interrupted), Ok(mut ended)) =
                (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
            else {
                return;
            };
            let _ = ready.send(());
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = ended.recv() => {}
            }
            interrupt();
            crate::report::break_off_question();
        });
    };
    // Without the thread the signals keep their default effect: the program ends.
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(listen);
    let _ = registered.recv();
}
