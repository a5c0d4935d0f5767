;; A handler of WASI 0.3: answers `hello` and a line feed as a stream, and ends
;; when stream and trailers are both read. For the path /trap it traps.
(module
  (import "wasi:http/types@0.3.0" "[constructor]fields" (func $fields (result i32)))
  (import "wasi:http/types@0.3.0" "[method]request.get-path-with-query"
    (func $path (param i32 i32)))
  (import "wasi:http/types@0.3.0" "[static]response.new"
    (func $response-new (param i32 i32 i32 i32 i32)))
  (import "wasi:http/types@0.3.0" "[stream-new-0][static]response.new"
    (func $stream-new (result i64)))
  (import "wasi:http/types@0.3.0" "[async-lower][stream-write-0][static]response.new"
    (func $stream-write (param i32 i32 i32) (result i32)))
  (import "wasi:http/types@0.3.0" "[stream-drop-writable-0][static]response.new"
    (func $stream-drop (param i32)))
  (import "wasi:http/types@0.3.0" "[future-new-1][static]response.new"
    (func $future-new (result i64)))
  (import "wasi:http/types@0.3.0" "[async-lower][future-write-1][static]response.new"
    (func $future-write (param i32 i32) (result i32)))
  (import "wasi:http/types@0.3.0" "[future-drop-writable-1][static]response.new"
    (func $future-drop (param i32)))
  (import "[export]wasi:http/handler@0.3.0" "[task-return]handle"
    (func $return (param i32 i32 i32 i64 i32 i32 i32 i32)))
  (import "$root" "[waitable-set-new]" (func $set-new (result i32)))
  (import "$root" "[waitable-join]" (func $join (param i32 i32)))
  (memory (export "memory") 1)
  (global $set (mut i32) (i32.const 0))
  (global $stream (mut i32) (i32.const 0))
  (global $future (mut i32) (i32.const 0))
  ;; How many of the two writes are under way.
  (global $pending (mut i32) (i32.const 0))

  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))

  (func $await (param $waitable i32)
    (call $join (local.get $waitable) (global.get $set))
    (global.set $pending (i32.add (global.get $pending) (i32.const 1))))

  ;; Exit, or wait for the set.
  (func $next (result i32)
    (if (result i32) (global.get $pending)
      (then (i32.or (i32.const 2) (i32.shl (global.get $set) (i32.const 4))))
      (else (i32.const 0))))

  (func (export "[async-lift]wasi:http/handler@0.3.0#handle") (param $request i32) (result i32)
    (local $pair i64) (local $contents i32) (local $trailers i32)
    (call $path (local.get $request) (i32.const 0))
    (if (i32.eq (i32.load (i32.const 8)) (i32.const 5)) (then unreachable))
    (global.set $set (call $set-new))
    (local.set $pair (call $stream-new))
    (local.set $contents (i32.wrap_i64 (local.get $pair)))
    (global.set $stream (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))))
    (local.set $pair (call $future-new))
    (local.set $trailers (i32.wrap_i64 (local.get $pair)))
    (global.set $future (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))))
    (call $response-new (call $fields) (i32.const 1) (local.get $contents)
      (local.get $trailers) (i32.const 0))
    (call $return (i32.const 0) (i32.load (i32.const 0)) (i32.const 0) (i64.const 0)
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    (i64.store (i32.const 1024) (i64.const 0x0a6f6c6c6568))
    (if (i32.eq (call $stream-write (global.get $stream) (i32.const 1024) (i32.const 6))
          (i32.const -1))
      (then (call $await (global.get $stream)))
      (else (call $stream-drop (global.get $stream))))
    ;; At 2048 there is nothing but zeros: no trailers, and no error.
    (if (i32.eq (call $future-write (global.get $future) (i32.const 2048)) (i32.const -1))
      (then (call $await (global.get $future)))
      (else (call $future-drop (global.get $future))))
    (call $next))

  (func (export "[callback][async-lift]wasi:http/handler@0.3.0#handle")
      (param $event i32) (param $waitable i32) (param $result i32) (result i32)
    (global.set $pending (i32.sub (global.get $pending) (i32.const 1)))
    (call $join (local.get $waitable) (i32.const 0))
    (if (i32.eq (local.get $waitable) (global.get $stream))
      (then (call $stream-drop (global.get $stream)))
      (else (call $future-drop (global.get $future))))
    (call $next)))
