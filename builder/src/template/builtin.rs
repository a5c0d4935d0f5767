//! The templates that the program carries.

use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Files, Template};
use crate::language::Language;
use crate::report::Result;

/// `templates/`, without what tools leave there.
#[derive(RustEmbed)]
#[folder = "../templates"]
#[exclude = "README.md"]
#[exclude = "*/target/*"]
#[exclude = "*/node_modules/*"]
#[exclude = "*/.isospin/*"]
#[exclude = "*/__pycache__/*"]
struct Templates;

/// The folder of templates for whole apps; no language has this name.
const APPS: &str = "app";

/// The template that comes first where one is chosen.
const FIRST: &str = "hello";

/// The templates of components in `language`.
///
/// # Errors
/// If one of them is wrong.
pub fn component_templates(language: &dyn Language) -> Result<Vec<Template>> {
    below(language.name())
}

/// The templates of whole apps.
///
/// # Errors
/// If one of them is wrong.
pub fn app_templates() -> Result<Vec<Template>> {
    below(APPS)
}

/// Those in one folder; the simplest first.
fn below(folder: &str) -> Result<Vec<Template>> {
    let mut found: BTreeMap<String, Files> = BTreeMap::new();
    for path in Templates::iter() {
        let inside = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        let Some((name, inside)) = inside.and_then(|inside| inside.split_once('/')) else {
            continue;
        };
        if let Some(file) = Templates::get(&path) {
            let files = found.entry(name.to_owned()).or_default();
            files.insert(PathBuf::from(inside), file.data.into_owned());
        }
    }
    let mut templates = found
        .into_iter()
        .map(|(name, files)| Template::new(&name, files))
        .collect::<Result<Vec<_>>>()?;
    templates.sort_by_key(|template| template.name != FIRST);
    Ok(templates)
}
