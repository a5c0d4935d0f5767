use std::path::PathBuf;

use clap::Args;

use crate::app;
use crate::language::Profile;
use crate::pipeline::{self, Options};
use crate::report::{Built, Manner, Result, human};

/// Build an app's components
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin build examples/rosetta --component words-rust")]
pub struct Build {
    /// The app's folder or manifest, or a folder with one handler [default: the nearest app]
    path: Option<PathBuf>,
    /// Build only the component of this name
    #[arg(long, value_name = "NAME")]
    component: Option<String>,
    #[command(flatten)]
    profile: ProfileChoice,
    /// Where the finished components go [default: `dist` in the app's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How many components are built at once [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    jobs: Option<std::num::NonZeroUsize>,
}

/// `--release` or `--debug`.
#[derive(Debug, Clone, Args)]
pub struct ProfileChoice {
    /// Small, with what traces need in a file beside it (the default)
    #[arg(long, conflicts_with = "debug")]
    release: bool,
    /// With debug data inside and checks
    #[arg(long)]
    debug: bool,
}

impl ProfileChoice {
    pub fn profile(&self) -> Profile {
        if self.debug { Profile::Debug } else { Profile::Release }
    }
}

impl Build {
    /// # Errors
    /// If the app is wrong, a tool is missing, or a component does not build.
    pub fn run(self, manner: Manner) -> Result<()> {
        let app = app::load(self.path.as_deref())?;
        let options = Options {
            profile: self.profile.profile(),
            only: self.component,
            out: self.out,
            jobs: self.jobs,
        };
        let start = std::time::Instant::now();
        let built = pipeline::build(&app, &options, manner.report().as_ref())?;
        manner.say(&summary(&built, start.elapsed()));
        Ok(())
    }
}

/// One sentence about a finished build.
pub fn summary(built: &[Built], took: std::time::Duration) -> String {
    let changed = built.iter().filter(|artifact| !artifact.unchanged).count();
    let taken = built.iter().filter(|artifact| artifact.cached).count();
    let all = match built.len() {
        1 => "1 component".to_owned(),
        count => format!("{count} components"),
    };
    let what = match changed {
        0 => format!("nothing changed in {all}, seen"),
        _ if changed == built.len() => format!("{all} built"),
        _ => format!("{changed} of {all} built"),
    };
    let what = match taken {
        0 => what,
        _ if taken == changed => format!("{what} before, fetched"),
        _ => format!("{what}, {taken} of them before,"),
    };
    let folder = built.first().and_then(|artifact| artifact.path.parent());
    let folder = folder.map(|folder| format!(": {}", folder.display())).unwrap_or_default();
    format!("{what} in {}{folder}", human::duration(took))
}
