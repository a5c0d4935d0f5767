//! What is known of something that a tool, or start-up, printed.

use crate::report::Code;

/// What to do about it, and which failure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Nothing if it is an ordinary failure of whatever was running.
    pub code: Option<Code>,
    /// The next step, as a sentence.
    pub text: String,
}

impl Advice {
    /// Advice on a failure that has a code of its own.
    pub fn on(code: Code, text: impl Into<String>) -> Advice {
        Advice { code: Some(code), text: text.into() }
    }
}

impl From<&str> for Advice {
    fn from(text: &str) -> Advice {
        Advice { code: None, text: text.to_owned() }
    }
}

/// A row of a table of what tools print: all texts must be in it.
pub type Row = (&'static [&'static str], Option<Code>, &'static str);

/// Zig, whatever language it compiles, does nothing without its cache:
/// `error: sub-compilation of compiler_rt failed`, `note: checking cache failed: manifest_create ReadOnlyFileSystem`.
pub const ZIG_CACHE: Row = (
    &["checking cache failed: manifest_create "],
    Some(Code::NotPermitted),
    "Zig keeps what it has compiled in `~/.cache/zig`, and that cannot be written. Set \
     ZIG_GLOBAL_CACHE_DIR to a folder that can.",
);

/// The first row that fits.
pub fn first(rows: &[Row], printed: &str) -> Option<Advice> {
    let fits = |row: &&Row| row.0.iter().all(|text| printed.contains(text));
    let (_, code, text) = rows.iter().find(fits)?;
    Some(Advice { code: *code, text: (*text).to_owned() })
}
