//! The languages, each with its page and how a handler of it is found.

use isospin_builder::language::LANGUAGES;

/// A table, for a page beside the folder `handlers/`.
pub fn markdown() -> String {
    let mut text = String::from("| language | a handler is found by |\n|---|---|\n");
    for language in LANGUAGES {
        let (name, title) = (language.name(), language.title());
        text.push_str(&format!("| [{title}](handlers/{name}.md) | {} |\n", language.detected_by()));
    }
    text
}
