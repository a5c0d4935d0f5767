//! Names of apps and components: they name files, folders and URLs.

/// What a name may be, for messages.
pub const RULE: &str = "1 to 64 lower-case letters, digits and hyphens, no hyphen at either end";

/// The most letters of a name.
pub const LONGEST: usize = 64;

/// Whether `text` can be the name of an app or a component.
pub fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty()
        && text.len() <= LONGEST
        && text.chars().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The name that comes nearest to `text`; none if nothing of it can stay.
pub fn name_of(text: &str) -> Option<String> {
    let mut name = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c.is_ascii_alphanumeric() {
            true => name.push(c),
            false if name.ends_with('-') => {}
            false => name.push('-'),
        }
    }
    let name = name.trim_matches('-');
    let name = name[..name.len().min(LONGEST)].trim_end_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_any_text_is_a_name() {
        let long = "x".repeat(63) + "--" + &"y".repeat(9);
        for text in ["Mein Café", "3d", "a__b", "../x", " - a - ", "ÄÖ 1", &long, "hello"] {
            let name = name_of(text).unwrap();
            assert!(is_name(&name), "{text} -> {name}");
        }
        assert_eq!(name_of("Mein Laden").as_deref(), Some("mein-laden"));
        assert_eq!(name_of("äöü"), None);
        assert_eq!(name_of(".."), None);
    }
}
