//! Text of the program -> Markdown.

/// Text in which Markdown shall see nothing of its own.
pub fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut in_code = false;
    for letter in text.chars() {
        in_code ^= letter == '`';
        if matches!(letter, '|') || (!in_code && matches!(letter, '*' | '_' | '<' | '[')) {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_and_the_rest_means_nothing() {
        assert_eq!(escaped("`a_b` http://*.c [d] <E>"), "`a_b` http://\\*.c \\[d] \\<E>");
        assert_eq!(escaped("`a|b`"), "`a\\|b`");
    }
}
