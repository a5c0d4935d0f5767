//! What to do about what Go's tools print.

use crate::language::Advice;
use crate::language::advice::{Row, first};
use crate::report::Code;

const ROWS: &[Row] = &[
    // main.go:4:8: package isospin is not in std (/usr/local/go/src/isospin)
    // main.go:4:8: no required module provides package isospin/lean; to add it: ...
    (
        &["package isospin is not in std"],
        Some(Code::SdkMissing),
        "Tell go.mod where the SDK is: `go mod edit -require=isospin@v0.0.0 -replace=isospin=./.isospin/sdk/go`.",
    ),
    (
        &["package isospin/"],
        Some(Code::SdkMissing),
        "Tell go.mod where the SDK is: `go mod edit -require=isospin@v0.0.0 -replace=isospin=./.isospin/sdk/go`.",
    ),
    // package broken
    //	imports broken/a from main.go
    //	imports broken/b from a.go
    //	imports broken/a from b.go: import cycle not allowed
    (
        &["import cycle not allowed"],
        None,
        "Move what both packages need into a third package, which imports neither.",
    ),
    // main.go:5:2: missing go.sum entry for module providing package github.com/go-chi/chi/v5
    (
        &["missing go.sum entry"],
        Some(Code::DependencyMissing),
        "Run `go mod tidy` in the component's folder, and keep its go.sum.",
    ),
    // main.go:5:2: no required module provides package github.com/nobody/nothing; to add it:
    //	go get github.com/nobody/nothing
    (
        &["no required module provides package"],
        Some(Code::DependencyMissing),
        "Add the module with the `go get` command that is shown, in the component's folder. One of \
         your own needs a line `replace NAME => ../FOLDER` in go.mod: a go.work is not read.",
    ),
    // go: updates to go.mod needed
    (&["updates to go.mod needed"], None, "Run `go mod tidy` in the component's folder."),
    // go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)
    (
        &["(running go "],
        None,
        "Lower the `go` line of go.mod, or install that Go and name it with ISOSPIN_GO: \
         no other toolchain is fetched while a component is built.",
    ),
    // runtime.main_main·f: function main is undeclared in the main package
    (
        &["function main is undeclared in the main package"],
        Some(Code::HandlerMissing),
        "Add `func main()` with a call of `isospin.Handle` (or `lean.Handle`) to package main.",
    ),
    // -buildmode=c-shared requires exactly one main package
    (
        &["requires exactly one main package"],
        Some(Code::HandlerMissing),
        "The component's folder must hold `package main`, with `func main()` that calls `isospin.Handle`.",
    ),
    (
        &["build constraints exclude all Go files"],
        Some(Code::NeedsSystem),
        "A package has no files for WebAssembly (GOOS=wasip1): it may need cgo or an operating system.",
    ),
    // isospin: main has returned without calling Handle
    (
        &["main has returned without calling Handle"],
        Some(Code::HandlerMissing),
        "Call `isospin.Handle` (or `lean.Handle`) in `main` or in an `init` function.",
    ),
    // main.go:7:27: cannot use "handler" (untyped string constant) as lean.Handler value ...
    (
        &["cannot use ", ".Handler value in argument to "],
        Some(Code::HandlerShape),
        "`isospin.Handle` takes an `http.Handler` (`http.HandlerFunc(...)` makes one of a function), \
         `lean.Handle` a function of a `*lean.Request` and a `*lean.Response`.",
    ),
    // isospin: ... no request can be sent there
    (
        &["no request can be sent there"],
        Some(Code::StartCallsOut),
        "`main` and `init` run once, when the component is built: move the call into the handler.",
    ),
    (
        &["invalid UTF-8 encoding"],
        Some(Code::SourceEncoding),
        "Go sources are UTF-8: save the file in that encoding.",
    ),
];

pub fn explain(printed: &str) -> Option<Advice> {
    first(ROWS, printed)
}
