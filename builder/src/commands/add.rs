use std::path::Path;

use clap::Args;

use super::choose::{self, name_in};
use super::language_names;
use crate::report::{Code, Error, Event, Manner, Result};
use crate::{app, create, language};

/// Add a component to the app around the current folder
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin add go orders --template api --route /orders/...")]
pub struct Add {
    /// The component's language
    #[arg(value_name = "LANGUAGE", value_parser = language_names())]
    language: String,
    /// The component's name, and that of its folder
    name: String,
    /// What to begin with: a template of ours, or a folder, .tar.gz or .zip of yours [default: hello]
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// What it answers: "/path", or "/path/..." with all below it [default: /NAME/...]
    #[arg(long, value_name = "ROUTE")]
    route: Option<String>,
}

impl Add {
    /// # Errors
    /// If something is wrong; nothing is then changed.
    pub fn run(self, manner: Manner) -> Result<()> {
        let manifest = app::manifest_around()?;
        let name = name_in(Path::new(&self.name))?;
        if name != self.name {
            return Err(Error::new(Code::Usage, format!("`{}`: this is a path", self.name))
                .hint(format!("Give the name alone, `{name}`: its folder lies in the app's.")));
        }
        let language = language::find(&self.language).ok_or_else(|| {
            Error::new(Code::Usage, format!("`{}`: there is no such language", self.language))
        })?;
        let template =
            choose::component(language, self.template.as_deref(), manner.ask().as_ref())?;
        let route = self.route.as_deref();
        let created = create::add_component(&manifest, language, &name, &template, route)?;
        manner.report().event(&Event::Created(&created));
        if !created.before.is_empty() {
            let steps = created.before.join(", ");
            manner.say(&format!("In its folder, before the first build: {steps}"));
        }
        Ok(())
    }
}
