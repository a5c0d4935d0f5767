use super::facts::Facts;
use super::relink;

fn module(text: &str) -> Vec<u8> {
    let module = relink(&wat::parse_str(text).expect("it is WAT")).expect("it is linked");
    wasmparser::validate(&module).expect("it is valid");
    module
}

fn facts(module: &[u8]) -> Facts {
    Facts::read(module).expect("it is read")
}

#[test]
fn answers_take_the_place_of_imports() {
    let linked = module(
        r#"(module
            (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
            (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
            (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))
            (func $answer (export "isospin_preview1_sched_yield") (result i32) (i32.const 7))
            (func $unused (export "isospin_preview1_clock_time_get") (drop (call $now)))
            (func (export "handle") (result i32)
                (i32.add (call $yield) (call $close (i32.const 1))))
        )"#,
    );
    let facts = facts(&linked);
    let names: Vec<&str> = facts.imports.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["fd_close"], "what is not answered stays, and no more");
    assert!(facts.answers.is_empty());
    assert_eq!(facts.named_by.len(), 2, "the answer and the handler");
    assert_eq!(facts.roots, [2]);
    assert_eq!(facts.named_by[1], [1, 0]);
}

#[test]
fn functions_of_the_library_stay_where_they_are_called() {
    let linked = module(
        r#"(module
            (func $unused (export "calloc") (call $malloc))
            (func $malloc (export "malloc"))
            (func $free (export "free") (drop (i32.const 7)))
            (func (export "isospin_preview1_sched_yield") (result i32) (i32.const 0))
            (func (export "handle") (call $free))
        )"#,
    );
    let facts = facts(&linked);
    assert_eq!(facts.named_by, [vec![], vec![0]], "what frees, and the handler");
    assert_eq!(facts.roots, [1]);
}

#[test]
fn functions_in_tables_are_kept() {
    let linked = module(
        r#"(module
            (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
            (table 2 funcref)
            (elem (i32.const 0) $yield $other)
            (func $dropped)
            (func $other)
            (func (export "isospin_preview1_sched_yield") (result i32) (i32.const 0))
        )"#,
    );
    let facts = facts(&linked);
    assert!(facts.imports.is_empty());
    assert_eq!(facts.named_by.len(), 2);
}

#[test]
fn what_only_start_up_calls_is_dropped() {
    let linked = module(
        r#"(module
            (table 4 funcref)
            (elem (i32.const 1) $before $start $after)
            (func $before) (func $after)
            (func $start (export "isospin_start_compile") (call $only))
            (func $only)
            (func (export "handle") (call_indirect (i32.const 3)))
        )"#,
    );
    let expected = module(
        r#"(module
            (table 4 funcref)
            (elem (i32.const 1) $before)
            (elem (i32.const 3) $after)
            (func $before) (func $after)
            (func (export "handle") (call_indirect (i32.const 3)))
        )"#,
    );
    assert_eq!(linked, expected);
}

#[test]
fn what_start_up_calls_and_others_too_is_kept() {
    let linked = module(
        r#"(module
            (table 2 funcref)
            (elem (i32.const 1) $start)
            (func $start (export "isospin_start_compile"))
            (func (export "handle") (call $start))
        )"#,
    );
    let facts = facts(&linked);
    assert_eq!(facts.named_by.len(), 2);
    assert!(facts.start.is_empty());
}

#[test]
fn padded_numbers_become_short() {
    let mut padded =
        wat::parse_str(r#"(module (func $f) (func (export "h") (call $f)))"#).expect("it is WAT");
    let plain = padded.clone();
    // call 0, end: the number gets four bytes more, and so do function and section.
    let call = padded.windows(3).position(|code| code == [0x10, 0, 0x0b]).expect("a call");
    padded.splice(call + 1..call + 2, [0x80, 0x80, 0x80, 0x80, 0]);
    padded[call - 2] += 4;
    let section = plain.windows(2).position(|code| code == [10, 9]).expect("a code section");
    padded[section + 1] += 4;
    wasmparser::validate(&padded).expect("it is valid");
    assert_eq!(relink(&padded).expect("it is linked"), plain);
    assert_eq!(relink(&plain).expect("it is read"), plain);
}

#[test]
fn other_modules_stay_as_they_are() {
    let plain = wat::parse_str(
        r#"(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))))"#,
    )
    .expect("it is WAT");
    assert_eq!(relink(&plain).expect("it is read"), plain);
    let mut debug = wat::parse_str(
        r#"(module (func (export "isospin_preview1_sched_yield") (result i32) (i32.const 0))
            (@custom ".debug_info" "x"))"#,
    )
    .expect("it is WAT");
    assert_eq!(relink(&debug).expect("it is read"), debug);
    debug.truncate(20);
    assert!(relink(&debug).is_err());
}
