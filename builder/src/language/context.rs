use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Language, sources};
use crate::component::World;
use crate::process::{Command, Output};
use crate::report::{Code, Error, Result, without_colours};
use crate::toolchain::{Alternative, Toolchain};

/// Whether the code is made small or debuggable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    Release,
    Debug,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Profile::Release => "release",
            Profile::Debug => "debug",
        }
    }
}

/// The handler of one component, as its language's driver sees it.
pub struct Handler<'a> {
    /// The component's name.
    pub name: &'a str,
    /// The component's folder, absolute.
    pub path: PathBuf,
    pub language: &'static dyn Language,
    /// The toolchain that the manifest asks for, if it is not the language's own.
    pub toolchain: Option<&'static Alternative>,
    /// The folders of other components that lie in this one's, absolute.
    pub nested: Vec<PathBuf>,
}

impl Handler<'_> {
    /// The files that belong to the component: see [`sources`].
    ///
    /// # Errors
    /// If its folder cannot be listed.
    pub fn sources(&self) -> Result<Vec<PathBuf>> {
        sources(self)
    }

    /// Those of `found` that are none of the component's `sources`, nor the SDK's files in it:
    /// what a build must be told of as its inputs.
    pub fn besides(
        &self,
        sources: &[PathBuf],
        found: impl IntoIterator<Item = PathBuf>,
    ) -> Vec<PathBuf> {
        let ours = self.path.join(".isospin");
        let is_known =
            |path: &PathBuf| path.starts_with(&ours) || sources.binary_search(path).is_ok();
        found.into_iter().filter(|path| !is_known(path)).collect()
    }
}

/// All that a language's driver needs to compile one component.
pub struct Context<'a> {
    pub component: Handler<'a>,
    pub toolchain: &'a Toolchain,
    pub world: &'a World,
    pub profile: Profile,
    /// The app's folder; drivers may share scratch space between components
    /// of one app under `app.join(".isospin")`.
    pub app: &'a Path,
    /// Where the SDK and its bindings were written.
    pub sdk: PathBuf,
    /// A folder of this component's own, kept from build to build.
    pub scratch: PathBuf,
    /// An empty folder for what compilers make of this build. No other has the same:
    /// a compiler that outlives a killed build must not write into the next one's.
    pub made: tempfile::TempDir,
    /// A per-user folder for what is made once per tool version, such as a
    /// compiled libc; shared with other builds that run at the same time.
    pub cache: PathBuf,
    /// Whether tools should print colours.
    pub colour: bool,
    pub warnings: Warnings,
}

/// What tools print on a component although they succeed. It is shown after the
/// component is compiled, and again when a later build finds nothing to do.
#[derive(Default)]
pub struct Warnings(Mutex<String>);

impl Warnings {
    /// Adds what a tool of `language` printed, without what is no warning.
    pub fn add(&self, language: &dyn Language, printed: &str) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for line in printed.trim().lines().filter(|line| !language.is_chatter(line)) {
            text.push_str(line);
            text.push('\n');
        }
    }

    /// Takes all of it; empty if nothing was printed.
    pub fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Context<'_> {
    /// Runs a compiler on the user's code: a failure is the user's to mend, so
    /// it is shown with the compiler's own text and the language's advice. What
    /// it prints on stderr although it succeeds is kept as warnings.
    ///
    /// # Errors
    /// If the compiler cannot be run or does not end with status 0.
    pub fn compile_with(&self, command: &Command) -> Result<Output> {
        let output = self.ask(command)?;
        self.warn(&output.stderr);
        Ok(output)
    }

    /// Asks a compiler about the user's code; fails as [`Context::compile_with`]
    /// does, and keeps no warnings.
    ///
    /// # Errors
    /// As there.
    pub fn ask(&self, command: &Command) -> Result<Output> {
        let output = command.output()?;
        if output.status.success() {
            return Ok(output);
        }
        Err(self.compile_error(output.printed()))
    }

    /// Keeps what a compiler printed although it succeeded.
    pub fn warn(&self, printed: &str) {
        self.warnings.add(self.component.language, printed);
    }

    /// The failure to compile this component, with what the compiler printed.
    pub fn compile_error(&self, printed: String) -> Error {
        let advice = self.component.language.explain(&without_colours(&printed));
        let code = advice.as_ref().and_then(|advice| advice.code).unwrap_or(Code::CompileFailed);
        let error = Error::new(code, self.headline(code));
        let error = match advice {
            Some(advice) => error.hint(advice.text),
            None => error,
        };
        error.output(printed)
    }

    /// The failure of a component whose folder has no `file`, which describes its package.
    pub fn no_package(&self, file: &str) -> Error {
        let code = Code::HandlerMissing;
        Error::new(code, self.headline(code)).cause(format!("there is no {file}"))
    }

    /// The first line of a failure that is the user's to mend.
    pub fn headline(&self, code: Code) -> String {
        let (language, name) = (self.component.language.title(), self.component.name);
        let what = match code {
            Code::HandlerMissing => "there is no handler in it".to_owned(),
            Code::HandlerShape => format!("the handler of component `{name}` has another shape"),
            Code::DependencyMissing => {
                format!("component `{name}` asks for something that is not there")
            }
            Code::PackagesFailed => {
                format!("the packages of component `{name}` cannot be installed")
            }
            Code::NativeCode => format!("a package of component `{name}` needs native code"),
            Code::NodeModule => format!("component `{name}` asks for a part of Node.js"),
            Code::SdkMissing => format!("component `{name}` does not know the SDK"),
            Code::TargetMissing => {
                format!("the compiler of component `{name}` cannot make WebAssembly")
            }
            Code::SourceEncoding => format!("a source of component `{name}` is not UTF-8"),
            Code::NeedsSystem => {
                format!("component `{name}` asks for something that only an operating system has")
            }
            Code::RegistryUnreachable => {
                format!("the packages of component `{name}` cannot be fetched")
            }
            Code::DigestWrong => {
                format!("a package of component `{name}` is not what its digest says")
            }
            Code::NotPermitted => {
                format!("the compiler of component `{name}` may not write where it has to")
            }
            Code::StartCallsOut => {
                format!("component `{name}` calls out while it is built")
            }
            _ => format!("the {language} code of component `{name}` does not compile"),
        };
        format!("{}: {what}", self.component.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LANGUAGES;

    #[test]
    fn warnings_are_kept_line_by_line() {
        let warnings = Warnings::default();
        warnings.add(LANGUAGES[0], "\nwarning: one\n  of two lines\n\n");
        warnings.add(LANGUAGES[0], "");
        warnings.add(LANGUAGES[0], "warning: another");
        assert_eq!(warnings.take(), "warning: one\n  of two lines\nwarning: another\n");
    }
}
