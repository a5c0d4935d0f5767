//! Which language and template a project is made of: from the command line, or
//! by asking.

use std::path::Path;

use crate::app::names;
use crate::create::{Start, language_of};
use crate::language::{self, LANGUAGES, Language};
use crate::report::{Ask, Code, Error, Result};
use crate::template::{self, Template};

/// What an app is made of.
///
/// # Errors
/// If something is missing and nobody can be asked, or there is no such template.
pub fn start(language: Option<&str>, named: Option<&str>, ask: Option<&Ask>) -> Result<Start> {
    let language = language.and_then(language::find);
    if let Some(path) = named.filter(|named| template::is_path(named)) {
        return own(template::load(Path::new(path))?, language);
    }
    let apps = template::app_templates()?;
    if let Some(named) = named
        && let Some(app) = apps.iter().find(|app| app.name == named)
    {
        return match language {
            None => Ok(Start::App(app.clone())),
            Some(language) => Err(usage(format!("{named}: it makes a whole app"))
                .cause(format!("`--language {}` says what one component is in", language.name()))
                .hint("Leave `--language` out.")),
        };
    }
    let language = match (language, ask) {
        (Some(language), _) => language,
        (None, Some(ask)) => match ask_kind(ask, if named.is_none() { &apps } else { &[] })? {
            Kind::App(app) => return Ok(Start::App(app.clone())),
            Kind::Component(language) => language,
        },
        (None, None) => return Err(no_language(&apps)),
    };
    Ok(Start::Component(language, component(language, named, ask)?))
}

/// A template for a component in `language`.
///
/// # Errors
/// If there is no such template, or it makes something else.
pub fn component(
    language: &'static dyn Language,
    named: Option<&str>,
    ask: Option<&Ask>,
) -> Result<Template> {
    if let Some(path) = named.filter(|named| template::is_path(named)) {
        let template = template::load(Path::new(path))?;
        return match own(template, Some(language))? {
            Start::Component(_, template) => Ok(template),
            Start::App(template) => Err(Error::new(
                Code::TemplateWrong,
                format!("{}: it makes a whole app", template.name),
            )
            .hint("Give it to `isospin new`.")),
        };
    }
    let mut templates = template::component_templates(language)?;
    let at = match (named, ask) {
        (Some(named), _) => templates.iter().position(|one| one.name == named),
        (None, Some(ask)) => Some(ask.choose("Template", &lines(&templates))?),
        (None, None) => Some(0),
    };
    match at.filter(|at| *at < templates.len()) {
        Some(at) => Ok(templates.swap_remove(at)),
        None => {
            let what = format!("there is no template `{}`", named.unwrap_or_default());
            Err(usage(format!("{what} for {}", language.title())).hint(format!(
                "There are {}; or name a folder or archive of yours by its path, such as ./mine.",
                list(&templates)
            )))
        }
    }
}

/// The name at the end of a path; only names that an app and a component can have.
///
/// # Errors
/// If it is none, with the one that comes nearest.
pub fn name_in(path: &Path) -> Result<String> {
    let last = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let shown = last.clone().unwrap_or_else(|| path.display().to_string());
    if let Some(name) = last.filter(|name| names::is_name(name)) {
        return Ok(name);
    }
    let error = usage(format!("`{shown}`: this cannot be a name")).cause(names::RULE);
    // A name of which little stays is not what was meant.
    let meant = shown.chars().filter(|c| c.is_alphanumeric()).count().min(names::LONGEST);
    let is_near = |near: &String| near.len() * 2 >= meant;
    Err(match names::name_of(&shown).filter(is_near) {
        Some(near) => error.hint(format!("`{near}` would do.")),
        None if meant > 0 => error.hint("Choose a name such as `hello`."),
        None => error.hint("Name the folder that is to be made, such as `hello`."),
    })
}

/// A template of the user's own: in the language that is asked for, or the one
/// that its files tell.
fn own(template: Template, language: Option<&'static dyn Language>) -> Result<Start> {
    if template.is_app() {
        return Ok(Start::App(template));
    }
    if let Some(language) = language {
        return Ok(Start::Component(language, template));
    }
    let paths: Vec<_> = template.rendered_paths().collect();
    match language_of(paths.iter().map(std::path::PathBuf::as_path))?.as_slice() {
        [language] => Ok(Start::Component(*language, template)),
        _ => Err(usage(format!("{}: its files do not tell its language", template.name))
            .hint("Say it: `--language LANGUAGE`.")),
    }
}

enum Kind<'a> {
    App(&'a Template),
    Component(&'static dyn Language),
}

fn ask_kind<'a>(ask: &Ask, apps: &'a [Template]) -> Result<Kind<'a>> {
    let titles = LANGUAGES.iter().map(|language| language.title().to_owned());
    let choices: Vec<String> = titles.chain(lines(apps)).collect();
    let at = ask.choose("Language", &choices)?;
    Ok(match LANGUAGES.get(at) {
        Some(language) => Kind::Component(*language),
        None => Kind::App(&apps[at - LANGUAGES.len()]),
    })
}

/// Each with what it is.
fn lines(templates: &[Template]) -> Vec<String> {
    templates.iter().map(|one| format!("{} ({})", one.name, one.description)).collect()
}

fn list(templates: &[Template]) -> String {
    templates.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn no_language(apps: &[Template]) -> Error {
    let languages: Vec<&str> = LANGUAGES.iter().map(|language| language.name()).collect();
    usage("the language is missing, and there is no terminal to ask on".to_owned()).hint(format!(
        "Add `--language` with one of {}; or `--template` with one of {}.",
        languages.join(", "),
        list(apps)
    ))
}

fn usage(message: String) -> Error {
    Error::new(Code::Usage, message)
}
