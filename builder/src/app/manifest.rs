//! `isospin.toml` as it is written. [`super::check`] turns it into an [`App`](super::App).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::language::LANGUAGES;

/// An app: its components and the routes that they answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "isospin.toml")]
pub struct Manifest {
    pub app: AppTable,
    /// The components by name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ComponentTable>")]
    pub component: BTreeMap<Spanned<String>, ComponentTable>,
}

/// What the app is called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppTable {
    /// Lower-case letters, digits and hyphens.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// A semantic version, such as "0.1.0".
    #[schemars(with = "Option<String>")]
    pub version: Option<Spanned<String>>,
}

/// One handler in one language.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentTable {
    /// Its folder, relative to the manifest. Default: the component's name.
    #[schemars(with = "Option<String>")]
    pub path: Option<Spanned<String>>,
    /// Its language. Default: found out from the files in its folder.
    #[schemars(with = "Option<String>", extend("enum" = names_of_languages()))]
    pub language: Option<Spanned<String>>,
    /// The toolchain that compiles it, where its language has several. Default:
    /// the language's own.
    #[schemars(with = "Option<String>", extend("enum" = names_of_toolchains()))]
    pub toolchain: Option<Spanned<String>>,
    /// The requests that it answers: exactly "/path", or "/path/..." for that
    /// path and everything below it. "/..." answers what no other route does.
    #[schemars(with = "Option<String>")]
    pub route: Option<Spanned<String>>,
    /// The variables that it sees. Without this key it cannot see any, and
    /// does not import `wasi:cli/environment`.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub environment: Option<BTreeMap<Spanned<String>, String>>,
    /// The addresses that it may call: "https://example.com",
    /// "http://127.0.0.1:*", "https://*.example.com". Default: none.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub outbound: Vec<Spanned<String>>,
}

fn names_of_languages() -> Vec<&'static str> {
    LANGUAGES.iter().map(|language| language.name()).collect()
}

fn names_of_toolchains() -> Vec<&'static str> {
    let alternatives = LANGUAGES.iter().flat_map(|language| language.alternatives());
    alternatives.map(|alternative| alternative.name).collect()
}

/// The JSON schema of `isospin.toml`, as text.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Manifest);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
