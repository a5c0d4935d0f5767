//! Projects made of templates: rendered beside their place and renamed into it,
//! with the SDK in them, so that editors and tests work before the first build.

mod place;

use std::path::Path;

use serde_json::{Value, json};

use crate::app::{self, Addition, App, MANIFEST};
use crate::files;
use crate::language::{self, LANGUAGES, Language};
use crate::report::{Code, Created, Error, Result};
use crate::template::{self, Files, Package, Template};
use place::Placed;
pub use place::check_free;

/// The route of an app's only component.
const EVERYTHING: &str = "/...";

/// What an app is made of.
pub enum Start {
    /// A template that has a manifest.
    App(Template),
    /// One component.
    Component(&'static dyn Language, Template),
}

/// Makes the app `name` in `folder`, which must be empty or not be there.
///
/// # Errors
/// If it cannot be made; nothing is left behind.
pub fn new_app(folder: &Path, name: &str, start: &Start) -> Result<Created> {
    let (template, files) = match start {
        Start::App(template) => (template, app_files(template, name)?),
        Start::Component(language, template) => {
            let mut files = component_files(template, *language, name, EVERYTHING)?;
            let told = told_by(&files, *language)?;
            let component = Addition {
                name,
                path: Some("."),
                language: told,
                route: EVERYTHING,
                keys: &template.keys,
            };
            files.insert(MANIFEST.into(), app::new_manifest(name, &component).into_bytes());
            (template, files)
        }
    };
    let mut app = None;
    let placed = Placed::new(folder, |made| {
        write(made, &files)?;
        let loaded = app::load(Some(made))?;
        loaded.components.iter().try_for_each(write_sdk)?;
        app = Some(loaded);
        Ok(())
    })?;
    let languages = app.iter().flat_map(|app: &App| &app.components).map(|one| one.language.name());
    Ok(Created {
        name: name.to_owned(),
        path: placed.keep(),
        template: template.name.clone(),
        languages: languages.collect(),
        before: template.before.clone(),
    })
}

/// Adds a component to the app whose manifest this is.
///
/// # Errors
/// If it cannot be added; the app is then as it was.
pub fn add_component(
    manifest: &Path,
    language: &'static dyn Language,
    name: &str,
    template: &Template,
    route: Option<&str>,
) -> Result<Created> {
    let default = format!("/{name}/...");
    let route = route.unwrap_or(&default);
    let files = component_files(template, language, name, route)?;
    let told = told_by(&files, language)?;
    let component = Addition { name, path: None, language: told, route, keys: &template.keys };
    let edited = app::add_component(manifest, &component)?;
    let folder = manifest.parent().unwrap_or(Path::new("/")).join(name);
    let placed = Placed::new(&folder, |made| write(made, &files))?;
    let app = edited.check()?;
    app.components.iter().filter(|one| one.name == name).try_for_each(write_sdk)?;
    edited.write()?;
    Ok(Created {
        name: name.to_owned(),
        path: placed.keep(),
        template: template.name.clone(),
        languages: vec![language.name()],
        before: template.before.clone(),
    })
}

/// The files of a whole app. Components that its manifest names, and of which
/// the template brings no files, are made of their language's first template.
fn app_files(template: &Template, name: &str) -> Result<Files> {
    let languages: Vec<Value> = LANGUAGES
        .iter()
        .map(|language| json!({ "name": language.name(), "title": language.title() }))
        .collect();
    let mut files = template::render(template, &json!({ "name": name, "languages": languages }))?;
    for component in named_components(template, &files)? {
        if files.keys().any(|path| path.starts_with(&component.path)) {
            continue;
        }
        let Some(language) = language::find(&component.language) else { continue };
        let Some(first) = template::component_templates(language)?.into_iter().next() else {
            continue;
        };
        let made = component_files(&first, language, &component.name, &component.route)?;
        files.extend(made.into_iter().map(|(path, bytes)| (component.path.join(path), bytes)));
    }
    Ok(files)
}

/// A component as a template's manifest has it; what is wrong in it is told later,
/// when the app is loaded.
struct Named {
    name: String,
    path: std::path::PathBuf,
    language: String,
    route: String,
}

fn named_components(template: &Template, files: &Files) -> Result<Vec<Named>> {
    let text = files.get(Path::new(MANIFEST)).map_or(&b""[..], Vec::as_slice);
    let wrong = |cause: String| {
        Error::new(Code::TemplateWrong, format!("{}: its {MANIFEST} is wrong", template.name))
            .cause(cause)
    };
    let text = std::str::from_utf8(text).map_err(|error| wrong(error.to_string()))?;
    let manifest: toml::Table =
        text.parse().map_err(|error: toml::de::Error| wrong(error.message().to_owned()))?;
    let components = manifest.get("component").and_then(toml::Value::as_table);
    let named = components.into_iter().flatten().map(|(name, table)| {
        let text = |key: &str, other: &str| {
            table.get(key).and_then(toml::Value::as_str).unwrap_or(other).to_owned()
        };
        Named {
            name: name.clone(),
            path: text("path", name).into(),
            language: text("language", ""),
            route: text("route", EVERYTHING),
        }
    });
    Ok(named.collect())
}

/// The files of one component.
fn component_files(
    template: &Template,
    language: &dyn Language,
    name: &str,
    route: &str,
) -> Result<Files> {
    let package = Package::new(name, language);
    let base = route.trim_end_matches("...").trim_end_matches('/');
    let mut values = json!({
        "name": name,
        "package": package.name,
        "identifier": package.identifier,
        // Before every path that it answers.
        "base": base,
        // A path that it answers.
        "path": if base.is_empty() { "/" } else { base },
    });
    for (key, value) in language.template_values(&package.identifier) {
        values[key] = Value::String(value);
    }
    template::render(template, &values)
}

/// The language's name for the manifest, if the files do not tell it.
fn told_by(files: &Files, language: &dyn Language) -> Result<Option<&'static str>> {
    let found = language_of(files.keys().map(std::path::PathBuf::as_path))?;
    let is_told = matches!(found.as_slice(), [one] if one.name() == language.name());
    Ok(if is_told { None } else { language::find(language.name()).map(|one| one.name()) })
}

/// The languages of which there is a handler among these files.
///
/// # Errors
/// If there is no place for temporary files.
pub fn language_of<'a>(
    files: impl Iterator<Item = &'a Path>,
) -> Result<Vec<&'static dyn Language>> {
    let folder = files::temporary_folder()?;
    for path in files {
        files::write(&folder.path().join(path), b"")?;
    }
    Ok(language::detect(folder.path()))
}

fn write(folder: &Path, files: &Files) -> Result<()> {
    files.iter().try_for_each(|(path, bytes)| files::write(&folder.join(path), bytes))
}

/// Writes what a component imports, as its first build would.
fn write_sdk(component: &app::Component) -> Result<()> {
    let private = language::private_folder(&component.path)?;
    let folder = language::sdk_folder(&private, component.language);
    language::write_sdk(component.language, &component.world(), &folder)
}
