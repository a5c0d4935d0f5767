//! Manifests that are written by the program, and edited as a person would:
//! comments, order and format stay.

use std::path::{Path, PathBuf};

use isospin_host::Route;
use toml_edit::{DocumentMut, Item, Table, value};

use super::App;
use super::check::{from_manifest, from_text};
use crate::report::{Code, Error, Result};

/// A component that a manifest shall get.
#[derive(Debug)]
pub struct Addition<'a> {
    pub name: &'a str,
    /// Its folder, if it is not named like the component.
    pub path: Option<&'a str>,
    /// Its language, if its files do not tell.
    pub language: Option<&'a str>,
    pub route: &'a str,
    /// Further keys of its table, as its template has them.
    pub keys: &'a Table,
}

/// The manifest of a new app with this one component.
pub fn new_manifest(app: &str, component: &Addition) -> String {
    let mut document = DocumentMut::new();
    let mut table = Table::new();
    table.insert("name", value(app));
    table.insert("version", value("0.1.0"));
    document.insert("app", Item::Table(table));
    insert(&mut document, component);
    document.to_string()
}

/// A manifest with one component more, which is not written yet.
#[derive(Debug)]
pub struct Edited {
    path: PathBuf,
    text: String,
}

impl Edited {
    /// The app as it will be. The component's folder must be there.
    ///
    /// # Errors
    /// If the manifest would be wrong.
    pub fn check(&self) -> Result<App> {
        from_text(&self.path, &self.text)
    }

    /// Writes the manifest.
    ///
    /// # Errors
    /// If it cannot be written; it is then as it was.
    pub fn write(&self) -> Result<()> {
        crate::files::write(&self.path, self.text.as_bytes())
    }
}

/// Adds the component to the manifest at `path`.
///
/// # Errors
/// If the manifest is wrong already, or has a component that stands in the way.
pub fn add_component(path: &Path, component: &Addition) -> Result<Edited> {
    let bytes = crate::files::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let app = from_manifest(path)?;
    check_free(path, &app, component)?;
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        Error::new(Code::ManifestSyntax, format!("{}: it cannot be edited", path.display()))
            .cause(error.message().to_owned())
    })?;
    if let [alone] = app.components.as_slice() {
        tell_route(&mut document, &alone.name, &alone.route.to_string());
    }
    insert(&mut document, component);
    let edited = document.to_string();
    let edited = match text.contains("\r\n") {
        true => edited.replace("\r\n", "\n").replace('\n', "\r\n"),
        false => edited,
    };
    Ok(Edited { path: path.to_owned(), text: edited })
}

/// Fails if the app has a component of that name, or one that answers the same requests.
fn check_free(path: &Path, app: &App, component: &Addition) -> Result<()> {
    let name = component.name;
    if app.components.iter().any(|known| known.name == name) {
        let message = format!("{}: it has a component `{name}` already", path.display());
        return Err(Error::new(Code::ComponentExists, message).hint("Choose another name."));
    }
    let route = Route::parse(component.route).map_err(|error| {
        Error::new(Code::Usage, format!("`{}`: this is no route", component.route))
            .cause(error.causes.join("; "))
            .hint(format!(
                "A route is a path, such as `/{name}`, or `/{name}/...` with all below it."
            ))
    })?;
    let Some(known) = app.components.iter().find(|known| known.route.overlaps(&route)) else {
        return Ok(());
    };
    let code = match known.route == route {
        true => Code::RouteDuplicate,
        false => Code::RouteOverlap,
    };
    let message = format!("{}: two components would answer `{route}`", path.display());
    Err(Error::new(code, message)
        .cause(format!("component `{}` answers `{}` already", known.name, known.route))
        .hint("Choose another route with `--route`."))
}

/// A component that is alone needs no route; beside another it does.
fn tell_route(document: &mut DocumentMut, name: &str, route: &str) {
    let table = document
        .get_mut("component")
        .and_then(Item::as_table_like_mut)
        .and_then(|components| components.get_mut(name))
        .and_then(Item::as_table_like_mut);
    if let Some(table) = table
        && !table.contains_key("route")
    {
        table.insert("route", value(route));
    }
}

/// Adds the component's table, in the form that the others have.
fn insert(document: &mut DocumentMut, component: &Addition) {
    let table = table(component);
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let components = document.entry("component").or_insert(Item::Table(implicit));
    match components.as_inline_table_mut() {
        Some(inline) => {
            inline.insert(component.name, table.into_inline_table().into()).map_or((), drop)
        }
        None => {
            if let Some(components) = components.as_table_like_mut() {
                components.insert(component.name, Item::Table(table));
            }
        }
    }
}

fn table(component: &Addition) -> Table {
    let mut table = Table::new();
    if let Some(path) = component.path {
        table.insert("path", value(path));
    }
    if let Some(language) = component.language {
        table.insert("language", value(language));
    }
    table.insert("route", value(component.route));
    for (key, item) in component.keys.iter() {
        // `environment = { ... }` is shorter than a table of its own.
        let item = match item.as_table() {
            Some(inner) => value(inner.clone().into_inline_table()),
            None => item.clone(),
        };
        table.insert(key, item);
    }
    table.fmt();
    table
}
