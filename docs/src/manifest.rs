//! Every key of `isospin.toml`, from the schema that the reader of manifests has.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::escape::escaped;

/// The tables of the manifest, as they are named there and in the schema.
const TABLES: &[(&str, &str)] = &[("[app]", "AppTable"), ("[component.NAME]", "ComponentTable")];

/// A section with a table of keys for each table of the manifest.
///
/// # Errors
/// If the schema is not of the form that is known here.
pub fn markdown() -> Result<String> {
    let schema: Value = serde_json::from_str(&isospin_builder::app::schema())?;
    let tables = schema["$defs"].as_object().context("the schema has no tables")?;
    anyhow::ensure!(
        tables.len() == TABLES.len(),
        "the schema has other tables than docs/src/manifest.rs knows: {:?}",
        tables.keys()
    );
    let mut text = String::new();
    for (name, definition) in TABLES {
        let table = tables.get(*definition).with_context(|| format!("no {definition}"))?;
        text.push_str(&format!("\n## `{name}`\n\n{}\n\n", described(table)?));
        text.push_str(&keys(table)?);
    }
    Ok(text)
}

fn keys(table: &Value) -> Result<String> {
    let mut text = String::from("| key | value | meaning |\n|---|---|---|\n");
    let required = table["required"].as_array().cloned().unwrap_or_default();
    for (key, value) in table["properties"].as_object().context("a table has no keys")? {
        let must = if required.contains(&key.as_str().into()) { " Required." } else { "" };
        text.push_str(&format!("| `{key}` | {} | {}{must} |\n", kind(value)?, described(value)?));
    }
    Ok(text)
}

fn described(value: &Value) -> Result<String> {
    let text = value["description"].as_str().context("something has no description")?;
    Ok(escaped(&text.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// What may stand there, in a word or as the words that may.
fn kind(value: &Value) -> Result<String> {
    if let Some(choices) = value["enum"].as_array() {
        let choices = choices.iter().filter_map(Value::as_str);
        return Ok(choices.map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", "));
    }
    let kinds = match &value["type"] {
        Value::Array(several) => several.clone(),
        one => vec![one.clone()],
    };
    let kind = kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null");
    let word = match kind.context("a key has no type")? {
        "object" => "a table of strings",
        "array" => "a list of strings",
        "boolean" => "true or false",
        "string" => "a string",
        other => anyhow::bail!("docs/src/manifest.rs has no word for the type {other}"),
    };
    Ok(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_row() {
        let text = markdown().unwrap();
        let schema: Value = serde_json::from_str(&isospin_builder::app::schema()).unwrap();
        for (_, definition) in TABLES {
            for (key, _) in schema["$defs"][definition]["properties"].as_object().unwrap() {
                assert!(text.contains(&format!("\n| `{key}` | ")), "{key}");
            }
        }
        assert!(text.contains("| `name` | a string |"), "{text}");
    }
}
