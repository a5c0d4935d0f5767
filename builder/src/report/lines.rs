//! Plain lines on stderr: for pipes, logs and CI.

use std::io::Write;

use super::{Answered, Built, Event, Installed, Prepared, Report, human, render};

/// Prints one line for what is finished; with `verbose` also for what begins.
pub struct Lines {
    pub verbose: bool,
    pub quiet: bool,
}

impl Report for Lines {
    fn event(&self, event: &Event) {
        if let Some(text) = text(event, self.verbose, self.quiet, false) {
            // In one piece: several components may be built at once. A command goes on
            // although nobody reads any more.
            let text = format!("{}\n", text.trim_end());
            let _ = anstream::stderr().lock().write_all(text.as_bytes());
        }
    }
}

/// The text of an event for a person, or `None` if it is not worth a line.
pub(super) fn text(event: &Event, verbose: bool, quiet: bool, colour: bool) -> Option<String> {
    match event {
        Event::Failed { error, .. }
        | Event::NotInstalled { error, .. }
        | Event::Error { error } => Some(render(error, colour)),
        _ if quiet => None,
        Event::Building { .. } => None,
        Event::Stage { component, stage, cached } => {
            let how = if *cached { "as before" } else { "..." };
            verbose.then(|| format!("{component}: {} {how}", stage.name()))
        }
        Event::Output { component, text } => Some(format!("{component}:\n{}", text.trim_end())),
        Event::Swapped { component, first: true, .. } => Some(format!("{component}: it answers")),
        Event::Swapped { component, took, .. } => {
            let took = human::duration(*took);
            Some(format!("{component}: the new code answers, {took} after the edit"))
        }
        Event::Log { component: "", text } => Some((*text).to_owned()),
        Event::Log { component, text } => Some(format!("{component} | {text}")),
        Event::Answered(answered) => verbose.then(|| answered_text(answered)),
        Event::Note { text } => Some((*text).to_owned()),
        Event::Doing { tool, text } => Some(format!("{tool}: {text} ...")),
        Event::Created(created) => Some(format!(
            "{}: made of template {} ({}), {}",
            created.name,
            created.template,
            created.languages.join(", "),
            created.path.display()
        )),
        Event::Installed(installed) => installed_text(installed, verbose),
        Event::Prepared(Prepared { language, unchanged: true, .. }) => {
            verbose.then(|| format!("{language}: it was prepared before"))
        }
        Event::Prepared(Prepared { language, took, .. }) => {
            Some(format!("{language}: prepared in {}", human::duration(*took)))
        }
        Event::Built(built) if built.unchanged => Some(format!(
            "{}: unchanged, {} ({})",
            built.component,
            human::size(built.size),
            built.language
        )),
        Event::Built(built) => {
            let (component, size) = (&built.component, human::size(built.size));
            Some(format!("{component}: {size} ({}; {})", built.language, how_built(built)))
        }
        Event::Serving { component, route, address } => {
            Some(format!("{component}: {}", human::url(address, route)))
        }
        Event::Dashboard { address } => Some(format!("dashboard: {address}")),
        Event::Cleaned { path, size } => {
            Some(format!("{}: {} removed", path.display(), human::size(*size)))
        }
        // People read them as one table, on stdout.
        Event::Ledger(_) | Event::Machine(_) => None,
    }
}

/// The time of each stage, and what an earlier build had done.
fn how_built(built: &Built) -> String {
    if built.cached {
        return "as an earlier build made it".to_owned();
    }
    let done = built.stages.iter().filter(|time| !time.cached);
    let done = done.map(|time| format!("{} {}", time.stage.name(), human::duration(time.duration)));
    let known = built.stages.iter().any(|time| time.cached);
    done.chain(known.then(|| "then as before".to_owned())).collect::<Vec<_>>().join(", ")
}

fn answered_text(answered: &Answered) -> String {
    let Answered { component, method, target, status, cold, total, .. } = answered;
    let component = component.as_deref().unwrap_or("no route");
    let start = match cold {
        Some(true) => ", cold",
        Some(false) => ", warm",
        None => "",
    };
    format!("{component}: {method} {target} {status} in {}{start}", human::duration(*total))
}

fn installed_text(installed: &Installed, verbose: bool) -> Option<String> {
    let Installed { tool, version, path, .. } = installed;
    if installed.unchanged {
        return verbose.then(|| format!("{tool}: {version} is there, {}", path.display()));
    }
    let cost = match installed.size {
        0 => human::duration(installed.took),
        size => format!("{} in {}", human::size(size), human::duration(installed.took)),
    };
    Some(format!("{tool}: {version} installed, {cost}, {}", path.display()))
}
