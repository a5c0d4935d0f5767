//! Go, through its standard toolchain, or through TinyGo ([`tinygo`]).
//!
//! `go build` makes a library for WASI preview 1, with a file of ours added to
//! package runtime ([`overlay`]). The program's `main` runs at build time, in
//! the snapshot; a request then starts where it ended. The bindings are written
//! by hand, in the SDK: those that `wit-bindgen go` generates leave the dropping
//! of resources to the collector, allocate while the host calls back, and need
//! a runtime package of their own.

mod advice;
mod overlay;
mod tinygo;

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::exports::exports;
use super::{Advice, Code, Compiled, Context, Cost, Language, Profile};
use crate::component::{Capability, Startup};
use crate::files;
use crate::process::Command;
use crate::report::{self, Error, Result};
use crate::toolchain::{Alternative, GO, Tool};

pub struct Go;

/// Keywords, the SDK, and names that the `go` command or the standard library has taken.
const RESERVED: &[&str] = &[
    "all",
    "bufio",
    "break",
    "builtin",
    "bytes",
    "case",
    "chan",
    "cmd",
    "cmp",
    "const",
    "context",
    "continue",
    "crypto",
    "database",
    "debug",
    "default",
    "defer",
    "else",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "fallthrough",
    "flag",
    "fmt",
    "for",
    "func",
    "go",
    "goto",
    "hash",
    "html",
    "if",
    "image",
    "import",
    "index",
    "interface",
    "internal",
    "io",
    "isospin",
    "iter",
    "log",
    "main",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "package",
    "path",
    "plugin",
    "range",
    "reflect",
    "regexp",
    "return",
    "runtime",
    "select",
    "slices",
    "sort",
    "std",
    "strconv",
    "strings",
    "struct",
    "structs",
    "switch",
    "sync",
    "syscall",
    "test",
    "testing",
    "text",
    "time",
    "tool",
    "type",
    "unicode",
    "unique",
    "unsafe",
    "var",
    "vendor",
    "weak",
];

impl Language for Go {
    fn name(&self) -> &'static str {
        "go"
    }

    fn title(&self) -> &'static str {
        "Go"
    }

    fn detect(&self, dir: &Path) -> bool {
        dir.join("go.mod").is_file()
    }

    fn detected_by(&self) -> &'static str {
        "go.mod"
    }

    fn tools(&self) -> &'static [&'static Tool] {
        static TOOLS: [&Tool; 1] = [&GO];
        &TOOLS
    }

    fn alternatives(&self) -> &'static [Alternative] {
        &tinygo::ALTERNATIVES
    }

    fn compile(&self, cx: &Context) -> Result<Compiled> {
        if tinygo::is_asked_for(&cx.component) {
            return tinygo::compile(cx);
        }
        if !self.detect(&cx.component.path) {
            return Err(cx.no_package(self.detected_by()).hint(
                "Make it with `go mod init` in the component's folder, or begin the component \
                 with `isospin add go NAME`.",
            ));
        }
        let overlay = overlay::write(cx)?;
        let module = cx.made.path().join("go.wasm");
        let flags = match cx.profile {
            Profile::Release => "-ldflags=-s -w -buildid=",
            Profile::Debug => "-ldflags=-buildid=",
        };
        let tags = tags(cx);
        let build = go(cx)
            .args(["build", "-trimpath", "-buildvcs=false", "-buildmode=c-shared", flags, tags])
            .arg("-overlay")
            .arg(&overlay.file)
            .env("GOROOT", &overlay.root)
            .arg("-o")
            .arg(&module)
            .arg(".");
        let output = build.output()?;
        if !output.status.success() {
            return Err(cx.compile_error(overlay.with_sources(&output.printed())));
        }
        cx.warn(&overlay.with_sources(&output.stderr));
        let startup = Startup {
            function: "isospin-prepare",
            limit: Duration::from_secs(10),
            given: Vec::new(),
            native: None,
        };
        let module = files::read(&module)?;
        if !exports(&module, |name| name == startup.function) {
            return Err(without_sdk(cx));
        }
        let code = Code::Unstarted(module, startup);
        Ok(Compiled { code, inputs: local_inputs(cx, tags)? })
    }

    fn reserved_names(&self) -> &'static [&'static str] {
        RESERVED
    }

    /// Where `go env -w` keeps its settings.
    fn surroundings(&self, _component: &Path) -> Vec<PathBuf> {
        let named = std::env::var_os("GOENV").map(PathBuf::from);
        let settings = || Some(super::settings_folder()?.join("go/env"));
        named.or_else(settings).into_iter().collect()
    }

    fn shared_caches(&self) -> Vec<PathBuf> {
        let in_settings = || {
            let mut files = self.surroundings(Path::new("")).into_iter();
            let text = files.find_map(|path| std::fs::read_to_string(path).ok())?;
            text.lines().find_map(|line| line.strip_prefix("GOCACHE=")).map(PathBuf::from)
        };
        let set = std::env::var_os("GOCACHE").filter(|path| !path.is_empty()).map(PathBuf::from);
        let usual = || Some(user_caches()?.join("go-build"));
        // `go clean -cache` removes the folders in it.
        set.or_else(in_settings).or_else(usual).map(|cache| cache.join("00")).into_iter().collect()
    }

    fn variables(&self) -> &'static [&'static str] {
        &["GOEXPERIMENT", "GOFIPS140", "GOPROXY", "GONOSUMDB", "GOPRIVATE"]
    }

    fn cost(&self) -> Cost {
        Cost::new(300, 30)
    }

    fn explain(&self, printed: &str) -> Option<Advice> {
        advice::explain(printed)
    }

    /// go: downloading github.com/go-chi/chi/v5 v5.2.3
    fn is_chatter(&self, line: &str) -> bool {
        line.starts_with("go: downloading ")
    }
}

