//! Names of packages, and their fingerprints.

/// Zig's keywords; as a name each would have to be quoted.
pub const RESERVED: &[&str] = &[
    "addrspace",
    "align",
    "allowzero",
    "and",
    "anyframe",
    "anytype",
    "asm",
    "break",
    "callconv",
    "catch",
    "comptime",
    "const",
    "continue",
    "defer",
    "else",
    "enum",
    "errdefer",
    "error",
    "export",
    "extern",
    "false",
    "fn",
    "for",
    "if",
    "inline",
    "isospin",
    "linksection",
    "noalias",
    "noinline",
    "nosuspend",
    "null",
    "opaque",
    "or",
    "orelse",
    "packed",
    "pub",
    "resume",
    "return",
    "std",
    "struct",
    "suspend",
    "switch",
    "test",
    "threadlocal",
    "true",
    "try",
    "undefined",
    "union",
    "unreachable",
    "var",
    "volatile",
    "while",
];

/// The longest name that Zig takes for a package.
const LONGEST: usize = 32;

/// The identifier as the name of a package.
pub fn package_name(identifier: &str) -> &str {
    identifier[..identifier.len().min(LONGEST)].trim_end_matches('_')
}

/// The number that Zig wants beside a name: the name's check sum, and one that
/// tells packages of the same name apart. It is made of the name too, so that the
/// same command makes the same project.
pub fn fingerprint(name: &str) -> u64 {
    let sum = |text: &str| {
        let mut sum = flate2::Crc::new();
        sum.update(text.as_bytes());
        sum.sum()
    };
    // Zig forbids the two ends of the range.
    let own = sum(&format!("isospin {name}")).clamp(1, u32::MAX - 1);
    (u64::from(sum(name)) << 32) | u64::from(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_begins_with_the_check_sum_that_zig_computes() {
        // As `zig build` proposed it for a package of that name.
        assert_eq!(fingerprint("words_zig") >> 32, 0x8001_c893);
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(package_name("hello"), "hello");
        assert_eq!(package_name(&"abcdefgh_".repeat(4)).len(), 32);
    }
}
