//! A terminal: one moving line per component while it is built, and below them how
//! many are done.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{Event, Report, lines};

pub struct Bars {
    progress: MultiProgress,
    lines: Mutex<Lines>,
    verbose: bool,
}

#[derive(Default)]
struct Lines {
    /// By component or tool.
    spinners: HashMap<String, ProgressBar>,
    /// How many components of how many are done, where there are several.
    total: Option<ProgressBar>,
}

/// Below this width a line has room for the component and its stage alone.
const NARROW: usize = 40;

/// What a line begins with: spinner and time.
const BEFORE: usize = 8;

/// Cut at the terminal's edge: a line that wraps cannot be drawn over.
const STYLE: &str = "{spinner} {elapsed:>4} {wide_msg}";
const NARROW_STYLE: &str = "{spinner} {wide_msg}";
const TOTAL_STYLE: &str = "{wide_msg}";

impl Bars {
    pub fn new(verbose: bool) -> Bars {
        Bars { progress: MultiProgress::new(), lines: Mutex::default(), verbose }
    }

    fn spin(&self, component: &str, doing: &str) {
        let width = width();
        let is_narrow = width < NARROW;
        let mut lines = self.lines();
        let Lines { spinners, total } = &mut *lines;
        let spinner = spinners.entry(component.to_owned()).or_insert_with(|| {
            let spinner = ProgressBar::new_spinner();
            let spinner = match total {
                Some(total) => self.progress.insert_before(total, spinner),
                None => self.progress.add(spinner),
            };
            spinner.set_style(style(if is_narrow { NARROW_STYLE } else { STYLE }));
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        let before = if is_narrow { 2 } else { BEFORE };
        spinner.set_message(fitted(component, doing, width.saturating_sub(before + 1)));
    }

    fn begin(&self, components: usize) {
        let mut lines = self.lines();
        if components > 1 && lines.total.is_none() {
            let total = self.progress.add(ProgressBar::new(components as u64));
            total.set_style(style(TOTAL_STYLE));
            total.set_message(format!("0 of {components} done"));
            lines.total = Some(total);
        }
    }

    fn done(&self, component: &str) {
        let mut lines = self.lines();
        if let Some(spinner) = lines.spinners.remove(component) {
            spinner.finish_and_clear();
        }
    }

    /// As [`Bars::done`], for one of the components that are counted.
    fn counted(&self, component: &str) {
        self.done(component);
        let mut lines = self.lines();
        let Some(total) = &lines.total else { return };
        total.inc(1);
        let (position, length) = (total.position(), total.length().unwrap_or_default());
        total.set_message(format!("{position} of {length} done"));
        if position >= length {
            total.finish_and_clear();
            lines.total = None;
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// Columns of the terminal on stderr.
fn width() -> usize {
    terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(width, _)| width.0.into())
}

/// What a component does, in at most `width` characters: its stage is told whole,
/// and of its name what there is room for.
fn fitted(component: &str, doing: &str, width: usize) -> String {
    /// Less of a name tells nothing.
    const LEAST: usize = 3;
    let room = width.saturating_sub(doing.chars().count() + ": ".len());
    if component.chars().count() <= room {
        return format!("{component}: {doing}");
    }
    let start: String = component.chars().take(room.saturating_sub(1).max(LEAST)).collect();
    format!("{start}\u{2026}: {doing}")
}

impl Report for Bars {
    fn event(&self, event: &Event) {
        match event {
            Event::Building { components, .. } => return self.begin(*components),
            Event::Stage { component, stage, .. } => return self.spin(component, stage.name()),
            Event::Built(built) => self.counted(&built.component),
            Event::Failed { component, .. } => self.counted(component),
            Event::Doing { tool, text } => return self.spin(tool, text),
            Event::Installed(installed) => self.done(installed.tool),
            Event::Prepared(prepared) => self.done(prepared.language),
            Event::NotInstalled { tool, .. } => self.done(tool),
            Event::Output { .. }
            | Event::Swapped { .. }
            | Event::Log { .. }
            | Event::Answered(_)
            | Event::Note { .. }
            | Event::Created(_)
            | Event::Serving { .. }
            | Event::Dashboard { .. }
            | Event::Cleaned { .. }
            | Event::Ledger(_)
            | Event::Machine(_)
            | Event::Error { .. } => {}
        }
        if let Some(text) = lines::text(event, self.verbose, false, true) {
            // A command goes on although nobody reads any more.
            let text = format!("{}\n", text.trim_end());
            let _ = self.progress.suspend(|| anstream::stderr().lock().write_all(text.as_bytes()));
        }
    }

    fn clear(&self) {
        let mut lines = self.lines();
        let Lines { spinners, total } = &mut *lines;
        for spinner in spinners.drain().map(|(_, spinner)| spinner).chain(total.take()) {
            spinner.finish_and_clear();
        }
    }

    fn colour(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn a_narrow_line_has_the_stage_and_the_start_of_the_name() {
        assert_eq!(fitted("words-javascript", "compile", 60), "words-javascript: compile");
        assert_eq!(fitted("words-javascript", "compile", 17), "words-j\u{2026}: compile");
        assert_eq!(fitted("words-javascript", "componentize", 17), "wor\u{2026}: componentize");
        assert_eq!(fitted("a", "compile", 10), "a: compile");
        assert_eq!(fitted("words", "compile", 0), "wor\u{2026}: compile");
    }
}
