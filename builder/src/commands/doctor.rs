use clap::Args;

use super::LanguageNames;
use crate::pipeline::{Cache, Usage};
use crate::prepare::{identity, prepared};
use crate::report::{Code, Error, Manner, Result, human, print_data, table};
use crate::toolchain::{self, Diagnosis, Finder, HOSTS};

/// What it means that a language is not prepared.
const AT_FIRST: &str = " (the first build takes longer; `isospin setup` does that beforehand)";

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
        let needs = toolchain::needs_and_installers(&self.languages.users(), hosts);
        let diagnoses = toolchain::diagnose(&Finder::of_user()?, &needs)?;
        if manner.json {
            for diagnosis in &diagnoses {
                print_data(&serde_json::to_string(diagnosis).unwrap_or_default());
            }
        } else {
            print_data(&text(&diagnoses));
        }
        tell_prepared(&self.languages.names(), &diagnoses, manner)?;
        // Who asks about languages asks about their tools.
        if self.languages.is_empty() {
            tell_kept_builds(manner)?;
        }
        verdict(&diagnoses)
    }
}

/// Which languages have compiled what they compile once.
fn tell_prepared(languages: &[&str], diagnoses: &[Diagnosis], manner: Manner) -> Result<()> {
    let tools = diagnoses
        .iter()
        .filter(|one| one.is_fit())
        .filter_map(|one| Some((one.tool, identity(one.found.as_deref()?, one.path.as_deref()?))));
    let tools: Vec<_> = tools.collect();
    let told = prepared(languages, &tools)?;
    if manner.json {
        for (language, prepared) in told {
            let told = serde_json::json!({ "language": language, "prepared": prepared });
            print_data(&told.to_string());
        }
        return Ok(());
    }
    let named = |wanted: bool| {
        let names = told.iter().filter(|(_, is)| *is == wanted).map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    let text = match (named(true), named(false)) {
        (done, open) if open.is_empty() => format!("prepared: {done}"),
        (done, open) if done.is_empty() => format!("not prepared: {open}{AT_FIRST}"),
        (done, open) => format!("prepared: {done}\nnot prepared: {open}{AT_FIRST}"),
    };
    print_data(&format!("\n{text}"));
    Ok(())
}

/// How much of the disk the builds take that are kept for all apps, of how much.
fn tell_kept_builds(manner: Manner) -> Result<()> {
    let cache = Cache::of_user()?;
    let Usage { entries, size } = cache.usage()?;
    let (path, limit) = (cache.folder(), cache.limit());
    if manner.json {
        let told = serde_json::json!({
            "kept_builds": { "path": path.display().to_string(), "entries": entries, "size": size, "limit": limit }
        });
        print_data(&told.to_string());
        return Ok(());
    }
    let (size, limit) = (human::size(size), human::size(limit));
    print_data(&format!("kept builds: {size} of at most {limit}, in {}", path.display()));
    Ok(())
}

fn text(diagnoses: &[Diagnosis]) -> String {
    let heading = ["tool", "state", "found", "needed", "where", "for", "path"];
    // Whom a tool is for and its path may stand on a line of their own.
    let mut table = table::Table::new(&heading).folding(2);
    for diagnosis in diagnoses {
        let state = diagnosis.state.name();
        let tone = match (diagnosis.is_fit(), diagnosis.is_needed) {
            (true, _) => table::Tone::Good,
            (false, true) => table::Tone::Bad,
            (false, false) => table::Tone::Plain,
        };
        table.row([
            diagnosis.tool.into(),
            table::Cell::new(state, tone),
            diagnosis.found.as_deref().unwrap_or("-").into(),
            diagnosis.needed.as_str().into(),
            diagnosis.origin.map_or("-", |origin| origin.name()).into(),
            diagnosis.users.join(", ").as_str().into(),
            diagnosis
                .path
                .as_ref()
                .map_or("-".into(), |path| path.display().to_string())
                .as_str()
                .into(),
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
    let code = first.code.unwrap_or(Code::ToolMissing);
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
