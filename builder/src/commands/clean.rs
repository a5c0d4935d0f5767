use std::path::PathBuf;

use clap::Args;

use crate::app;
use crate::pipeline::{self, Cache};
use crate::report::{Event, Manner, Result};

/// Remove what builds of an app made
///
/// The next build then begins anew. Sources and SDKs stay, and so do the builds that
/// are kept for all of your apps: what was built before is taken from there.
/// `--cache` removes these instead.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  isospin clean examples/rosetta\n  isospin clean --cache")]
pub struct Clean {
    /// The app's folder or manifest, or a folder with one handler [default: the nearest app]
    path: Option<PathBuf>,
    /// Remove the builds that are kept for all of your apps, and nothing of an app
    #[arg(long, conflicts_with = "path")]
    cache: bool,
}

impl Clean {
    /// # Errors
    /// If there is no app, or something cannot be removed.
    pub fn run(self, manner: Manner) -> Result<()> {
        let (path, size) = if self.cache {
            let cache = Cache::of_user()?;
            let freed = cache.empty()?;
            (cache.folder().to_owned(), freed.size)
        } else {
            let app = app::load(self.path.as_deref())?;
            let freed = pipeline::clean(&app, manner.report().as_ref())?;
            (app.path, freed)
        };
        manner.report().event(&Event::Cleaned { path: &path, size });
        Ok(())
    }
}
