use std::path::PathBuf;

use clap::Args;

use super::build::{ProfileChoice, summary};
use super::serve::ServingOptions;
use crate::app::{self, App, Component};
use crate::pipeline;
use crate::report::{Ask, Event, Manner, Result};
use crate::serving;
use crate::toolchain::{self, Finder, User};

/// Set up, build and serve
///
/// Tools that are missing are installed only with `--setup`, or after asking on
/// a terminal.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin up examples/rosetta --setup")]
pub struct Up {
    #[command(flatten)]
    app: AppOptions,
}

/// Which app is served and how, for the commands that set up and build it first.
#[derive(Debug, Args)]
pub struct AppOptions {
    /// An app's folder or manifest, or a folder with one handler [default: the nearest app]
    path: Option<PathBuf>,
    /// Install the tools that are missing, without asking
    #[arg(long)]
    setup: bool,
    #[command(flatten)]
    pub profile: ProfileChoice,
    #[command(flatten)]
    pub serving: ServingOptions,
}

impl AppOptions {
    /// The app, with the tools that it needs if they are wanted.
    ///
    /// # Errors
    /// If the app is wrong, or a tool cannot be had.
    pub fn prepare(&self, manner: Manner) -> Result<App> {
        let app = app::load(self.path.as_deref())?;
        set_up(&app, self.setup, manner)?;
        Ok(app)
    }
}

impl Up {
    /// # Errors
    /// If a tool cannot be had, a component does not build, or the address
    /// cannot be listened on.
    pub fn run(self, manner: Manner) -> Result<()> {
        let app = self.app.prepare(manner)?;
        let profile = self.app.profile.profile();
        let options = pipeline::Options { profile, ..pipeline::Options::default() };
        let start = std::time::Instant::now();
        let built = pipeline::build(&app, &options, manner.report().as_ref())?;
        manner.say(&summary(&built, start.elapsed()));
        serving::serve(&serving::mounted(&app)?, &self.app.serving.options(), manner)
    }
}

/// Installs what the app's languages miss, if the user wants it. If not, the
/// build says what is missing.
pub(super) fn set_up(app: &App, unasked: bool, manner: Manner) -> Result<()> {
    let finder = Finder::of_user()?;
    let plan = toolchain::plan(&finder, &toolchain::needs(&users(app), &[]))?;
    if plan.is_empty() {
        return Ok(());
    }
    let report = manner.report();
    for sentence in plan.sentences(&finder) {
        report.event(&Event::Note { text: &sentence });
    }
    let agreed = |ask: Ask| ask.yes("Install them now?");
    if unasked || manner.ask().map_or(Ok(false), agreed)? {
        plan.run(&finder, report.as_ref())?;
    }
    Ok(())
}

/// Those of an app that need tools: each may stand there several times.
fn users(app: &App) -> Vec<User> {
    app.components.iter().map(Component::user).collect()
}
