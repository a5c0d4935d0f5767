//! Debug information that makes no sense. That of compilers is tested with them,
//! in `builder/tests/traces`.

use std::path::Path;

use wasm_encoder::CustomSection;

use super::*;
use crate::toolchain::Toolchain;

const MODULE: &str = r#"(module
    (func $answer (export "isospin_preview1_sched_yield") (result i32) (i32.const 0))
    (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "handle") (result i32) (call $divide (i32.const 1) (i32.const 0)))
)"#;

fn module(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut module = wat::parse_str(MODULE).expect("it is WAT");
    for (name, data) in sections {
        let data = (*data).into();
        CustomSection { name: (*name).into(), data }.append_to(&mut module);
    }
    module
}

fn separated(module: &[u8]) -> anyhow::Result<Separated> {
    separated_without("", module)
}

/// Traces leave out the function `left_out`.
fn separated_without(left_out: &str, module: &[u8]) -> anyhow::Result<Separated> {
    let toolchain = Toolchain { tools: Vec::new() };
    let library = LibraryTraces { path: &|_| None, is_left_out: &|name| name == left_out };
    separate(module, &Folders::new(Path::new("/app"), Path::new("/app"), &toolchain, library))
}

fn map(separated: &Separated) -> TraceMap {
    let trace = separated.trace.as_deref().expect("there are places");
    serde_json::from_slice(trace).expect("it is a map")
}

#[test]
fn a_module_without_debug_information_stays_as_it_is() {
    let module = module(&[]);
    let separated = separated(&module).expect("it is parsed");
    assert_eq!(separated.module, module);
    assert!(separated.trace.is_none());
}

#[test]
fn what_has_only_names_is_told_by_them() {
    let module = module(&[(".debug_line", b""), ("producers", b"\0")]);
    let separated = separated(&module).expect("it is parsed");
    wasmparser::validate(&separated.module).expect("it is valid");
    let map = map(&separated);
    assert_eq!(map.functions[0], "divide", "{map:?}");
    let divide = map.code[0].0;
    assert_eq!(map.places(divide).expect("it is known"), ["divide"]);
    let sections = Parser::new(0).parse_all(&separated.module).filter_map(|payload| match payload
        .expect("it is parsed")
    {
        Payload::CustomSection(section) => Some((section.name().to_owned(), section.data().len())),
        _ => None,
    });
    let sections: Vec<(String, usize)> = sections.collect();
    assert_eq!(sections, [(BUILD_ID.to_owned(), 1 + BUILD_ID_LENGTH)]);
}

#[test]
fn what_is_left_out_is_known_and_not_shown() {
    let module = module(&[(".debug_line", b"")]);
    let map = map(&separated_without("divide", &module).expect("it is parsed"));
    assert_eq!(map.places(map.code[0].0), Some(Vec::new()), "{map:?}");
}

#[test]
fn the_build_id_is_that_of_the_code() {
    let one = separated(&module(&[(".debug_line", b"")])).expect("it is parsed");
    let other = separated(&module(&[(".debug_line", b""), (".debug_str", b"x")])).unwrap();
    assert_eq!(one.module, other.module, "debug information changes nothing");
    let relinked = relink::relink(&one.module).expect("it is parsed");
    assert_eq!(relinked, one.module, "encoding changes no offsets");
}

/// Bytes that look random and are the same each time (xorshift).
fn noise(state: &mut u64, length: usize) -> Vec<u8> {
    let mut next = || {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn nonsense_gives_no_places_and_no_panic() {
    let mut state = 0x1505_1505_1505_1505;
    for round in 0..2000 {
        let [line, info, abbreviations, ranges] =
            [0, 1, 2, 3].map(|_| noise(&mut state, round % 97));
        // A unit of version 4 with its length, so that the rest is read.
        let length = u32::try_from(info.len() + 7).unwrap().to_le_bytes();
        let info = [&length[..], &[4, 0, 0, 0, 0, 0, 4], &info].concat();
        let module = module(&[
            (".debug_line", &line),
            (".debug_info", &info),
            (".debug_abbrev", &abbreviations),
            (".debug_ranges", &ranges),
        ]);
        let separated = separated(&module).expect("the module itself is in order");
        assert!(map(&separated).code.len() < 100);
    }
}
