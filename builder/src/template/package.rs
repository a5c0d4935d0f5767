//! What a component's package is called: languages forbid more names than we do.

use crate::language::Language;

/// A component's name in the forms that its language's files need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Lower-case words with hyphens, the first of them no number, and no reserved name.
    pub name: String,
    /// The same with underscores.
    pub identifier: String,
}

impl Package {
    /// The package of the component `name`.
    pub fn new(name: &str, language: &dyn Language) -> Package {
        let identifier = name.replace('-', "_");
        let reserved = language.reserved_names();
        let name = if name.starts_with(|c: char| c.is_ascii_digit()) {
            format!("handler-{name}")
        } else if reserved.iter().any(|word| *word == name || *word == identifier) {
            format!("{name}-handler")
        } else {
            name.to_owned()
        };
        let identifier = name.replace('-', "_");
        Package { name, identifier }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LANGUAGES;

    #[test]
    fn packages_begin_with_a_letter_and_are_no_reserved_word() {
        for language in LANGUAGES {
            for name in language.reserved_names().iter().chain(&["3d", "hello", "a-b"]) {
                let package = Package::new(&name.replace('_', "-"), *language);
                assert!(package.name.starts_with(|c: char| c.is_ascii_lowercase()), "{package:?}");
                assert!(!language.reserved_names().contains(&&*package.name), "{package:?}");
                assert!(!language.reserved_names().contains(&&*package.identifier), "{package:?}");
            }
        }
        let package = Package::new("3d-view", LANGUAGES[0]);
        assert_eq!(package.name, "handler-3d-view");
        assert_eq!(package.identifier, "handler_3d_view");
    }
}
