use std::path::{Path, PathBuf};

use crate::app::Component;
use crate::component::World;
use crate::process::Command;
use crate::report::{Code, Error, Result};
use crate::toolchain::Toolchain;

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

/// All that a language's driver needs to compile one component.
pub struct Context<'a> {
    pub component: &'a Component,
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
    /// A per-user folder for what is made once per tool version, such as a
    /// compiled libc; shared with other builds that run at the same time.
    pub cache: PathBuf,
    /// Whether tools should print colours.
    pub colour: bool,
}

impl Context<'_> {
    /// Runs a compiler on the user's code: a failure is the user's to mend, so
    /// it is shown with the compiler's own text and the language's advice.
    ///
    /// # Errors
    /// If the compiler cannot be run or does not end with status 0.
    pub fn compile_with(&self, command: &Command) -> Result<crate::process::Output> {
        let output = command.output()?;
        if output.status.success() {
            return Ok(output);
        }
        Err(self.compile_error(output.printed()))
    }

    /// The failure to compile this component, with what the compiler printed.
    pub fn compile_error(&self, printed: String) -> Error {
        let error = Error::new(
            Code::CompileFailed,
            format!(
                "{}: the {} code of component `{}` does not compile",
                self.component.path.display(),
                self.component.language.title(),
                self.component.name
            ),
        );
        let error = match self.component.language.explain(&printed) {
            Some(hint) => error.hint(hint),
            None => error,
        };
        error.output(printed)
    }
}
