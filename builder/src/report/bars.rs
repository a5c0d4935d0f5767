//! A terminal: one moving line per component while it is built.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{Event, Report, lines};

pub struct Bars {
    progress: MultiProgress,
    spinners: Mutex<HashMap<String, ProgressBar>>,
    verbose: bool,
}

impl Bars {
    pub fn new(verbose: bool) -> Bars {
        Bars { progress: MultiProgress::new(), spinners: Mutex::default(), verbose }
    }

    fn spin(&self, component: &str, doing: &str) {
        let mut spinners = self.spinners.lock().unwrap_or_else(|poison| poison.into_inner());
        let spinner = spinners.entry(component.to_owned()).or_insert_with(|| {
            let spinner = self.progress.add(ProgressBar::new_spinner());
            // Cut at the terminal's edge: a line that wraps cannot be drawn over.
            let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            spinner.set_style(style);
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        spinner.set_message(format!("{component}: {doing}"));
    }

    fn done(&self, component: &str) {
        let mut spinners = self.spinners.lock().unwrap_or_else(|poison| poison.into_inner());
        if let Some(spinner) = spinners.remove(component) {
            spinner.finish_and_clear();
        }
    }
}

impl Report for Bars {
    fn event(&self, event: &Event) {
        match event {
            Event::Stage { component, stage, .. } => return self.spin(component, stage.name()),
            Event::Built(built) => self.done(&built.component),
            Event::Failed { component, .. } => self.done(component),
            Event::Doing { subject, what } => return self.spin(subject, what),
            Event::Installed(installed) => self.done(installed.tool),
            Event::NotInstalled { tool, .. } => self.done(tool),
            Event::Output { .. }
            | Event::Swapped { .. }
            | Event::Log { .. }
            | Event::Answered(_)
            | Event::Note(_)
            | Event::Created(_) => {}
        }
        if let Some(text) = lines::text(event, self.verbose, false, true) {
            // A command goes on although nobody reads any more.
            let _ = self.progress.suspend(|| writeln!(anstream::stderr(), "{}", text.trim_end()));
        }
    }

    fn clear(&self) {
        let mut spinners = self.spinners.lock().unwrap_or_else(|poison| poison.into_inner());
        for (_, spinner) in spinners.drain() {
            spinner.finish_and_clear();
        }
    }

    fn colour(&self) -> bool {
        true
    }
}
