//! The JSON schemas in the repository are those that the types give, and what
//! commands with `--json` print is as its schema says.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

#[path = "schema/lines.rs"]
mod lines;
#[path = "schema/validate.rs"]
mod validate;

use std::path::Path;

fn is_current(name: &str, schema: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, schema).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == schema,
        "{}: it is stale; run `BLESS=1 cargo test --workspace --test schema`",
        path.display()
    );
}

#[test]
fn the_manifest_schema_is_current() {
    is_current("isospin.schema.json", &isospin_builder::app::schema());
}

#[test]
fn the_schema_of_events_is_current() {
    is_current("events.schema.json", &isospin_builder::report::Event::schema());
}
