use std::path::PathBuf;

use clap::Args;

use crate::app;
use crate::pipeline;
use crate::report::{Manner, Result, human, print_data};

/// Remove what builds of an app made
///
/// The next build then begins anew. Sources and SDKs stay.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin clean examples/rosetta")]
pub struct Clean {
    /// The app's folder or manifest, or a folder with one handler [default: the nearest app]
    path: Option<PathBuf>,
}

impl Clean {
    /// # Errors
    /// If there is no app, or something cannot be removed.
    pub fn run(self, manner: Manner) -> Result<()> {
        let app = app::load(self.path.as_deref())?;
        let freed = pipeline::clean(&app, manner.report().as_ref())?;
        if manner.json {
            let cleaned =
                serde_json::json!({ "event": "cleaned", "path": app.path, "size": freed });
            print_data(&cleaned.to_string());
        }
        manner.say(&format!("{}: {} removed", app.path.display(), human::size(freed)));
        Ok(())
    }
}
