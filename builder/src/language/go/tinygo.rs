//! TinyGo: the same SDK, chosen by `toolchain = "tinygo"` in the manifest.
//!
//! No package registry carries TinyGo, so that the tests here go as far as the
//! command that is run; what it makes is checked like every other component.
//! Nothing is started at build time: start-up is short, and what it would freeze
//! (the state of `math/rand`) TinyGo's runtime cannot be told to make fresh.

use std::ffi::OsString;

use super::{Code, Compiled, Context, Profile, go, local_inputs, tags};
use crate::files;
use crate::language::Handler;
use crate::process::Command;
use crate::report::Result;
use crate::toolchain::{Alternative, GO, TINYGO};

const NAME: &str = "tinygo";

/// TinyGo takes the standard library from a Go distribution.
pub static ALTERNATIVES: [Alternative; 1] = [Alternative { name: NAME, tools: &[&TINYGO, &GO] }];

pub fn is_asked_for(component: &Handler) -> bool {
    component.toolchain.is_some_and(|toolchain| toolchain.name == NAME)
}

pub fn compile(cx: &Context) -> Result<Compiled> {
    let module = cx.made.path().join("tinygo.wasm");
    let tags = tags(cx);
    let mut build = Command::new(cx.toolchain.path(&TINYGO))
        .folder(&cx.component.path)
        .env("PATH", search_path(cx))
        .env(
            "GOROOT",
            go(cx).args(["env", "GOROOT"]).run(crate::report::Code::ToolRun)?.stdout.trim(),
        )
        .env("GOTOOLCHAIN", "local")
        .env("GOWORK", "off")
        .env("GOFLAGS", "")
        .args(["build", "-target=wasip1", "-buildmode=c-shared", tags]);
    if cx.profile == Profile::Release {
        build = build.args(["-opt=z", "-no-debug"]);
    }
    cx.compile_with(&build.arg("-o").arg(&module).arg("."))?;
    Ok(Compiled { code: Code::Module(files::read(&module)?), inputs: local_inputs(cx, tags)? })
}

/// TinyGo runs the `go` that it finds: ours comes first.
fn search_path(cx: &Context) -> OsString {
    let mut folders: Vec<_> =
        cx.toolchain.path(&GO).parent().map(ToOwned::to_owned).into_iter().collect();
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    std::env::join_paths(folders).unwrap_or_default()
}
