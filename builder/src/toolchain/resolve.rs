//! Finding tools: every place of a row in order, the first that fits wins.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::answers::Answers;
use super::folders::Folders;
use super::needs::{Need, User};
use super::table::HOSTS;
use super::tool::{Install, Place, Tool, Version};
use super::{Found, Origin, Toolchain, pairs, version};
use crate::process;
use crate::report::{Code, Error, Result};

/// Looks for tools in the user's surroundings.
#[derive(Debug)]
pub struct Finder {
    folders: Folders,
    answers: Answers,
    search_path: OsString,
}

/// What was found of one tool.
#[derive(Debug, Clone)]
pub struct Look {
    pub tool: &'static Tool,
    pub found: Option<Found>,
    /// What was looked at and cannot be used.
    pub unfit: Vec<Unfit>,
}

/// Something that cannot be used as a tool.
#[derive(Debug, Clone)]
pub struct Unfit {
    pub path: PathBuf,
    pub origin: Origin,
    pub reason: Reason,
}

#[derive(Debug, Clone)]
pub enum Reason {
    /// Of this version, which is not one that works.
    Version(String),
    /// It tells no version; the text says what happened instead.
    Silent(String),
    /// The environment variable of this name holds its path, but it is not there.
    Absent(&'static str),
}

/// The tools of a language, all of versions that work.
///
/// # Errors
/// If one is missing, broken or of a wrong version, with what was looked at and
/// the command that installs it; or if they are known to go wrong together.
pub fn resolve(user: impl Into<User>) -> Result<Toolchain> {
    Finder::of_user()?.resolve(user)
}

impl Finder {
    /// # Errors
    /// If there is no place for the user's own files.
    pub fn of_user() -> Result<Finder> {
        Ok(Finder::new(Folders::of_user()?, std::env::var_os("PATH").unwrap_or_default()))
    }

    /// Looks in `folders`, and for programs in the folders of `search_path`.
    pub fn new(folders: Folders, search_path: OsString) -> Finder {
        let answers = Answers::new(folders.cache());
        Finder { folders, answers, search_path }
    }

