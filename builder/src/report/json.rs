//! One JSON object per line on stdout, for machines.

use serde_json::{Value, json};

use super::{Event, Report, to_json};

pub struct JsonLines;

impl Report for JsonLines {
    fn event(&self, event: &Event) {
        anstream::println!("{}", object(event));
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
        Event::Built(built) => {
            let mut object = json!({ "event": "built" });
            if let (Value::Object(object), Ok(Value::Object(fields))) =
                (&mut object, serde_json::to_value(built))
            {
                object.extend(fields);
            }
            object
        }
        Event::Failed { component, error } => {
            json!({ "event": "failed", "component": component, "error": to_json(error) })
        }
        Event::Note(text) => json!({ "event": "note", "text": text }),
    }
}