/// Where Go looks for the folder of a user's caches.
fn user_caches() -> Option<PathBuf> {
    match cfg!(target_os = "macos") {
        true => Some(PathBuf::from(std::env::var_os("HOME")?).join("Library/Caches")),
        false => super::cache_folder(),
    }
}

/// A program that does not import the SDK compiles, and nothing in it answers.
fn without_sdk(cx: &Context) -> Error {
    let code = report::Code::HandlerMissing;
    Error::new(code, cx.headline(code))
        .cause("nothing in it imports `isospin`")
        .hint("Import `isospin`, and call `isospin.Handle` (or `lean.Handle`) in `main`.")
}

/// The tag without which the SDK does not import the environment.
fn tags(cx: &Context) -> &'static str {
    match cx.world.capabilities.contains(&Capability::Environment) {
        true => "-tags=isospin_environment",
        false => "-tags=",
    }
}

/// The `go` command in the component's folder, with what could make its
/// outcome depend on the user's settings taken away.
fn go(cx: &Context) -> Command {
    Command::new(cx.toolchain.path(&GO))
        .folder(&cx.component.path)
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .env("GOWASM", "satconv,signext")
        .env("GOTOOLCHAIN", "local")
        .env("GOWORK", "off")
        .env("GOFLAGS", "")
        .env("CGO_ENABLED", "0")
}

/// The sources of modules that `go.mod` replaces by folders elsewhere on this
/// machine, and their folders, as every file of a folder belongs to its package; and what
/// is embedded of the component's own folder without being among its sources, such as the
/// output of another program. Other modules never change, and the SDK is ours.
fn local_inputs(cx: &Context, tags: &str) -> Result<Vec<PathBuf>> {
    let text = files::read(&cx.component.path.join("go.mod"))?;
    let elsewhere = String::from_utf8_lossy(&text).lines().any(|line| {
        let target = line.split_once("=>").map(|(_, target)| target.trim());
        target.is_some_and(|target| target.starts_with('/') || target.starts_with(".."))
    });
    let sources = cx.component.sources()?;
    if !elsewhere && !sources.iter().any(|source| embeds(source)) {
        return Ok(Vec::new());
    }
    let format = "{{if and (not .Standard) .Module}}{{$d := .Dir}}\
                  {{if .Module.Replace}}{{$d}}\n{{range .GoFiles}}{{$d}}/{{.}}\n{{end}}{{end}}\
                  {{if or .Module.Replace .Module.Main}}\
                  {{range .EmbedFiles}}{{$d}}/{{.}}\n{{end}}{{end}}{{end}}";
    let list = go(cx).args(["list", "-deps", tags, "-f", format, "."]);
    let output = cx.ask(&list)?;
    let mut inputs = cx.component.besides(&sources, output.stdout.lines().map(PathBuf::from));
    // Another file may come to those that are embedded.
    let inside = inputs.iter().filter(|path| path.starts_with(&cx.component.path));
    let folders: Vec<PathBuf> = inside
        .filter_map(|path| path.parent())
        .filter(|folder| *folder != cx.component.path)
        .map(Path::to_owned)
        .collect();
    inputs.extend(folders);
    Ok(inputs)
}

/// Whether a source has files embedded.
fn embeds(source: &Path) -> bool {
    source.extension().is_some_and(|ending| ending == "go")
        && std::fs::read_to_string(source).is_ok_and(|text| text.contains("//go:embed"))
}
