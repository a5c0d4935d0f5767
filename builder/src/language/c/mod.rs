//! C and C++: all sources of a component, the SDK and the generated bindings in
//! one call of `zig cc`, whose own cache keeps an object for each file.

mod advice;
mod editor;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{
    Advice, Code, Compiled, Context, Cost, GeneratedFile, Language, Profile, c_bindings, c_library,
};
use crate::component::{Capability, World};
use crate::files;
use crate::process::Command;
use crate::report::{self, Error, Result};
use crate::toolchain::{Tool, ZIG};

pub struct C;

static TOOLS: &[&Tool] = &[&ZIG];

const C_SOURCES: &[&str] = &["c"];
const CPP_SOURCES: &[&str] = &["cc", "cpp", "cxx"];

/// The user's own flags, one to a line, as clangd reads them too.
const FLAGS_FILE: &str = "compile_flags.txt";

/// For editors; written by the build.
const COMMANDS_FILE: &str = "compile_commands.json";

/// A folder with programs of their own, which test the component's code.
const TESTS: &str = "tests";

const TARGET: &str = "wasm32-wasi";

/// Zig's cache of a component's own objects.
const OBJECTS: &str = "zig-cache";

/// What a release build has of the C library.
const LIBRARY: &[&str] = &["-fno-strip"];

/// At the bottom of the memory, so that an overflow traps instead of writing
/// over data. Debug code needs several times as much for the same calls.
const RELEASE_STACK: &str = "-Wl,-z,stack-size=262144";
const DEBUG_STACK: &str = "-Wl,-z,stack-size=1048576";

impl Language for C {
    fn name(&self) -> &'static str {
        "c"
    }

    fn title(&self) -> &'static str {
        "C"
    }

    fn detect(&self, dir: &Path) -> bool {
        // A C file beside a handler in another language is a part of that one.
        ["c", "cc", "cpp"].iter().any(|kind| {
            dir.join("handler").with_extension(kind).is_file()
                || dir.join("src/handler").with_extension(kind).is_file()
                || dir.join("main").with_extension(kind).is_file()
                || dir.join("src/main").with_extension(kind).is_file()
        })
    }

    fn detected_by(&self) -> &'static str {
        "handler.c, main.c, src/handler.c or src/main.c (or .cc, .cpp)"
    }

    fn tools(&self) -> &'static [&'static Tool] {
        TOOLS
    }

    /// The bindings are for the world with every capability: what a component
    /// does not call, the linker leaves out, and what it calls without having
    /// asked for it, the check of its world reports.
    fn bindings(&self, _world: &World) -> Result<Vec<GeneratedFile>> {
        c_bindings(&World::new(Capability::ALL.iter().copied()))
    }

    fn compile(&self, cx: &Context) -> Result<Compiled> {
        let sources = Sources::find(cx)?;
        let flags = user_flags(&cx.component.path)?;
        editor::write_commands(cx, &sources, &flags)?;
        if cx.profile == Profile::Release {
            c_library(cx, LIBRARY);
        }
        let output = cx.made.path().join("core.wasm");
        let command = compiler(cx)
            .args(common_flags(cx, &sources))
            .args(&flags)
            .args(["-mexec-model=reactor", "-Wl,--gc-sections", stack(cx.profile)])
            // The SDK first: what it defines in place of the C library's own
            // (`__assert_fail`) must be there before it is looked for.
            .args(&sources.sdk)
            .args(&sources.user)
            .args(sources.cpp.then_some("-lc++"))
            .arg("-o")
            .arg(&output);
        let result = command.output()?;
        if !result.status.success() {
            let printed = result.printed();
            return Err(match advice::lacks_handler(&report::without_colours(&printed)) {
                true => no_handler(cx, "no file of it defines `isospin_handle`"),
                false => cx.compile_error(printed),
            });
        }
        cx.warn(&result.stderr);
        let inputs = match flags.is_empty() && !includes_outside(cx)? {
            true => Vec::new(),
            false => outside(cx, &sources, &flags)?,
        };
        Ok(Compiled { code: Code::Module(files::read(&output)?), inputs })
    }

    fn variables(&self) -> &'static [&'static str] {
        &["CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "ZIG_LIB_DIR"]
    }

    fn write_for_editors(&self, cx: &Context) -> Result<()> {
        editor::write_commands(cx, &Sources::find(cx)?, &user_flags(&cx.component.path)?)
    }

    fn compiler_caches(&self) -> &'static [&'static str] {
        &[OBJECTS]
    }

    fn shared_caches(&self) -> Vec<PathBuf> {
        super::zig_cache().into_iter().collect()
    }

    fn cost(&self) -> Cost {
        Cost::new(240, 30)
    }

    fn explain(&self, printed: &str) -> Option<Advice> {
        advice::advice(printed)
    }

    fn ignored_folders(&self) -> &'static [&'static str] {
        &[COMMANDS_FILE, TESTS]
    }
}

/// What is compiled. Paths are relative to the component's folder, so that
/// messages are short and the same sources give the same bytes wherever they are.
struct Sources {
    user: Vec<PathBuf>,
    sdk: Vec<PathBuf>,
    /// The SDK's folder.
    folder: PathBuf,
    /// Whether there is C++ among them.
    cpp: bool,
}

