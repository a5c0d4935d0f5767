//! The cases, hosts and expectations that are carried inside the program.

use anyhow::{Context, Result};
use glob_match::glob_match;
use rust_embed::RustEmbed;

use crate::case::Case;
use crate::expectation::{self, Expectation};
use crate::host::Adapter;

#[derive(RustEmbed)]
#[folder = "cases/"]
#[include = "*.toml"]
struct CaseFiles;

#[derive(RustEmbed)]
#[folder = "hosts/"]
#[include = "*.toml"]
struct HostFiles;

#[derive(RustEmbed)]
#[folder = "expectations/"]
#[include = "*.toml"]
struct ExpectationFiles;

/// Names (without `.toml`) and texts of embedded files, by name.
fn files<Folder: RustEmbed>() -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for path in Folder::iter() {
        let file = Folder::get(&path).with_context(|| format!("{path} is not there"))?;
        let text = String::from_utf8(file.data.into_owned())
            .with_context(|| format!("{path} is not UTF-8"))?;
        files.push((path.trim_end_matches(".toml").to_owned(), text));
    }
    files.sort();
    Ok(files)
}

/// All cases whose name (`topic/name`) matches the glob.
///
/// # Errors
/// If a case is malformed.
pub fn cases(glob: &str) -> Result<Vec<Case>> {
    let chosen = |name: &str| {
        glob_match(glob, name) || name.split_once('/').is_some_and(|(topic, _)| topic == glob)
    };
    files::<CaseFiles>()?
        .iter()
        .filter(|(name, _)| chosen(name))
        .map(|(name, text)| Case::parse(name, text))
        .collect()
}

/// The adapters, by name.
///
/// # Errors
/// If one is malformed.
pub fn adapters() -> Result<Vec<(String, Adapter)>> {
    files::<HostFiles>()?
        .into_iter()
        .map(|(name, text)| Ok((name.clone(), Adapter::parse(&name, &text)?)))
        .collect()
}

/// All expectations.
///
/// # Errors
/// If one is malformed.
pub fn expectations() -> Result<Vec<Expectation>> {
    let mut all = Vec::new();
    for (name, text) in files::<ExpectationFiles>()? {
        all.extend(expectation::parse(&name, &text)?);
    }
    Ok(all)
}
