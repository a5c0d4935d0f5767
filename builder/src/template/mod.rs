//! Templates of projects: folders of files, of which those that end in `.hbs`
//! are rendered by Handlebars. They come with the program (`templates/<language>/`
//! for a component, `templates/app/` for a whole app), or from a folder or an
//! archive of the user's ([`local`]).

mod archive;
mod builtin;
mod limits;
mod local;
mod package;
mod render;
mod zip;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use builtin::{app_templates, component_templates};
pub use local::{is_path, load};
pub use package::Package;
pub use render::render;

use crate::report::{Code, Error, Result};

/// Files by their path, which is relative and stays below its folder.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What is said of a template in a file beside its own; it is not rendered itself.
const SETTINGS: &str = "template.toml";

/// The ending of files that are rendered; it is taken away.
const RENDERED: &str = "hbs";

/// Keys of a component's table that no template chooses.
const OURS: &[&str] = &["path", "language", "route"];

/// A folder that projects are made of.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its name, or the path of the user's own.
    pub name: String,
    /// One line about it.
    pub description: String,
    /// Commands that come before the first build.
    pub before: Vec<String>,
    /// Keys for the component's table in the manifest.
    pub keys: toml_edit::Table,
    pub files: Files,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    description: String,
    #[serde(default)]
    before: Vec<String>,
    /// Read by [`toml_edit`], which keeps its form.
    #[serde(default, rename = "component")]
    _component: toml::Table,
}

impl Template {
    /// A template of these files; one of them may be its settings.
    ///
    /// # Errors
    /// If the settings cannot be read.
    fn new(name: &str, mut files: Files) -> Result<Template> {
        let settings = files.remove(Path::new(SETTINGS)).unwrap_or_default();
        check_places(name, &files)?;
        let wrong = |cause: String| {
            let message = format!("{name}: its {SETTINGS} cannot be read");
            Error::new(Code::TemplateWrong, message).cause(cause)
        };
        let text = String::from_utf8(settings).map_err(|error| wrong(error.to_string()))?;
        let settings: Settings =
            toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
        let document: toml_edit::DocumentMut = text
            .parse()
            .map_err(|error: toml_edit::TomlError| wrong(error.message().to_owned()))?;
        let keys = document.get("component").and_then(|item| item.as_table()).cloned();
        let keys = keys.unwrap_or_default();
        if let Some(key) = OURS.iter().find(|key| keys.contains_key(key)) {
            return Err(wrong(format!("`{key}` is chosen for each component")));
        }
        Ok(Template {
            name: name.to_owned(),
            description: settings.description,
            before: settings.before,
            keys,
            files,
        })
    }

    /// Whether it makes a whole app: then it brings the manifest.
    pub fn is_app(&self) -> bool {
        self.rendered_paths().any(|path| path == Path::new(crate::app::MANIFEST))
    }

    /// The paths that its files have when they are rendered.
    pub fn rendered_paths(&self) -> impl Iterator<Item = PathBuf> {
        self.files.keys().map(|path| rendered_path(path).0)
    }
}

/// Refuses two files that would be at the same place, or one in the place of a folder.
fn check_places(name: &str, files: &Files) -> Result<()> {
    let mut made = BTreeSet::new();
    let twice =
        files.keys().map(|path| rendered_path(path).0).find(|path| !made.insert(path.clone()));
    let cause = if let Some(path) = twice {
        format!("two of its files make `{}`", path.display())
    } else if let Some(path) =
        made.iter().flat_map(|path| path.ancestors().skip(1)).find(|path| made.contains(*path))
    {
        format!("`{}` is a file and a folder", path.display())
    } else {
        return Ok(());
    };
    let error = Error::new(Code::TemplateWrong, format!("{name}: this template is refused"));
    Err(error.cause(cause).hint("Rename one of them."))
}

/// The path of a file when it is rendered, and whether it must be.
fn rendered_path(path: &Path) -> (PathBuf, bool) {
    match path.extension().is_some_and(|ending| ending == RENDERED) {
        true => (path.with_extension(""), true),
        false => (path.to_owned(), false),
    }
}
