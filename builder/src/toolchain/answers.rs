//! What programs answered, remembered from run to run, so that a build which
//! changes nothing starts none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::tool::Switch;
use crate::process::Command;
use crate::report::{Code, Error, Result};

/// Answers by question. A question is the program's path and the arguments; its
/// answer counts as long as the program's file is the same.
#[derive(Debug)]
pub struct Answers {
    file: PathBuf,
    limit: Duration,
    known: Mutex<Option<Known>>,
}

type Known = BTreeMap<String, Answer>;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer {
    /// What the answer depends on; see [`fingerprint`].
    of: Vec<String>,
    text: String,
}

/// A program that does not answer such a question in this time is taken as broken.
const LIMIT: Duration = Duration::from_secs(20);

impl Answers {
    /// The answers that are remembered in `cache`.
    pub fn new(cache: &Path) -> Answers {
        Answers { file: cache.join("answers.json"), limit: LIMIT, known: Mutex::new(None) }
    }

    /// The same with another limit to how long a program may take.
    #[must_use]
    pub fn limit(self, limit: Duration) -> Answers {
        Answers { limit, ..self }
    }

    /// What `program` prints (both streams) when run with `arguments`: remembered,
    /// or asked now.
    ///
    /// # Errors
    /// If it cannot be run, takes too long, or ends with another status than 0.
    pub fn ask(&self, program: &Path, arguments: &[&str], by: &[Switch]) -> Result<String> {
        let question = format!("{}\n{}", program.display(), arguments.join("\n"));
        let of = fingerprint(program, by)?;
        if let Some(answer) = self.known().get_or_insert_default().get(&question)
            && answer.of == of
        {
            return Ok(answer.text.clone());
        }
        let text = self.run(program, arguments)?;
        self.remember(question, Answer { of, text: text.clone() });
        Ok(text)
    }

    /// Asks without changing anything: tools that stand before others must not
    /// fetch what they stand for, and files of the current folder do not count.
    fn run(&self, program: &Path, arguments: &[&str]) -> Result<String> {
        let output = Command::new(program)
            .args(arguments)
            .folder("/")
            .env("RUSTUP_AUTO_INSTALL", "0")
            .env("GOTOOLCHAIN", "local")
            .env("NO_COLOR", "1")
            .limit(self.limit)
            .run(Code::ToolRun)?;
        Ok(format!("{}{}", output.stdout, output.stderr))
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        let mut known = self.known.lock().unwrap_or_else(|poison| poison.into_inner());
        if known.is_none() {
            *known = Some(self.read());
        }
        known
    }

    fn read(&self) -> Known {
        let bytes = std::fs::read(&self.file).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Another run may have written in the meantime: its answers are kept. A cache
    /// that cannot be written costs time, never the build.
    fn remember(&self, question: String, answer: Answer) {
        let mut known = self.known();
        let mut all = self.read();
        all.extend(known.take().unwrap_or_default());
        all.insert(question, answer);
        all.retain(|question, _| Path::new(question.lines().next().unwrap_or_default()).exists());
        let written =
            serde_json::to_vec_pretty(&all).map_err(|error| error.to_string()).and_then(|json| {
                crate::files::write(&self.file, &json).map_err(|error| error.to_string())
            });
        if let Err(error) = written {
            tracing::debug!(%error, "answers are not remembered");
        }
        *known = Some(all);
    }
}

/// What the answer of `program` depends on: its file, through links, and what
/// decides for which version it stands.
fn fingerprint(program: &Path, by: &[Switch]) -> Result<Vec<String>> {
    let failed = |error: std::io::Error| Error::io("read", program, &error);
    let real = program.canonicalize().map_err(failed)?;
    let mut of = vec![real.display().to_string(), state(&real).unwrap_or_default()];
    for switch in by {
        of.push(match *switch {
            Switch::Variable(name) => variable(name).unwrap_or_default(),
            Switch::Below(name, below_home, file) => variable(name)
                .map(PathBuf::from)
                .or_else(|| Some(PathBuf::from(variable("HOME")?).join(below_home)))
                .and_then(|folder| state(&folder.join(file)))
                .unwrap_or_default(),
        });
    }
    Ok(of)
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Time of change and size of a file, if it is there.
fn state(path: &Path) -> Option<String> {
    let metadata = path.metadata().ok()?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Some(format!("{}.{:09} {}", changed.as_secs(), changed.subsec_nanos(), metadata.len()))
}
