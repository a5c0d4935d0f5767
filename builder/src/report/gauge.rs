//! How far work of known length has come: a bar on a terminal, nothing elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Goes away when it is dropped.
pub struct Gauge(ProgressBar);

impl Gauge {
    /// For so many steps; one that nobody sees if not `visible`.
    pub(super) fn new(steps: usize, visible: bool) -> Gauge {
        if !visible {
            return Gauge(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(steps as u64);
        // Cut at the terminal's edge: a line that wraps cannot be drawn over.
        let style = ProgressStyle::with_template("{spinner} {elapsed} {bar:20} {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(100));
        Gauge(bar)
    }

    /// What is done before the first step.
    pub fn show(&self, text: &str) {
        self.0.set_message(text.to_owned());
    }

    /// A step begins; those before it are done.
    pub fn next(&self, text: &str) {
        if !self.0.message().is_empty() {
            self.0.inc(1);
        }
        self.show(text);
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
