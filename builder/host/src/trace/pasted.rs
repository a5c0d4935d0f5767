//! Traces that another host has printed, with offsets alone.

use std::path::Path;

use super::Traces;

/// The places in the sources for a trace that another host of the component has
/// printed: each line of `text` that names an offset in the component's code is
/// followed by the places of that, indented; all others stay as they are.
///
/// `component` is what the file `artifact` holds; the file with the places is
/// looked for beside it.
///
/// # Errors
/// Why there are no places, in words, if no line has any.
pub fn place_trace(artifact: &Path, component: &[u8], text: &str) -> Result<String, String> {
    let traces = Traces::new(Some(artifact.to_owned()), component);
    let (mut placed, mut offsets) = (false, 0);
    let mut result = String::new();
    for line in text.lines() {
        result.push_str(line);
        result.push('\n');
        let Some(offset) = offset(line) else { continue };
        offsets += 1;
        let places = traces.places_at(offset);
        placed |= places.is_some();
        for place in places.into_iter().flatten() {
            result.push_str(&format!("        {place}\n"));
        }
    }
    match placed {
        true => Ok(result),
        false if offsets == 0 => Err("it names no offset in a component's code".to_owned()),
        false => Err(traces.why_unplaced()),
    }
}

/// The offset in a line of a trace:
/// `    0:   0x2ae9 - <unknown>!<wasm function 111>` is how Wasmtime writes it,
/// `   0: <wasm function 111> (offset 0x2ae9)` how this host does. What stands
/// before, as a time or the component's name, may be anything.
fn offset(line: &str) -> Option<u64> {
    let number = |text: &str| u64::from_str_radix(text, 16).ok();
    if let Some((_, after)) = line.split_once("(offset 0x") {
        return number(after.split(')').next()?);
    }
    let (before, after) = line.split_once(": ")?;
    if line.contains(" - ") && before.ends_with(|last: char| last.is_ascii_digit()) {
        let (offset, _) = after.trim_start().strip_prefix("0x")?.split_once(' ')?;
        return number(offset);
    }
    // `component | 0: ...`: the first colon was not the frame's.
    offset(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_as_hosts_write_them() {
        for (line, expected) in [
            ("    0:   0x2ae9 - <unknown>!<wasm function 111>", Some(0x2ae9)),
            ("2026-11-27T01:00:00Z ERROR: x |   12: 0x2a - m!f", Some(0x2a)),
            ("c |    0: <wasm function 111> (offset 0x2ae9)", Some(0x2ae9)),
            ("    0: divide at handler.c:6:14", None),
            ("error while executing at wasm backtrace:", None),
            ("memory fault at wasm address 0xfffffffc in memory", None),
            ("0: 0x - x", None),
            ("0: 0xffffffffffffffffff - x", None),
            ("", None),
        ] {
            assert_eq!(offset(line), expected, "{line}");
        }
    }

    #[test]
    fn what_has_no_offset_is_told() {
        let told = place_trace(Path::new("hello.wasm"), b"", "hello\n").unwrap_err();
        assert!(told.contains("no offset"), "{told}");
        let told = place_trace(Path::new("hello.wasm"), b"", "0: 0x1 - x\n").unwrap_err();
        assert!(told.contains("without them"), "{told}");
    }
}
