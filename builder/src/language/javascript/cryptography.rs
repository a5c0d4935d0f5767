//! Whether a bundle needs `crypto.subtle`, and more of it than digests and HMAC. Ciphers,
//! curves and RSA are as large as a fifth of the engine, and most apps sign nothing.

/// What stands in the names of the algorithms that are left out otherwise. A name may
/// be put together (`"AES-" + mode`), so that parts of names count, in any case.
const WORDS: &[&str] = &["aes-", "rsa-", "rsassa-", "ecdsa", "ecdh", "25519", "hkdf", "pbkdf2"];

/// Whether code reaches `crypto.subtle` at all.
pub fn is_reached(bundle: &str) -> bool {
    bundle.contains("subtle")
}

/// Whether code reaches `crypto.subtle` and names one of these algorithms.
pub fn is_named(bundle: &str) -> bool {
    if !is_reached(bundle) {
        return false;
    }
    let bundle = bundle.to_ascii_lowercase();
    WORDS.iter().any(|word| bundle.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn algorithms_are_there_where_code_names_one() {
        assert!(!is_named("await crypto.subtle.digest('SHA-256', bytes)"));
        assert!(!is_named("const text = 'ECDSA and RSA-PSS are names'"));
        for name in ["'ECDSA'", "{ name: \"aes-gcm\" }", "`AES-${mode}`", "'X25519'", "'PBKDF2'"] {
            assert!(is_named(&format!("crypto.subtle.importKey({name})")), "{name}");
        }
    }
}
