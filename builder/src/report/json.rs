//! One JSON object per line on stdout, for machines.

use std::io::Write;

use serde_json::{Value, json};

use super::{Event, Report, to_json};

pub struct JsonLines;

impl Report for JsonLines {
    fn event(&self, event: &Event) {
        // A command goes on although nobody listens any more.
        let _ = writeln!(anstream::stdout(), "{}", object(event));
    }
}

fn object(event: &Event) -> Value {
    match event {
        Event::Stage { component, stage } => {
            json!({ "event": "stage", "component": component, "stage": stage })
        }
        Event::Output { component, text } => {
            json!({ "event": "output", "component": component, "text": text })
        }
        Event::Built(built) => with_fields("built", built),
        Event::Created(created) => with_fields("created", created),
        Event::Installed(installed) => with_fields("tool", installed),
        Event::Doing { subject, what } => {
            json!({ "event": "doing", "tool": subject, "text": what })
        }
        Event::NotInstalled { tool, error } => {
            json!({ "event": "not_installed", "tool": tool, "error": to_json(error) })
        }
        Event::Failed { component, error } => {
            json!({ "event": "failed", "component": component, "error": to_json(error) })
        }
        Event::Swapped { component, first, took } => {
            let took = (took.as_secs_f64() * 1e6).round() / 1e3;
            json!({ "event": "swapped", "component": component, "first": first, "milliseconds": took })
        }
        Event::Log { component, text } => {
            json!({ "event": "log", "component": component, "text": text })
        }
        Event::Answered(answered) => with_fields("answered", answered),
        Event::Note(text) => json!({ "event": "note", "text": text }),
    }
}

/// An event whose fields are those of `value`.
pub fn with_fields(event: &str, value: &impl serde::Serialize) -> Value {
    let mut object = json!({ "event": event });
    if let (Value::Object(object), Ok(Value::Object(fields))) =
        (&mut object, serde_json::to_value(value))
    {
        object.extend(fields);
    }
    object
}
