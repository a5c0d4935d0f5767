//! Where an app is: a folder with a manifest, or one with a single handler.

use std::path::Path;

use isospin_host::Route;

use super::check::{from_manifest, known_handlers, names};
use super::{App, Component};
use crate::language::{self, Language};
use crate::report::{Code, Error, Result};

/// The name of the manifest in an app's folder.
pub const MANIFEST: &str = "isospin.toml";

/// The app at `path`: a folder with a manifest, a manifest itself, or a folder
/// that holds one handler. Without a path: the current folder, or the nearest
/// folder above it that has a manifest.
///
/// # Errors
/// If there is no app, or its manifest is wrong.
pub fn load(path: Option<&Path>) -> Result<App> {
    let given = path.unwrap_or(Path::new("."));
    let folder = given.canonicalize().map_err(|error| Error::io("find", given, &error))?;
    if folder.is_file() {
        return from_manifest(&folder);
    }
    if folder.join(MANIFEST).is_file() {
        return from_manifest(&folder.join(MANIFEST));
    }
    if path.is_none() {
        let above = folder.ancestors().skip(1).map(|above| above.join(MANIFEST));
        if let Some(manifest) = above.into_iter().find(|manifest| manifest.is_file()) {
            return from_manifest(&manifest);
        }
    }
    from_handler(&folder)
}

/// An app of one component, from a folder that holds a handler and no manifest.
fn from_handler(folder: &Path) -> Result<App> {
    let language = match language::detect(folder).as_slice() {
        [language] => *language,
        [] => {
            return Err(Error::new(
                Code::ManifestMissing,
                format!("{}: there is no {MANIFEST} and no handler here", folder.display()),
            )
            .cause(known_handlers())
            .hint("Run the command in an app's folder, or name one: `isospin build PATH`."));
        }
        several => return Err(ambiguous(folder, several)),
    };
    let name = folder_name(folder);
    let component = Component {
        name: name.clone(),
        path: folder.to_owned(),
        language,
        toolchain: None,
        route: Route::everything(),
        environment: None,
        outbound: Vec::new(),
    };
    let path = folder.to_owned();
    Ok(App { name, version: None, path, manifest: None, components: vec![component] })
}

/// A component's name made of a folder's, so that it can name files.
fn folder_name(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().to_lowercase());
    let name: String = name
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    match name.trim_matches('-') {
        "" => "handler".to_owned(),
        name => name.to_owned(),
    }
}

fn ambiguous(folder: &Path, several: &[&'static dyn Language]) -> Error {
    Error::new(
        Code::LanguageAmbiguous,
        format!("{}: it holds handlers in several languages", folder.display()),
    )
    .cause(format!("found {}", names(several)))
    .hint(format!("Write an {MANIFEST} that says which is meant."))
}
