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

    /// So many steps are done, and this is what comes now.
    pub fn show(&self, done: usize, text: &str) {
        self.0.set_position(done as u64);
        self.0.set_message(text.to_owned());
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
