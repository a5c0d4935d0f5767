//! A manifest -> [`App`]. Every failure names file, line and what is allowed there.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use isospin_host::Route;
use toml::Spanned;

use super::manifest::{ComponentTable, Manifest};
use super::names::{RULE, is_name, name_of};
use super::{App, Component};
use crate::language::{self, LANGUAGES, Language};
use crate::report::{Code, Error, Result, Snippet};
use crate::toolchain::Alternative;

/// The app that the manifest at `path` describes.
///
/// # Errors
/// If it cannot be read or is wrong.
pub(super) fn from_manifest(path: &Path) -> Result<App> {
    let bytes = crate::files::read(path)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Error::new(Code::ManifestSyntax, format!("{}: it is not UTF-8", path.display()))
            .cause(error.utf8_error().to_string())
            .hint("Save the file in that encoding.")
    })?;
    from_text(path, &text)
}

/// The app that `text` describes, as if it stood in the manifest at `path`.
///
/// # Errors
/// If it is wrong.
pub(super) fn from_text(path: &Path, text: &str) -> Result<App> {
    Loader { path, folder: path.parent().unwrap_or(Path::new("/")), text }.app()
}

/// What is needed to point at a place in the manifest.
struct Loader<'a> {
    path: &'a Path,
    folder: &'a Path,
    text: &'a str,
}

