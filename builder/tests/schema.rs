//! The JSON schema in the repository is the one that the types give.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at once")]

use std::path::Path;

#[test]
fn the_manifest_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/isospin.schema.json");
    let schema = isospin_builder::app::schema();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "{}: it is stale; run `BLESS=1 cargo test`", path.display());
}
