//! Whether a value is as a schema says: as much of JSON Schema as our types give.
//! A keyword that is not known here is a failure, so that nothing is passed over.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every event that `schema` describes, by name.
pub fn events(schema: &Value) -> BTreeSet<String> {
    let kinds = schema["oneOf"].as_array().unwrap().iter();
    kinds.map(|kind| kind["properties"]["event"]["const"].as_str().unwrap().to_owned()).collect()
}

/// Why `value` is not what `schema` describes; `root` holds its definitions. Objects
/// must have no other properties than those that are described.
pub fn validate(value: &Value, root: &Value) -> Result<(), String> {
    let mut known = BTreeSet::new();
    check(value, root, root, &mut known)?;
    closed(value, &known)
}

fn closed(value: &Value, known: &BTreeSet<String>) -> Result<(), String> {
    let unknown = value.as_object().into_iter().flatten().find(|(key, _)| !known.contains(*key));
    match unknown {
        Some((key, _)) => Err(format!("`{key}` is not described")),
        None => Ok(()),
    }
}

fn check(
    value: &Value,
    schema: &Value,
    root: &Value,
    known: &mut BTreeSet<String>,
) -> Result<(), String> {
    for (keyword, wanted) in schema.as_object().unwrap() {
        let fits = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => true,
            "$ref" => {
                let pointer = wanted.as_str().unwrap().strip_prefix('#').unwrap();
                check(value, root.pointer(pointer).unwrap(), root, known)?;
                true
            }
            "const" => value == wanted,
            "enum" => wanted.as_array().unwrap().contains(value),
            "type" => match wanted {
                Value::Array(types) => types.iter().any(|name| is_of(value, name)),
                name => is_of(value, name),
            },
            "minimum" => value.as_f64().is_none_or(|number| number >= wanted.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= wanted.as_f64().unwrap()),
            "required" => {
                let names = wanted.as_array().unwrap();
                names.iter().all(|name| value.get(name.as_str().unwrap()).is_some())
            }
            "properties" => {
                for (name, inner) in wanted.as_object().unwrap() {
                    known.insert(name.clone());
                    let Some(value) = value.get(name) else { continue };
                    let mut known = BTreeSet::new();
                    check(value, inner, root, &mut known)
                        .and_then(|()| closed(value, &known))
                        .map_err(|why| format!("{name}: {why}"))?;
                }
                true
            }
            "additionalProperties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if schema["properties"].get(name).is_none() {
                        known.insert(name.clone());
                        let mut known = BTreeSet::new();
                        check(inner, wanted, root, &mut known)
                            .and_then(|()| closed(inner, &known))
                            .map_err(|why| format!("{name}: {why}"))?;
                    }
                }
                true
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    let mut known = BTreeSet::new();
                    check(item, wanted, root, &mut known)?;
                    closed(item, &known)?;
                }
                true
            }
            "oneOf" | "anyOf" => {
                let fitting: Vec<BTreeSet<String>> = wanted
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(|one| {
                        let mut known = BTreeSet::new();
                        check(value, one, root, &mut known).is_ok().then_some(known)
                    })
                    .collect();
                let enough = !fitting.is_empty() && (keyword == "anyOf" || fitting.len() == 1);
                known.extend(fitting.into_iter().flatten());
                enough
            }
            other => return Err(format!("the keyword `{other}` is not known to this test")),
        };
        if !fits {
            return Err(format!("{value}: `{keyword}` wants {wanted}"));
        }
    }
    Ok(())
}

fn is_of(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn what_is_wrong_is_refused() {
    let root: Value = serde_json::from_str(&isospin_builder::report::Event::schema()).unwrap();
    let good = serde_json::json!({ "event": "stage", "component": "a", "stage": "compile", "cached": false });
    assert_eq!(validate(&good, &root), Ok(()));
    for (key, wrong) in [
        ("event", serde_json::json!("stages")),
        ("stage", serde_json::json!("compiling")),
        ("component", serde_json::json!(1)),
        ("other", serde_json::json!(true)),
        ("cached", Value::Null),
    ] {
        let mut bad = good.clone();
        bad[key] = wrong;
        assert!(validate(&bad, &root).is_err(), "{bad}");
    }
}