impl Loader<'_> {
    fn app(&self) -> Result<App> {
        let manifest: Manifest = toml::from_str(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let (code, message) = kind(error.message());
            let wrong = self.wrong(code, message, span, error.message());
            match error.message() {
                "missing field `app`" => wrong.hint(
                    "Begin the file with the app's table: `[app]`, and below it `name = \"shop\"`.",
                ),
                "duplicate key" => wrong.hint("Remove one of the two."),
                _ => wrong,
            }
        })?;
        self.check_name("app", &manifest.app.name)?;
        if let Some(version) = &manifest.app.version {
            semver::Version::parse(version.get_ref()).map_err(|error| {
                self.wrong(
                    Code::ManifestVersion,
                    "the version is not a semantic version",
                    version.span(),
                    &format!("{error}; write it as \"0.1.0\""),
                )
            })?;
        }
        let mut tables: Vec<_> = manifest.component.into_iter().collect();
        tables.sort_by_key(|(name, _)| name.span().start);
        if tables.is_empty() {
            return Err(self
                .wrong(
                    Code::ManifestComponents,
                    "the app has no component",
                    0..0,
                    "no [component.NAME] table",
                )
                .hint("Add a table such as [component.hello] with `route = \"/...\"`."));
        }
        let alone = tables.len() == 1;
        let mut components = Vec::new();
        let mut routes: Vec<(Route, String)> = Vec::new();
        for (name, table) in tables {
            let (component, span) = self.component(&name, table, alone)?;
            self.check_route(&component, span, &routes)?;
            routes.push((component.route.clone(), component.name.clone()));
            components.push(component);
        }
        Ok(App {
            name: manifest.app.name.into_inner(),
            version: manifest.app.version.map(Spanned::into_inner),
            path: self.folder.to_owned(),
            manifest: Some(self.path.to_owned()),
            components,
        })
    }

    /// The component, and the place of its route.
    fn component(
        &self,
        name: &Spanned<String>,
        table: ComponentTable,
        alone: bool,
    ) -> Result<(Component, Range<usize>)> {
        self.check_name("component", name)?;
        let path = self.component_path(name, table.path.as_ref())?;
        let language = match &table.language {
            Some(language) => self.language(language)?,
            None => self.detected(name, &path)?,
        };
        let (route, span) = match &table.route {
            Some(route) => {
                let parsed = Route::parse(route.get_ref()).map_err(|error| {
                    let why = error.causes.join("; ");
                    self.wrong(Code::ManifestRoute, "this is no route", route.span(), &why)
                })?;
                (parsed, route.span())
            }
            None if alone => (Route::everything(), name.span()),
            None => {
                return Err(self.wrong(
                    Code::RouteMissing,
                    &format!("component `{}` has no route", name.get_ref()),
                    name.span(),
                    &format!("add `route = \"/{}/...\"` to this table", name.get_ref()),
                ));
            }
        };
        let component = Component {
            name: name.get_ref().clone(),
            path,
            language,
            toolchain: self.toolchain(table.toolchain.as_ref(), language)?,
            route,
            environment: self.environment(table.environment)?,
            outbound: self.outbound(&table.outbound)?,
        };
        Ok((component, span))
    }

    fn check_route(
        &self,
        component: &Component,
        span: Range<usize>,
        routes: &[(Route, String)],
    ) -> Result<()> {
        let Some((route, other)) =
            routes.iter().find(|(route, _)| route.overlaps(&component.route))
        else {
            return Ok(());
        };
        let code = match *route == component.route {
            true => Code::RouteDuplicate,
            false => Code::RouteOverlap,
        };
        Err(self.wrong(
            code,
            &format!("two components answer `{}`", component.route),
            span,
            &format!("component `{other}` answers `{route}` already"),
        ))
    }

    fn component_path(
        &self,
        name: &Spanned<String>,
        path: Option<&Spanned<String>>,
    ) -> Result<PathBuf> {
        let (text, span) = match path {
            Some(path) => (path.get_ref(), path.span()),
            None => (name.get_ref(), name.span()),
        };
        let full = self.folder.join(text);
        match full.canonicalize() {
            Ok(folder) if folder.is_dir() => Ok(folder),
            Ok(_) => Err(self.wrong(
                Code::PathNoFolder,
                &format!("the path of component `{}` is not a folder", name.get_ref()),
                span,
                "a component's path is the folder that holds its handler",
            )),
            Err(error) => Err(self
                .wrong(
                    Code::ManifestPath,
                    &format!("the folder of component `{}` cannot be found", name.get_ref()),
                    span,
                    &format!("{}: {error}", full.display()),
                )
                .hint("Make the folder, or set `path` to where the handler is.")),
        }
    }

    fn language(&self, name: &Spanned<String>) -> Result<&'static dyn Language> {
        language::find(name.get_ref()).ok_or_else(|| {
            self.wrong(
                Code::LanguageUnknown,
                &format!("there is no language `{}`", name.get_ref()),
                name.span(),
                &format!("one of {}", language_names()),
            )
        })
    }

    fn detected(&self, name: &Spanned<String>, path: &Path) -> Result<&'static dyn Language> {
        match language::detect(path).as_slice() {
            [language] => Ok(*language),
            [] => Err(self
                .wrong(
                    Code::LanguageUndetected,
                    &format!("the language of component `{}` cannot be told", name.get_ref()),
                    name.span(),
                    &format!("no handler in {}", path.display()),
                )
                .cause(known_handlers())),
            several => Err(self.wrong(
                Code::LanguageAmbiguous,
                &format!("component `{}` has handlers in several languages", name.get_ref()),
                name.span(),
                &format!("found {}; add `language = \"{}\"`", names(several), several[0].name()),
            )),
        }
    }

    fn toolchain(
        &self,
        name: Option<&Spanned<String>>,
        language: &'static dyn Language,
    ) -> Result<Option<&'static Alternative>> {
        let Some(name) = name else { return Ok(None) };
        let alternatives = language.alternatives();
        if let Some(found) = alternatives.iter().find(|one| one.name == name.get_ref()) {
            return Ok(Some(found));
        }
        let names: Vec<&str> = alternatives.iter().map(|one| one.name).collect();
        let title = language.title();
        let allowed = match names.is_empty() {
            true => format!("{title} has no toolchain to choose; remove this line"),
            false => format!("{}, or no such line for {title}'s own", names.join(", ")),
        };
        let message = format!("{title} has no toolchain `{}`", name.get_ref());
        Err(self.wrong(Code::ToolchainUnknown, &message, name.span(), &allowed))
    }

    fn environment(
        &self,
        variables: Option<BTreeMap<Spanned<String>, String>>,
    ) -> Result<Option<BTreeMap<String, String>>> {
        let Some(variables) = variables else { return Ok(None) };
        let mut checked = BTreeMap::new();
        for (name, value) in variables {
            if name.get_ref().is_empty()
                || name.get_ref().contains(['=', '\0'])
                || value.contains('\0')
            {
                return Err(self.wrong(
                    Code::VariableInvalid,
                    "this cannot be an environment variable",
                    name.span(),
                    "a name is not empty and holds no `=`; neither name nor value holds a zero byte",
                ));
            }
            checked.insert(name.into_inner(), value);
        }
        Ok(Some(checked))
    }

    fn outbound(&self, grants: &[Spanned<String>]) -> Result<Vec<String>> {
        for grant in grants {
            isospin_host::Grant::parse(grant.get_ref()).map_err(|error| {
                self.wrong(
                    Code::ManifestGrant,
                    "this is not an address that a component may call",
                    grant.span(),
                    &error.to_string(),
                )
            })?;
        }
        Ok(grants.iter().map(|grant| grant.get_ref().clone()).collect())
    }

    /// A name that can be a file's and a URL's.
    fn check_name(&self, what: &str, name: &Spanned<String>) -> Result<()> {
        if is_name(name.get_ref()) {
            return Ok(());
        }
        let article = if what == "app" { "an" } else { "a" };
        let message = format!("this cannot be the name of {article} {what}");
        let wrong = self.wrong(Code::NameInvalid, &message, name.span(), RULE);
        Err(match name_of(name.get_ref()) {
            Some(near) => wrong.hint(format!("`{near}` would do.")),
            None => wrong.hint("Choose a name such as `hello`."),
        })
    }

    fn wrong(&self, code: Code, message: &str, span: Range<usize>, label: &str) -> Error {
        Error::new(code, format!("{}: {message}", self.path.display())).snippet(Snippet {
            path: self.path.to_owned(),
            text: self.text.to_owned(),
            span,
            label: label.to_owned(),
        })
    }
}

/// What the reader of manifests complains of, told from its words.
fn kind(message: &str) -> (Code, &'static str) {
    let begins = |text: &str| message.starts_with(text);
    if begins("unknown field") {
        (Code::ManifestKey, "there is no such key")
    } else if begins("invalid type") || begins("invalid value") {
        (Code::ManifestType, "this value is of the wrong kind")
    } else if begins("missing field") {
        (Code::ManifestIncomplete, "a key is missing")
    } else {
        (Code::ManifestSyntax, "it cannot be read")
    }
}

/// Their names, for messages.
pub(super) fn names(languages: &[&'static dyn Language]) -> String {
    languages.iter().map(|language| language.name()).collect::<Vec<_>>().join(" and ")
}

/// All languages' names, for messages.
fn language_names() -> String {
    LANGUAGES.iter().map(|language| language.name()).collect::<Vec<_>>().join(", ")
}

/// How each language's handlers are found, for messages.
pub(super) fn known_handlers() -> String {
    let rows: Vec<String> = LANGUAGES
        .iter()
        .map(|language| format!("{}: {}", language.title(), language.detected_by()))
        .collect();
    format!("a handler is found by its files:\n{}", rows.join("\n"))
}