    /// The same with another limit to how long a tool may take to tell its version.
    #[must_use]
    pub fn limit(mut self, limit: std::time::Duration) -> Finder {
        self.answers = self.answers.limit(limit);
        self
    }

    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    /// As the free function [`resolve`].
    ///
    /// # Errors
    /// As there.
    pub fn resolve(&self, user: impl Into<User>) -> Result<Toolchain> {
        let user = user.into();
        let mut tools = Vec::new();
        let mut failure: Option<Error> = None;
        for tool in user.tools {
            let look = self.look(tool)?;
            match (look.found.clone(), failure.take()) {
                (Some(found), other) => {
                    tools.push(found);
                    failure = other;
                }
                (None, None) => failure = Some(look.failure(Some(user))),
                (None, Some(other)) => failure = Some(other.cause(look.short_failure())),
            }
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        let all: Vec<&Found> = tools.iter().collect();
        match all.iter().find_map(|found| pairs::bad(&all, found.tool.name)) {
            Some(bad) => Err(bad.failure()),
            None => Ok(Toolchain { tools }),
        }
    }

    /// Looks at each place of `tool` until one fits.
    ///
    /// # Errors
    /// Only if the user interrupts.
    pub fn look(&self, tool: &'static Tool) -> Result<Look> {
        let mut look = Look { tool, found: None, unfit: Vec::new() };
        for (path, origin, variable) in self.candidates(tool) {
            if let Some(variable) = variable
                && !path.exists()
            {
                look.unfit.push(Unfit { path, origin, reason: Reason::Absent(variable) });
                continue;
            }
            let reason = match self.version(tool, &path) {
                Ok(version) if tool.accepts(&version) => {
                    look.found = Some(Found { tool, path, version, origin });
                    break;
                }
                Ok(version) => Reason::Version(version),
                Err(_) if process::interrupted() => return Err(process::interruption()),
                Err(silent) => Reason::Silent(silent),
            };
            look.unfit.push(Unfit { path, origin, reason });
        }
        Ok(look)
    }

    /// Looks at several tools at once, as some take a while to answer; in order.
    ///
    /// # Errors
    /// As [`Finder::look`].
    pub fn look_at_all(&self, needs: &[Need]) -> Result<Vec<Look>> {
        std::thread::scope(|scope| {
            let looks: Vec<_> =
                needs.iter().map(|need| scope.spawn(|| self.look(need.tool))).collect();
            let joined = looks
                .into_iter()
                .map(|look| look.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            joined.collect()
        })
    }

    /// What may be the tool, in the order of preference. A variable that is set is
    /// the only candidate, with its name.
    fn candidates(&self, tool: &Tool) -> Vec<(PathBuf, Origin, Option<&'static str>)> {
        let mut candidates = Vec::new();
        for place in tool.places {
            match *place {
                Place::Variable(name) => {
                    if let Some(path) = std::env::var_os(name).filter(|path| !path.is_empty()) {
                        return vec![(path.into(), Origin::Variable, Some(name))];
                    }
                }
                Place::Managed(inside) => {
                    let path = self.folders.of_tool(tool).join(inside);
                    if path.exists() {
                        candidates.push((path, Origin::Managed, None));
                    }
                }
                Place::Path(name) => {
                    let all = which::which_in_all(name, Some(&self.search_path), "/");
                    for path in all.into_iter().flatten() {
                        candidates.push((path, Origin::Path, None));
                    }
                }
                Place::Search(search) => {
                    candidates.extend(search().map(|path| (path, Origin::Search, None)));
                }
            }
        }
        candidates
    }

    /// The version of what is at `path`, or why it is not known.
    fn version(&self, tool: &Tool, path: &Path) -> std::result::Result<String, String> {
        let ask = |arguments: &[&str], by| {
            let printed = self.answers.ask(path, arguments, by).map_err(|error| why(&error))?;
            version::find(&printed).map(str::to_owned).ok_or_else(|| {
                let line = printed.lines().find(|line| !line.trim().is_empty());
                match line {
                    Some(line) => format!("it prints no version but `{}`", shorten(line.trim())),
                    None => "it prints nothing when asked for its version".to_owned(),
                }
            })
        };
        match tool.version {
            Version::Arguments(arguments) => ask(arguments, &[]),
            Version::Switched { arguments, by } => ask(arguments, by),
            Version::Package(inside) => package_version(path, inside),
            Version::Wheel(name) => wheel_version(path, name),
            Version::Ask(ask) => ask(path).ok_or_else(|| "it tells no version".to_owned()),
        }
    }
}

/// The last cause of a failed question: the first says only which command it was.
fn why(error: &Error) -> String {
    let cause = error.causes().last().cloned().unwrap_or_else(|| error.message().to_owned());
    match error.tool_output().and_then(|output| output.lines().next()) {
        Some(line) => format!("asked for its version: {cause}, `{}`", shorten(line)),
        None => format!("asked for its version: {cause}"),
    }
}

fn shorten(line: &str) -> String {
    const LENGTH: usize = 80;
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line.to_owned(),
    }
}

fn package_version(path: &Path, inside: &str) -> std::result::Result<String, String> {
    let real = path.canonicalize().map_err(|error| error.to_string())?;
    let file = real.parent().unwrap_or(&real).join(inside);
    let unreadable = |cause: &dyn std::fmt::Display| format!("{}: {cause}", file.display());
    let bytes = std::fs::read(&file).map_err(|error| unreadable(&error))?;
    let json: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
    let version = json.get("version").and_then(|version| version.as_str());
    version.map(str::to_owned).ok_or_else(|| unreadable(&"it has no `version`"))
}

fn wheel_version(path: &Path, name: &str) -> std::result::Result<String, String> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            let rest = file.strip_prefix(name)?.strip_prefix('-')?;
            Some(rest.strip_suffix(".dist-info")?.to_owned())
        })
        .next()
        .ok_or_else(|| format!("{}: there is no `{name}-*.dist-info`", folder.display()))
}

