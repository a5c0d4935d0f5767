//! Versions in what tools print.

/// The first version in `text`, with what is stuck to it: `1.97.0-nightly` in
/// `rustc 1.97.0-nightly (abc 2026-01-01)`, `1.27rc1` in `go version go1.27rc1`.
pub fn find(text: &str) -> Option<&str> {
    let mut from = 0;
    while let Some(start) = text[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let rest = &text[start..];
        let belongs = |c: char| c.is_ascii_alphanumeric() || ".-+".contains(c);
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let candidate = rest[..length].trim_end_matches(['.', '-', '+']);
        // A word that only has a digit in it (`x86_64`, a date) is not a version.
        let begins = text[..start].chars().next_back();
        let inside_word = begins.is_some_and(|c| c == '.' || c == '-' || c.is_ascii_digit());
        if !inside_word && numbers(candidate).is_some() {
            return Some(candidate);
        }
        from = start + length;
    }
    None
}

/// The numbers with which `version` begins: two or three, joined by dots.
pub fn numbers(version: &str) -> Option<semver::Version> {
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let mut parts = version[..end].split('.').filter(|part| !part.is_empty());
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    let patch = match parts.next() {
        Some(patch) => patch.parse().ok()?,
        None => 0,
    };
    Some(semver::Version::new(major, minor, patch))
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_found_in_what_tools_print() {
        for (printed, version) in [
            ("0.17.1\n", Some("0.17.1")),
            ("rustc 1.97.0-nightly (59807616e 2026-04-14)", Some("1.97.0-nightly")),
            ("go version go1.27rc1 linux/amd64", Some("1.27rc1")),
            ("go version go1.26.8 linux/amd64", Some("1.26.8")),
            ("v20.20.2", Some("20.20.2")),
            ("Python 3.14.0+", Some("3.14.0")),
            ("pip 23.2.1 from /lib/python3.11/site-packages/pip (python 3.11)", Some("23.2.1")),
            ("built 2026-04-14 on x86_64, version 2.5.", Some("2.5")),
            ("no version here", None),
            ("99999999999999999999.1.2", None),
            ("7", None),
            ("", None),
            ("versión 1.2.3", Some("1.2.3")),
        ] {
            assert_eq!(super::find(printed), version, "{printed:?}");
        }
    }

    #[test]
    fn suffixes_do_not_count() {
        assert_eq!(super::numbers("1.27rc1"), Some(semver::Version::new(1, 27, 0)));
        assert_eq!(super::numbers("0.17.1-dev.5+ab"), Some(semver::Version::new(0, 17, 1)));
    }
}
