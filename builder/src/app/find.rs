//! Where an app is: a folder with a manifest, or one with a single handler.

use std::path::{Path, PathBuf};

use isospin_host::Route;

use super::check::{from_manifest, known_handlers, names};
use super::names::name_of;
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
        return match folder.extension() {
            Some(extension) if extension == "toml" => from_manifest(&folder),
            _ => Err(no_manifest(&folder)),
        };
    }
    if folder.join(MANIFEST).is_file() {
        return from_manifest(&folder.join(MANIFEST));
    }
    if path.is_none()
        && let Some(manifest) = nearest(&folder)
    {
        return from_manifest(&manifest);
    }
    from_handler(&folder)
}

/// People name the handler's file, as they do with compilers.
fn no_manifest(file: &Path) -> Error {
    let folder = file.parent().unwrap_or(Path::new("/"));
    Error::new(
        Code::ManifestMissing,
        format!("{}: it is neither a folder nor an {MANIFEST}", file.display()),
    )
    .hint(format!("Name the folder of the app or of the handler: {}", folder.display()))
}

/// The manifest of the app around the current folder.
///
/// # Errors
/// If there is none.
pub fn manifest_around() -> Result<PathBuf> {
    let here = Path::new(".");
    let folder = here.canonicalize().map_err(|error| Error::io("find", here, &error))?;
    nearest(&folder).ok_or_else(|| {
        Error::new(
            Code::ManifestMissing,
            format!("{}: there is no {MANIFEST} here or above", folder.display()),
        )
        .hint("Go to an app's folder, or begin one: `isospin new NAME`.")
    })
}

/// The manifest in `folder`, or in the nearest folder above it that has one.
fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|above| above.join(MANIFEST)).find(|manifest| manifest.is_file())
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
            .hint(
                "Run the command in an app's folder, or name one: `isospin build PATH`. \
                 `isospin new` begins one.",
            ));
        }
        several => return Err(ambiguous(folder, several)),
    };
    let name = folder.file_name().and_then(|name| name_of(&name.to_string_lossy()));
    let name = name.unwrap_or_else(|| "handler".to_owned());
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

fn ambiguous(folder: &Path, several: &[&'static dyn Language]) -> Error {
    Error::new(
        Code::LanguageAmbiguous,
        format!("{}: it holds handlers in several languages", folder.display()),
    )
    .cause(format!("found {}", names(several)))
    .hint(format!("Write an {MANIFEST} that says which is meant."))
}
