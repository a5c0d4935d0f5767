//! One JSON object per line on stdout, for machines.

use std::io::Write;

use super::{Event, Report};

pub struct JsonLines;

impl Report for JsonLines {
    fn event(&self, event: &Event) {
        // In one piece: several components may be built at once.
        let mut text = serde_json::to_vec(event).unwrap_or_default();
        text.push(b'\n');
        // A command goes on although nobody listens any more.
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(&text).and_then(|()| stdout.flush());
    }
}
