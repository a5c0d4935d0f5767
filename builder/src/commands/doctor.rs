use clap::Args;

use super::LanguageNames;
use crate::report::{Code, Error, Manner, Result, print_data, table};
use crate::toolchain::{self, Diagnosis, Finder, HOSTS, State};

/// Show every tool: needed, found, where, and how to repair it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin doctor python --json")]
pub struct Doctor {
    #[command(flatten)]
    languages: LanguageNames,
}

impl Doctor {
    /// # Errors
    /// If something that a language needs is missing.
    pub fn run(self, manner: Manner) -> Result<()> {
        let hosts = if self.languages.is_empty() { HOSTS } else { &[] };
        let needs = toolchain::needs_and_installers(&self.languages.resolve(), hosts);
        let diagnoses = toolchain::diagnose(&Finder::of_user()?, &needs)?;
        if manner.json {
            for diagnosis in &diagnoses {
                print_data(&serde_json::to_string(diagnosis).unwrap_or_default());
            }
        } else {
            print_data(&text(&diagnoses));
        }
        verdict(&diagnoses)
    }
}

fn text(diagnoses: &[Diagnosis]) -> String {
    let heading = ["tool", "for", "needed", "found", "where", "state", "path"];
    let mut table = table::Table::new(&heading);
    for diagnosis in diagnoses {
        table.row([
            diagnosis.tool.to_owned(),
            diagnosis.users.join(", "),
            diagnosis.needed.clone(),
            diagnosis.found.clone().unwrap_or_else(|| "-".to_owned()),
            diagnosis.origin.map_or("-", |origin| origin.name()).to_owned(),
            diagnosis.state.name().to_owned(),
            diagnosis.path.as_ref().map_or("-".to_owned(), |path| path.display().to_string()),
        ]);
        for trouble in &diagnosis.troubles {
            table.note(trouble);
        }
        if let Some(repair) = &diagnosis.repair {
            table.note(repair);
        }
    }
    table.render(table::width_of_stdout())
}

fn verdict(diagnoses: &[Diagnosis]) -> Result<()> {
    let broken: Vec<&Diagnosis> =
        diagnoses.iter().filter(|one| one.is_needed && !one.is_fit()).collect();
    let Some(first) = broken.first() else { return Ok(()) };
    let names: Vec<&str> = broken.iter().map(|one| one.tool).collect();
    let code = if broken.iter().any(|one| one.state == State::Missing) {
        Code::ToolMissing
    } else {
        Code::ToolVersion
    };
    let what = match broken.len() {
        1 => format!("{}: it is needed and {}", names[0], first.state.phrase()),
        _ => format!("{}: they are needed and missing or do not work", names.join(", ")),
    };
    let hint = match (broken.len(), &first.repair) {
        (1, Some(repair)) => repair.clone(),
        _ => "`isospin setup` installs what it can.".to_owned(),
    };
    Err(Error::new(code, what).hint(hint))
}
