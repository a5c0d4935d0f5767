//! What was printed, beside what the guide says of it.

/// A line that stands for any number of lines; inside of a line, for any text.
const ANYTHING: &str = "...";

/// # Errors
/// The first line that is not as expected, and all that was printed.
pub fn same(expected: &str, printed: &str) -> Result<(), String> {
    let wanted: Vec<&str> = expected.lines().collect();
    let got: Vec<&str> = printed.lines().collect();
    match lines_fit(&wanted, &got) {
        true => Ok(()),
        false => Err(format!("expected:\n{}\nprinted:\n{}", indent(expected), indent(printed))),
    }
}

/// Whether the lines are there in this order, with others between them.
///
/// # Errors
/// As for [`same`].
pub fn within(expected: &str, printed: &str) -> Result<(), String> {
    let wanted: Vec<&str> =
        expected.lines().flat_map(|line| [ANYTHING, line]).chain([ANYTHING]).collect();
    match lines_fit(&wanted, &printed.lines().collect::<Vec<_>>()) {
        true => Ok(()),
        false => {
            Err(format!("expected lines:\n{}\nthe log:\n{}", indent(expected), indent(printed)))
        }
    }
}

fn lines_fit(wanted: &[&str], got: &[&str]) -> bool {
    match wanted {
        [] => got.is_empty(),
        [line, rest @ ..] if line.trim() == ANYTHING => {
            (0..=got.len()).any(|skipped| lines_fit(rest, &got[skipped..]))
        }
        [line, rest @ ..] => got
            .split_first()
            .is_some_and(|(first, others)| line_fits(line, first) && lines_fit(rest, others)),
    }
}

fn line_fits(wanted: &str, got: &str) -> bool {
    let (wanted, got) = (wanted.trim_end(), got.trim_end());
    let Some((start, rest)) = wanted.split_once(ANYTHING) else {
        return wanted == got;
    };
    let Some(got) = got.strip_prefix(start) else {
        return false;
    };
    let ends = (0..=got.len()).filter(|end| got.is_char_boundary(*end));
    ends.into_iter().any(|end| line_fits(rest, &got[end..]))
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// That a comparison can fail: called as a test of its own.
pub fn check() {
    for (wanted, got) in [
        ("a\n", "a\n"),
        ("a ... c\n", "a b c\n"),
        ("...", ""),
        ("...\nb", "a\na\nb"),
        ("built in ... s: ...", "built in 1.2 s: /home/é"),
    ] {
        assert!(same(wanted, got).is_ok(), "{wanted:?} {got:?}");
    }
    for (wanted, got) in [("a", "b"), ("a", "a\nb"), ("a\nb", "a"), ("a ... c", "a b"), ("", "x")] {
        assert!(same(wanted, got).is_err(), "{wanted:?} {got:?}");
    }
    assert!(within("b\nd", "a\nb\nc\nd\ne").is_ok());
    assert!(within("d\nb", "a\nb\nc\nd\ne").is_err());
}
