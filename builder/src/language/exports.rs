//! What a compiled module offers to its host.

use wasmparser::{Parser, Payload};

/// Whether a core module has an export whose name `fits`.
pub fn exports(module: &[u8], fits: impl Fn(&str) -> bool) -> bool {
    Parser::new(0).parse_all(module).flatten().any(|payload| match payload {
        Payload::ExportSection(exports) => {
            exports.into_iter().flatten().any(|export| fits(export.name))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::exports;

    #[test]
    fn exports_are_found_by_name() {
        // One function of no type, exported as `a`.
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x05\x01\x01a\0\0\x0a\x04\x01\x02\0\x0b";
        wasmparser::validate(module).expect("it is valid");
        assert!(exports(module, |name| name == "a"));
        assert!(!exports(module, |name| name == "b"));
        assert!(!exports(b"\0asm\x01\0\0\0", |_| true));
        assert!(!exports(b"no module", |_| true));
    }
}
