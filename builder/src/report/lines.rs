//! Plain lines on stderr: for pipes, logs and CI.

use std::io::Write;

use super::{Answered, Event, Installed, Report, human, render};

/// Prints one line for what is finished; with `verbose` also for what begins.
pub struct Lines {
    pub verbose: bool,
    pub quiet: bool,
}

impl Report for Lines {
    fn event(&self, event: &Event) {
        if let Some(text) = text(event, self.verbose, self.quiet, false) {
            // A command goes on although nobody reads any more.
            let _ = writeln!(anstream::stderr(), "{}", text.trim_end());
        }
    }
}

/// The text of an event for a person, or `None` if it is not worth a line.
pub(super) fn text(event: &Event, verbose: bool, quiet: bool, colour: bool) -> Option<String> {
    match event {
        Event::Failed { error, .. } | Event::NotInstalled { error, .. } => {
            Some(render(error, colour))
        }
        _ if quiet => None,
        Event::Stage { component, stage } => {
            verbose.then(|| format!("{component}: {} ...", stage.name()))
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
        Event::Note(text) => Some((*text).to_owned()),
        Event::Doing { subject, what } => Some(format!("{subject}: {what} ...")),
        Event::Created(created) => Some(format!(
            "{}: made of template {} ({}), {}",
            created.name,
            created.template,
            created.languages.join(", "),
            created.path.display()
        )),
        Event::Installed(installed) => installed_text(installed, verbose),
        Event::Built(built) if built.unchanged => Some(format!(
            "{}: unchanged, {} ({})",
            built.component,
            human::size(built.size),
            built.language
        )),
        Event::Built(built) => {
            let stages: Vec<String> = built
                .stages
                .iter()
                .map(|time| format!("{} {}", time.stage.name(), human::duration(time.duration)))
                .collect();
            Some(format!(
                "{}: {} ({}; {})",
                built.component,
                human::size(built.size),
                built.language,
                stages.join(", ")
            ))
        }
    }
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
