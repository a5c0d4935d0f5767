//! Traces of start-up, in terms of the user's own files.

use super::source_map;
use crate::language::Context;

/// What the engine told, with positions in the bundle as the user's.
pub fn translate(cx: &Context, told: &str) -> String {
    // Without a map the bundle's own positions are what there is.
    let Ok(map) = source_map::read(cx) else { return told.to_owned() };
    resolve(told, |line, column| {
        let token = map.lookup_token(line.checked_sub(1)?, column.saturating_sub(1))?;
        let (line, column) = token.get_src();
        let file = source_map::shown(token.get_source()?, cx);
        Some(format!("{file}:{}:{}", line + 1, column + 1))
    })
}

/// Replaces each `bundle.js:LINE:COLUMN` of which `place` knows more, and drops
/// the lines of our own prelude.
fn resolve(told: &str, place: impl Fn(u32, u32) -> Option<String>) -> String {
    let mut text = String::new();
    for line in told.lines().filter(|line| !is_ours(line)) {
        match line.split_once("bundle.js:") {
            None => text.push_str(line),
            Some((before, after)) => {
                let mut numbers = after.splitn(2, ':');
                let first = numbers.next().and_then(|number| number.parse().ok());
                let rest = numbers.next().unwrap_or_default();
                let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let found = first
                    .zip(rest[..digits].parse().ok())
                    .and_then(|(line, column)| place(line, column));
                match found {
                    Some(found) => text.push_str(&format!("{before}{found}{}", &rest[digits..])),
                    None => text.push_str(line),
                }
            }
        }
        text.push('\n');
    }
    text
}

/// Whether the line is of the engine or of our prelude, which has no name once it is
/// compiled beforehand.
fn is_ours(line: &str) -> bool {
    let end = line.trim_end();
    line.contains("prelude.js") || end.ends_with("(native)") || end.ends_with("(<null>:0:1)")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn positions_become_the_users() {
        let told = "Error: no\n    at start (bundle.js:7:3)\n    at bundle.js:9:1\n    at install (prelude.js:1:1)\n    at Me (<null>:0:1)\n    at call (native)\n";
        let text =
            resolve(told, |line, column| (line == 7).then(|| format!("src/a.ts:{line}:{column}")));
        assert_eq!(text, "Error: no\n    at start (src/a.ts:7:3)\n    at bundle.js:9:1\n");
    }
}