impl Look {
    /// The failure to find the tool. `user` is who needs it, if it is a language.
    pub fn failure(&self, user: Option<User>) -> Error {
        let tool = self.tool;
        let what = match self.unfit.iter().find_map(Unfit::version) {
            Some(version) => {
                let side = if self.is_too_new() { "new" } else { "old" };
                format!("version {version} is too {side}, {} is needed", needed(tool))
            }
            None if self.unfit.is_empty() => "it is not installed".to_owned(),
            None if self.code() == Code::ToolAbsent => "it is not where it should be".to_owned(),
            None => "what is installed does not work".to_owned(),
        };
        let mut error = Error::new(self.code(), format!("{}: {what}", tool.name));
        for unfit in &self.unfit {
            error = error.cause(unfit.to_string());
        }
        let error = match user {
            Some(user) => error.cause(format!("{} needs it: it {}", user.title, tool.purpose)),
            None => error.cause(format!("it {}", tool.purpose)),
        };
        error.hint(self.repair(user.map(|user| user.name)))
    }

    /// Which failure it is that nothing was found.
    pub fn code(&self) -> Code {
        if self.unfit.iter().any(|unfit| unfit.version().is_some()) {
            return if self.is_too_new() { Code::ToolNew } else { Code::ToolVersion };
        }
        match self.unfit.first().map(|unfit| &unfit.reason) {
            None => Code::ToolMissing,
            Some(Reason::Absent(_)) => Code::ToolAbsent,
            Some(_) => Code::ToolBroken,
        }
    }

    /// Whether the version that was found is above those that work.
    fn is_too_new(&self) -> bool {
        let Ok(requirement) = semver::VersionReq::parse(self.tool.requirement) else {
            return false;
        };
        let found = self.unfit.iter().find_map(Unfit::version).and_then(version::numbers);
        let Some(found) = found else { return false };
        let least = requirement.comparators.iter().map(|least| {
            semver::Version::new(least.major, least.minor.unwrap_or(0), least.patch.unwrap_or(0))
        });
        least.min().is_some_and(|least| found > least)
    }

    /// One line, for a failure that has already been told of another tool.
    fn short_failure(&self) -> String {
        match self.unfit.first() {
            Some(unfit) => format!("{} too: {unfit}", self.tool.name),
            None => format!("{} too is not installed", self.tool.name),
        }
    }

    /// Whether a person's environment variable says where the tool is.
    pub fn is_chosen_by_variable(&self) -> bool {
        self.unfit.iter().any(|unfit| unfit.origin == Origin::Variable)
    }

    /// What a person does to have the tool, as a sentence; `language` is the name of
    /// the one that needs it.
    pub fn repair(&self, language: Option<&str>) -> String {
        if self.is_chosen_by_variable()
            && let Some(name) = self.tool.places.iter().find_map(|place| match place {
                Place::Variable(name) if std::env::var_os(name).is_some() => Some(name),
                _ => None,
            })
        {
            return format!(
                "Unset {name}, or let it hold the path of {} {}.",
                self.tool.name,
                needed(self.tool)
            );
        }
        match self.tool.install {
            Install::Person(how) => how.to_owned(),
            _ => format!("Install it with `{}`.", setup_command(self.tool, language)),
        }
    }
}

fn setup_command(tool: &Tool, language: Option<&str>) -> String {
    match language {
        Some(language) => format!("isospin setup {language}"),
        None if HOSTS.iter().any(|host| host.name == tool.name) => {
            "isospin setup --hosts".to_owned()
        }
        None => "isospin setup".to_owned(),
    }
}

/// The versions that work, as people write them.
pub fn needed(tool: &Tool) -> String {
    if tool.requirement == "*" { "any version".to_owned() } else { tool.requirement.to_owned() }
}

impl Unfit {
    fn version(&self) -> Option<&str> {
        match &self.reason {
            Reason::Version(version) => Some(version),
            Reason::Silent(_) | Reason::Absent(_) => None,
        }
    }
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Version(version) => write!(f, "{path} is version {version}"),
            Reason::Silent(why) => write!(f, "{path}: {why}"),
            Reason::Absent(name) => write!(f, "{path}, which {name} names, does not exist"),
        }
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
