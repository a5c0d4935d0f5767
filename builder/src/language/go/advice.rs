//! What to do about what Go's tools print.

/// `(what is printed, advice)`. The first that matches is given.
const ADVICE: &[(&str, &str)] = &[
    // main.go:4:8: package isospin is not in std (/usr/local/go/src/isospin)
    // main.go:4:8: no required module provides package isospin/lean; to add it: ...
    (
        "package isospin is not in std",
        "Tell go.mod where the SDK is: `go mod edit -require=isospin@v0.0.0 -replace=isospin=./.isospin/sdk/go`.",
    ),
    (
        "package isospin/",
        "Tell go.mod where the SDK is: `go mod edit -require=isospin@v0.0.0 -replace=isospin=./.isospin/sdk/go`.",
    ),
    // package broken
    //	imports broken/a from main.go
    //	imports broken/b from a.go
    //	imports broken/a from b.go: import cycle not allowed
    (
        "import cycle not allowed",
        "Move what both packages need into a third package, which imports neither.",
    ),
    // main.go:5:2: missing go.sum entry for module providing package github.com/go-chi/chi/v5
    ("missing go.sum entry", "Run `go mod tidy` in the component's folder, and keep its go.sum."),
    // main.go:5:2: no required module provides package github.com/nobody/nothing; to add it:
    //	go get github.com/nobody/nothing
    (
        "no required module provides package",
        "Add the module with the `go get` command that is shown, in the component's folder.",
    ),
    // go: updates to go.mod needed
    ("updates to go.mod needed", "Run `go mod tidy` in the component's folder."),
    // go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)
    (
        "(running go ",
        "Lower the `go` line of go.mod, or install that Go and name it with ISOSPIN_GO: \
         no other toolchain is fetched while a component is built.",
    ),
    // runtime.main_main·f: function main is undeclared in the main package
    (
        "function main is undeclared in the main package",
        "Add `func main()` with a call of `isospin.Handle` (or `lean.Handle`) to package main.",
    ),
    // -buildmode=c-shared requires exactly one main package
    (
        "requires exactly one main package",
        "The component's folder must hold `package main`, with `func main()` that calls `isospin.Handle`.",
    ),
    (
        "build constraints exclude all Go files",
        "A package has no files for WebAssembly (GOOS=wasip1): it may need cgo or an operating system.",
    ),
    // isospin: main has returned without calling Handle
    (
        "main has returned without calling Handle",
        "Call `isospin.Handle` (or `lean.Handle`) in `main` or in an `init` function.",
    ),
    ("invalid UTF-8 encoding", "Go sources are UTF-8: save the file in that encoding."),
];

pub fn explain(printed: &str) -> Option<String> {
    let (_, advice) = ADVICE.iter().find(|(text, _)| printed.contains(text))?;
    Some((*advice).to_owned())
}
