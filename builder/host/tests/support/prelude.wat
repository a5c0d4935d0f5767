;; What each test guest begins with: the imports that it may use, a memory, an
;; allocator that never frees, and a few steps that every answer is made of.
;; Results of imports are written to address 0.
(import "wasi:http/types@0.2.12" "[constructor]fields" (func $fields (result i32)))
(import "wasi:http/types@0.2.12" "[method]fields.append"
  (func $fields-append (param i32 i32 i32 i32 i32 i32)))
(import "wasi:http/types@0.2.12" "[constructor]outgoing-response"
  (func $response-new (param i32) (result i32)))
(import "wasi:http/types@0.2.12" "[method]outgoing-response.set-status-code"
  (func $response-status (param i32 i32) (result i32)))
(import "wasi:http/types@0.2.12" "[method]outgoing-response.body"
  (func $response-body (param i32 i32)))
(import "wasi:http/types@0.2.12" "[static]response-outparam.set"
  (func $outparam-set (param i32 i32 i32 i32 i64 i32 i32 i32 i32)))
(import "wasi:http/types@0.2.12" "[method]outgoing-body.write" (func $body-write (param i32 i32)))
(import "wasi:http/types@0.2.12" "[static]outgoing-body.finish"
  (func $body-finish (param i32 i32 i32 i32)))
(import "wasi:http/types@0.2.12" "[method]incoming-request.consume"
  (func $request-consume (param i32 i32)))
(import "wasi:http/types@0.2.12" "[method]incoming-body.stream"
  (func $incoming-stream (param i32 i32)))
(import "wasi:http/types@0.2.12" "[method]incoming-request.path-with-query"
  (func $request-path (param i32 i32)))
(import "wasi:io/streams@0.2.12" "[method]input-stream.blocking-read"
  (func $read (param i32 i64 i32)))
(import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush"
  (func $write-stream (param i32 i32 i32 i32)))
(import "wasi:io/streams@0.2.12" "[resource-drop]output-stream" (func $stream-drop (param i32)))
(import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
(import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration"
  (func $timer (param i64) (result i32)))
(import "wasi:cli/stderr@0.2.12" "get-stderr" (func $stderr (result i32)))

(memory (export "memory") 2)
(global $free (mut i32) (i32.const 65536))
(global $outgoing (mut i32) (i32.const 0))
(global $stream (mut i32) (i32.const 0))
(global $count (mut i32) (i32.const 0))

(func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32)
    (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
  (global.set $free (i32.add (local.get $at) (local.get $size)))
  ;; Lists that were read are not needed again: begin anew before memory ends.
  (if (i32.gt_u (global.get $free) (i32.const 131072))
    (then
      (local.set $at (i32.const 65536))
      (global.set $free (i32.add (i32.const 65536) (local.get $size)))))
  (local.get $at))

;; Sends a head with a status; the body stays open.
(func $begin (param $out i32) (param $status i32)
  (local $response i32)
  (local.set $response (call $response-new (call $fields)))
  (drop (call $response-status (local.get $response) (local.get $status)))
  (call $response-body (local.get $response) (i32.const 0))
  (global.set $outgoing (i32.load (i32.const 4)))
  (call $outparam-set (local.get $out) (i32.const 0) (local.get $response) (i32.const 0)
    (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $body-write (global.get $outgoing) (i32.const 0))
  (global.set $stream (i32.load (i32.const 4))))

;; Writes and waits until it is sent; gives whether it was.
(func $write (param $at i32) (param $length i32) (result i32)
  (call $write-stream (global.get $stream) (local.get $at) (local.get $length) (i32.const 0))
  (i32.eqz (i32.load8_u (i32.const 0))))

(func $finish
  (call $stream-drop (global.get $stream))
  (call $body-finish (global.get $outgoing) (i32.const 0) (i32.const 0) (i32.const 0)))

;; Opens the request's body; gives its stream.
(func $open (param $request i32) (result i32)
  (call $request-consume (local.get $request) (i32.const 0))
  (call $incoming-stream (i32.load (i32.const 4)) (i32.const 0))
  (i32.load (i32.const 4)))

;; Reads what is there, waiting for something; the bytes are at (8), as many as
;; are at (12). Gives 0 at the end.
(func $next (param $stream i32) (result i32)
  (call $read (local.get $stream) (i64.const 65536) (i32.const 0))
  (i32.store (i32.const 12) (i32.load (i32.const 8)))
  (i32.store (i32.const 8) (i32.load (i32.const 4)))
  (i32.eqz (i32.load8_u (i32.const 0))))

(func $say (param $at i32) (param $length i32)
  (call $write-stream (call $stderr) (local.get $at) (local.get $length) (i32.const 0)))

(func $sleep (param $milliseconds i64)
  (call $block (call $timer (i64.mul (local.get $milliseconds) (i64.const 1000000)))))
