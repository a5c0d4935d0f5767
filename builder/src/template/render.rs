//! Handlebars: a template's files become a project's.

use handlebars::Handlebars;
use serde_json::Value;

use super::{Files, Template, rendered_path};
use crate::report::{Code, Error, Result};

/// The files of the project that `template` makes with these values.
///
/// # Errors
/// If a file is no template, names a value that is not there, or stands there twice.
pub fn render(template: &Template, values: &Value) -> Result<Files> {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.register_escape_fn(handlebars::no_escape);
    let mut files = Files::new();
    for (path, bytes) in &template.files {
        let wrong = |cause: String| {
            let message = format!("{}: {} cannot be rendered", template.name, path.display());
            Error::new(Code::TemplateWrong, message).cause(cause)
        };
        let (target, is_rendered) = rendered_path(path);
        let bytes = if is_rendered {
            let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
            let text = handlebars.render_template(text, values);
            text.map_err(|error| wrong(told(&error)))?.into_bytes()
        } else {
            bytes.clone()
        };
        if files.insert(target, bytes).is_some() {
            return Err(wrong("there is another file of that name".to_owned()));
        }
    }
    Ok(files)
}

/// What went wrong and where, in one line.
fn told(error: &handlebars::RenderError) -> String {
    let place = error.line_no.map(|line| format!("line {line}: ")).unwrap_or_default();
    format!("{place}{}", error.reason())
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use serde_json::json;

    use super::*;

    fn rendered(path: &str, text: &str) -> Result<Files> {
        let files = Files::from([(PathBuf::from(path), text.as_bytes().to_vec())]);
        render(&Template::new("mine", files)?, &json!({ "name": "a<b>&\"" }))
    }

    #[test]
    fn only_what_ends_in_hbs_is_rendered_and_nothing_is_escaped() {
        let files = rendered("a.txt.hbs", "{{name}}\n").unwrap();
        assert_eq!(files[Path::new("a.txt")], b"a<b>&\"\n");
        let files = rendered("a.txt", "{{name}}\n").unwrap();
        assert_eq!(files[Path::new("a.txt")], b"{{name}}\n");
    }

    #[test]
    fn a_mistake_is_told_with_its_file() {
        for text in ["\n{{nobody}}", "{{#if name}}", "{{/if}}"] {
            let error = rendered("a.txt.hbs", text).unwrap_err();
            assert_eq!(error.code(), Code::TemplateWrong);
            assert!(error.message().contains("a.txt.hbs"), "{error}");
        }
        assert!(rendered("a.txt.hbs", "\n{{nobody}}").unwrap_err().causes()[0].contains("line 2"));
    }
}
