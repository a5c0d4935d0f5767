//! Small libraries, as `wasm-ld` makes them, linked and run.

use wasmtime::{Engine, Instance, Linker, Module, Store};

use super::{FrameRoom, Library, Program, link};

/// Calls the other library, and replaces one of its functions.
const PROGRAM: &str = r#"(module
    (@dylink.0 (mem-info (memory 8 2) (table 1 0)))
    (import "env" "memory" (memory 1))
    (import "env" "__indirect_function_table" (table 1 funcref))
    (import "env" "__stack_pointer" (global $sp (mut i32)))
    (import "env" "__memory_base" (global $memory i32))
    (import "env" "__table_base" (global $table i32))
    (import "GOT.mem" "datum" (global $datum (mut i32)))
    (import "GOT.func" "double" (global $double (mut i32)))
    (import "env" "twice" (func $twice (param i32) (result i32)))
    (import "world:a/b" "offered" (func $offered))
    (import "world:a/b" "unused" (func $unused))
    (import "world:c/d" "refused" (func $refused))
    (func $one (result i32) (i32.const 1))
    (elem (global.get $table) func $one)
    (func (export "replaced") (param i32) (result i32) (i32.add (local.get 0) (i32.const 100)))
    (func (export "call") (param i32) (result i32) (call $twice (local.get 0)))
    (func (export "read_datum") (result i32) (i32.load (global.get $datum)))
    (func (export "read_own") (result i32)
        (i32.load (i32.load (i32.add (global.get $memory) (i32.const 4)))))
    (func (export "by_address") (result i32)
        (call_indirect (param i32) (result i32) (i32.const 4) (global.get $double)))
    (func (export "own_address") (result i32) (call_indirect (result i32) (global.get $table)))
    (func (export "stack") (result i32) (global.get $sp))
    (func (export "world") (call $offered))
    (func (export "trap") (call $refused))
    (data (global.get $memory) "\2a\00\00\00\00\00\00\00")
    (func (export "__wasm_apply_data_relocs")
        (i32.store (i32.add (i32.const 4) (global.get $memory)) (global.get $memory))))"#;

const OTHER: &str = r#"(module
    (@dylink.0 (mem-info (memory 4 4) (table 0 0)))
    (import "env" "memory" (memory 1))
    (import "env" "__memory_base" (global $memory i32))
    (func $replaced (export "replaced") (param i32) (result i32) (i32.const -1))
    (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "twice") (param i32) (result i32)
        (call $replaced (call $replaced (local.get 0))))
    (func (export "left_out") (result i32) (i32.const 41) (return))
    (global (export "datum") i32 (i32.const 0))
    (func (export "__wasm_call_ctors") (i32.store (global.get $memory) (i32.const 7))))"#;

const EXPORTS: &[&str] =
    &["call", "read_datum", "read_own", "by_address", "own_address", "stack", "world", "trap"];

fn linked(program: &str, other: &str) -> anyhow::Result<Vec<u8>> {
    let (program, other) = (wat::parse_str(program)?, wat::parse_str(other)?);
    let libraries = [Library::parse("program", &program)?, Library::parse("other", &other)?];
    link(&Program {
        libraries: &libraries,
        offered: &|interface| interface == "world:a/b",
        first: &[],
        exports: EXPORTS,
        stack: 4096,
        frame_room: FrameRoom { base: 0, per_local: 0 },
        watches: &[],
        names: false,
    })
}

#[test]
fn libraries_find_each_other() {
    let module = linked(PROGRAM, OTHER).unwrap();
    let engine = Engine::default();
    let module = Module::new(&engine, &module).unwrap();
    let imports: Vec<_> = module.imports().map(|import| import.name().to_owned()).collect();
    assert_eq!(imports, ["offered"]);
    let mut linker = Linker::new(&engine);
    linker.func_wrap("world:a/b", "offered", || {}).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module).unwrap();
    run(&mut store, instance, "_initialize").unwrap();
    assert_eq!(read(&mut store, instance, "read_datum"), 7);
    assert_eq!(read(&mut store, instance, "read_own"), 42);
    assert_eq!(read(&mut store, instance, "by_address"), 8);
    assert_eq!(read(&mut store, instance, "own_address"), 1);
    assert_eq!(read(&mut store, instance, "stack"), 1024 + 4096);
    let call = instance.get_typed_func::<i32, i32>(&mut store, "call").unwrap();
    let answer = call.call(&mut store, 5).unwrap();
    assert_eq!(answer, 205, "the program's own `replaced` is called, by the other library too");
    run(&mut store, instance, "world").unwrap();
    assert!(run(&mut store, instance, "trap").is_err());
}

fn run(store: &mut Store<()>, instance: Instance, name: &str) -> wasmtime::Result<()> {
    instance.get_typed_func::<(), ()>(&mut *store, name)?.call(store, ())
}

fn read(store: &mut Store<()>, instance: Instance, name: &str) -> i32 {
    let function = instance.get_typed_func::<(), i32>(&mut *store, name).unwrap();
    function.call(store, ()).unwrap()
}

#[test]
fn what_nothing_can_come_to_is_left_out() {
    /// `i32.const 41; return`, which is in one function alone.
    const LEFT_OUT: &[u8] = &[0x41, 41, 0x0f];
    let there = |bytes: &[u8]| bytes.windows(LEFT_OUT.len()).any(|part| part == LEFT_OUT);
    assert!(there(&wat::parse_str(OTHER).unwrap()));
    assert!(!there(&linked(PROGRAM, OTHER).unwrap()));
}

#[test]
fn what_does_not_fit_is_named() {
    let missing = linked(PROGRAM, &OTHER.replace("\"twice\"", "\"thrice\"")).unwrap_err();
    assert!(missing.to_string().contains("nothing defines `twice`"), "{missing}");
    let program = PROGRAM.replace(
        "\"env\" \"twice\" (func $twice (param i32)",
        "\"env\" \"twice\" (func $twice (param i64)",
    );
    let program = program.replace("(call $twice (local.get 0))", "(call $twice (i64.const 0))");
    let differs = linked(&program, OTHER).unwrap_err();
    assert!(differs.to_string().contains("`twice` is"), "{differs}");
    let plain = wat::parse_str("(module)").unwrap();
    let error = Library::parse("plain", &plain).err().unwrap();
    assert!(format!("{error:#}").contains("no `dylink.0` section"), "{error:#}");
}
