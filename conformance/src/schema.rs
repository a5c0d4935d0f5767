//! The JSON schemas of the data files and of reports, generated from the types that read and write them.

use schemars::{JsonSchema, schema_for};

use crate::case::Case;
use crate::expectation::Expectations;
use crate::host::Adapter;
use crate::report::Report;

/// The files in `conformance/schema/` and what they must hold.
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("case.json", schema::<Case>()),
        ("host.json", schema::<Adapter>()),
        ("report.json", schema::<Report>()),
        ("expectations.json", schema::<Expectations>()),
    ]
}

fn schema<T: JsonSchema>() -> String {
    // A schema is JSON by its nature and cannot fail to be written.
    let mut text = serde_json::to_string_pretty(&schema_for!(T)).unwrap_or_default();
    text.push('\n');
    text
}