impl Sources {
    fn find(cx: &Context) -> Result<Sources> {
        let component = &cx.component.path;
        let relative = |path: &Path| path.strip_prefix(component).unwrap_or(path).to_owned();
        let user: Vec<PathBuf> = cx
            .component
            .sources()?
            .iter()
            .filter(|path| has_extension(path, C_SOURCES) || has_extension(path, CPP_SOURCES))
            .map(|path| relative(path))
            .collect();
        if user.is_empty() {
            return Err(no_handler(cx, "there is no .c, .cc or .cpp file in it"));
        }
        let sdk = files::files_below(&cx.sdk)?
            .iter()
            .filter(|path| has_extension(path, C_SOURCES))
            .map(|path| relative(path))
            .collect();
        let cpp = user.iter().any(|path| has_extension(path, CPP_SOURCES));
        Ok(Sources { user, sdk, folder: relative(&cx.sdk), cpp })
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
}

fn compiler(cx: &Context) -> Command {
    Command::new(cx.toolchain.path(&ZIG))
        .arg("cc")
        .folder(&cx.component.path)
        .env("ZIG_LOCAL_CACHE_DIR", cx.scratch.join(OBJECTS))
}

/// What compiling and asking for dependencies have in common.
fn common_flags(cx: &Context, sources: &Sources) -> Vec<OsString> {
    let mut flags: Vec<OsString> = ["-target", TARGET, "-Wall", "-ffunction-sections"]
        .into_iter()
        .chain(["-fdata-sections", "-fno-exceptions", "-Wno-unused-command-line-argument"])
        .map(OsString::from)
        .collect();
    // Zig does not pass `-fcolor-diagnostics` on.
    let when = if cx.colour { "always" } else { "never" };
    flags.push(format!("-fdiagnostics-color={when}").into());
    match cx.profile {
        // The lines are for traces; the code is the same with and without them.
        Profile::Release => {
            flags.extend(["-Os", "-gline-tables-only", "-DNDEBUG"].map(OsString::from));
        }
        Profile::Debug => {
            flags.extend(["-O0".into(), "-g".into(), "-fno-sanitize=undefined".into()]);
            flags.push(prefixed("-ffile-prefix-map=", &cx.component.path, "=."));
        }
    }
    for folder in include_folders(cx, sources) {
        flags.push(prefixed("-I", &folder, ""));
    }
    flags
}

/// Relative to the component's folder.
fn include_folders(cx: &Context, sources: &Sources) -> Vec<PathBuf> {
    let mut folders = vec![sources.folder.join("include"), sources.folder.join("bindings")];
    if cx.component.path.join("include").is_dir() {
        folders.push("include".into());
    }
    folders
}

fn stack(profile: Profile) -> &'static str {
    match profile {
        Profile::Release => RELEASE_STACK,
        Profile::Debug => DEBUG_STACK,
    }
}

fn prefixed(prefix: &str, path: &Path, suffix: &str) -> OsString {
    let mut text = OsString::from(prefix);
    text.push(path);
    text.push(suffix);
    text
}

fn user_flags(folder: &Path) -> Result<Vec<String>> {
    let path = folder.join(FLAGS_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::io("read", &path, &error)),
    }
}

/// Whether a file of the component may include one that is no source: by a path that is
/// absolute, goes upwards, or leads into a folder that is left out of the sources.
fn includes_outside(cx: &Context) -> Result<bool> {
    for path in cx.component.sources()? {
        if goes_outside(&String::from_utf8_lossy(&files::read(&path)?)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn goes_outside(source: &str) -> bool {
    let directives = source.lines().filter_map(|line| line.trim_start().strip_prefix('#'));
    directives
        .map(str::trim_start)
        .filter(|line| line.starts_with("include") || line.starts_with("embed"))
        .any(|line| {
            line.contains("\"/")
                || line.contains("</")
                || line.split(['"', '<', '>', '/']).any(|part| {
                    (part.starts_with('.') && part != ".") || part == "dist" || part == TESTS
                })
        })
}

/// The files that the user's flags, or includes, led to and that are none of the
/// component's sources, nor the SDK's.
fn outside(cx: &Context, sources: &Sources, flags: &[String]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for source in &sources.user {
        let command =
            compiler(cx).args(common_flags(cx, sources)).args(flags).arg("-MM").arg(source);
        let rule = cx.ask(&command)?.stdout;
        found.extend(
            depended_on(&rule)
                .map(|path| cx.component.path.join(path))
                .filter_map(|path| path.canonicalize().ok()),
        );
    }
    found.sort();
    found.dedup();
    Ok(cx.component.besides(&cx.component.sources()?, found))
}

/// The files in a makefile's rule, "x.o: x.c \<newline> other.h".
fn depended_on(rule: &str) -> impl Iterator<Item = &str> {
    let files = rule.split_once(": ").map_or("", |(_, files)| files);
    files.split_whitespace().filter(|word| *word != "\\")
}

fn no_handler(cx: &Context, cause: &str) -> Error {
    Error::new(
        report::Code::HandlerMissing,
        format!("{}: there is no handler in it", cx.component.path.display()),
    )
    .cause(cause)
    .hint(advice::HANDLER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_that_go_outside_are_seen() {
        for outside in [
            "#include \"../x.h\"",
            "  # include <a/../../x.h>",
            "#include \"/x.h\"",
            "#embed \"web/dist/page\"",
            "#include \".made/x.h\"",
        ] {
            assert!(goes_outside(&format!("int a;\n{outside}\n")), "{outside}");
        }
        assert!(!goes_outside("#include <isospin.h>\n#include \"a/b.h\"\n// ..\nf(\"/\");\n"));
    }

    #[test]
    fn a_makefile_rule_gives_its_files() {
        let rule = "main.o: main.c ../shared/table.h \\\n  .isospin/sdk/c/include/isospin.h\n";
        let files: Vec<&str> = depended_on(rule).collect();
        assert_eq!(files, ["main.c", "../shared/table.h", ".isospin/sdk/c/include/isospin.h"]);
    }
}
