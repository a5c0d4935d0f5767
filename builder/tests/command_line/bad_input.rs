//! What is said and left behind when something is wrong.

#[cfg(target_os = "linux")]
use std::process::Command;

use libtest_mimic::Trial;

use super::small_disks;
use super::surroundings::{
    HANDLER, artifacts, built_in, fail, hello, isospin, run, stderr, stdout, succeed,
};
use super::{always, needs};

pub fn tests() -> Vec<Trial> {
    vec![
        always("wrong usage ends with 2", wrong_usage),
        always("every code is listed and explained", explained),
        always("a folder without a handler says what a handler is", no_handler),
        always("what is not WebAssembly is refused by name", not_wasm),
        needs("c", "an unknown component is answered with those there are", unknown_component),
        needs("c", "a compile error is shown as the compiler prints it", compile_error),
        needs("c", "a handler without its entry is told the signature", missing_entry),
        needs("c", "a variable not asked for is refused with the way to ask", not_asked_for),
        needs("c", "a tool of another version is named with what is needed", other_version),
        needs("c", "a truncated component is refused by name", truncated),
        needs("c", "an output folder that cannot be one leaves nothing behind", no_output_folder),
        needs("c", "what a component must not import is named", foreign_import),
        #[cfg(target_os = "linux")]
        needs("c", "a terminal gets the compiler's own colours", colours),
        small_disks::trial("a full disk leaves nothing half-written", full_disk),
        small_disks::trial("a folder that cannot be written is named", unwritable),
        small_disks::trial("a home that cannot be written is no obstacle, or is named", fixed_home),
    ]
}

fn wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["buidl"][..], &["build", "--nonsense"], &[]] {
        assert_eq!(run(folder.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
}

fn explained() {
    let folder = tempfile::tempdir().unwrap();
    let list = stdout(&succeed(folder.path(), &["explain"]));
    let codes = isospin_builder::report::Code::ALL;
    for code in codes {
        assert!(list.contains(code.text()), "{} is not in {list}", code.text());
    }
    let text = stdout(&succeed(folder.path(), &["explain", "e0105"]));
    assert!(text.starts_with("E0105: ") && text.contains("## What to do"), "{text}");
    let lines = stdout(&succeed(folder.path(), &["explain", "--json"]));
    assert_eq!(lines.lines().count(), codes.len());
    for line in lines.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(value["title"].is_string() && value["text"].is_string(), "{line}");
    }
}

fn no_handler() {
    let folder = tempfile::tempdir().unwrap();
    let said = fail(folder.path(), &["build", "."], 1, "E0102");
    for language in isospin_builder::language::LANGUAGES {
        assert!(said.contains(language.title()), "{said}");
    }
}

fn not_wasm() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("text.wasm"), "not at all").unwrap();
    assert!(fail(folder.path(), &["inspect", "text.wasm"], 1, "E0404").contains("text.wasm"));
    fail(folder.path(), &["inspect", "missing.wasm"], 1, "E0705");
}

fn unknown_component() {
    let folder = hello();
    fail(folder.path(), &["build", "--component", "nobody"], 1, "E0114");
}

fn compile_error() {
    let folder = hello();
    succeed(folder.path(), &["build"]);
    let before = artifacts(folder.path());
    std::fs::write(folder.path().join("handler.c"), HANDLER.replace("response,", "respnse,"))
        .unwrap();
    let said = fail(folder.path(), &["build"], 1, "E0301");
    assert!(said.contains("handler.c:5"), "{said}");
    assert!(said.contains("respnse"), "{said}");
    assert_eq!(artifacts(folder.path()), before);
    // It is not taken for built afterwards.
    fail(folder.path(), &["build"], 1, "E0301");
}

fn missing_entry() {
    let folder = hello();
    std::fs::write(folder.path().join("handler.c"), "int nothing(void) { return 0; }\n").unwrap();
    let said = fail(folder.path(), &["build"], 1, "E03");
    assert!(said.contains("void isospin_handle("), "{said}");
    assert_eq!(artifacts(folder.path()), Vec::<String>::new());
}

fn not_asked_for() {
    let folder = hello();
    let reads = HANDLER.replace("200, \"hello\\n\"", "200, isospin_environment(request, \"HOME\")");
    std::fs::write(folder.path().join("handler.c"), reads).unwrap();
    let said = fail(folder.path(), &["build"], 1, "E0405");
    assert!(said.contains("wasi:cli/environment"), "{said}");
    assert!(said.contains("environment = {"), "{said}");
}

fn other_version() {
    use std::os::unix::fs::PermissionsExt;
    let folder = hello();
    let zig = folder.path().join("old-zig");
    std::fs::write(&zig, "#!/bin/sh\necho 0.9.1\n").unwrap();
    std::fs::set_permissions(&zig, std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = isospin(folder.path())
        .args(["build"])
        .env("ISOSPIN_ZIG", &zig)
        .env("ISOSPIN_HOME", folder.path().join("home"))
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("E0202") && said.contains("0.9.1") && said.contains("0.17"), "{said}");
}

fn truncated() {
    let folder = hello();
    let file = built_in(folder.path());
    let bytes = std::fs::read(file).unwrap();
    for length in [0, 4, 8, bytes.len() / 3, bytes.len() - 1] {
        std::fs::write(folder.path().join("cut.wasm"), &bytes[..length]).unwrap();
        let code = if length == 8 { "" } else { "E0404" };
        if length == 8 {
            // Eight bytes are a whole, empty component: valid, but it matches no world.
            succeed(folder.path(), &["inspect", "cut.wasm"]);
        } else {
            fail(folder.path(), &["inspect", "cut.wasm"], 1, code);
        }
    }
}

fn no_output_folder() {
    let folder = hello();
    std::fs::write(folder.path().join("dist"), "a file\n").unwrap();
    fail(folder.path(), &["build"], 1, "E0706");
    assert_eq!(std::fs::read_to_string(folder.path().join("dist")).unwrap(), "a file\n");
}

/// An import by hand, as a library that opens files would have it.
fn foreign_import() {
    let folder = hello();
    let import = r#"
__attribute__((import_module("wasi:filesystem/preopens@0.2.12"), import_name("get-directories")))
void directories(void *result);
"#;
    let calls = HANDLER.replace("(void)request;", "int result[2]; directories(result);");
    let (include, rest) = calls.split_once('\n').unwrap();
    std::fs::write(folder.path().join("handler.c"), format!("{include}\n{import}{rest}")).unwrap();
    let said = fail(folder.path(), &["build"], 1, "E0402");
    assert!(said.contains("wasi:filesystem/preopens@0.2.12"), "{said}");
    assert!(said.contains("A component has no files"), "{said}");
    assert_eq!(artifacts(folder.path()), Vec::<String>::new());
}

/// `script` gives the program a terminal of its own.
#[cfg(target_os = "linux")]
fn colours() {
    let folder = hello();
    let wrong = HANDLER.replace("response,", "respnse,");
    std::fs::write(folder.path().join("handler.c"), wrong).unwrap();
    let on_terminal = |no_colour: bool| {
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command"]);
        command.arg(format!("'{}' build", env!("CARGO_BIN_EXE_isospin"))).arg("/dev/null");
        command.current_dir(folder.path()).env("TERM", "xterm").env_remove("NO_COLOR");
        if no_colour {
            command.env("NO_COLOR", "1");
        }
        let output = command.output().expect("`script` is there: it is a part of util-linux");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let said = on_terminal(false);
    // The compiler's own: the heading of an error in red and bold.
    assert!(said.contains("\u{1b}[0;1;31merror"), "{said:?}");
    assert!(said.contains("respnse"), "{said:?}");
    let plain = on_terminal(true);
    assert!(plain.contains("respnse") && !plain.contains("\u{1b}[0;1;31m"), "{plain:?}");
}

fn full_disk() {
    let folder = hello();
    succeed(folder.path(), &["build"]);
    let (code, said) = small_disks::run(
        folder.path(),
        "mkdir small && mount -t tmpfs -o size=4k tmpfs small",
        "build --out small",
        "small",
    );
    assert!(code == 1 && said.contains("E0704") && said.contains("small/"), "{said}");
    assert!(said.ends_with("left:\n"), "something half-written is left: {said}");
}

fn unwritable() {
    let folder = hello();
    succeed(folder.path(), &["build"]);
    // The folder for the artifacts, and then the app's own.
    let (code, said) = small_disks::run(
        folder.path(),
        "mkdir small && mount -t tmpfs -o ro tmpfs small",
        "build --out small",
        "small",
    );
    assert!(code == 1 && said.contains("E0703") && said.contains("small/"), "{said}");
    let new = hello();
    let path = new.path().display();
    let (code, said) = small_disks::run(
        new.path(),
        &format!(
            "mount --bind '{path}' '{path}' && mount -o remount,ro,bind '{path}' && cd '{path}'"
        ),
        "build",
        ".",
    );
    assert!(code == 1 && said.contains("E0703") && said.contains(".isospin"), "{said}");
    assert!(said.ends_with("left:\nhandler.c\n"), "{said}");
}

/// What is installed there is found all the same.
fn fixed_home() {
    let folder = tempfile::tempdir().unwrap();
    let fix = "mount --bind \"$HOME\" \"$HOME\" && mount -o remount,ro,bind \"$HOME\"";
    for arguments in ["new greeter --language c", "doctor", "setup c --no-prepare"] {
        let (code, said) = small_disks::run(folder.path(), fix, arguments, ".");
        assert_eq!(code, 0, "{arguments}: {said}");
    }
    let (code, said) = small_disks::run(folder.path(), fix, "build greeter", ".");
    assert!(code == 1 && said.contains("E0703") && said.contains("XDG_CACHE_HOME"), "{said}");
    // The way out that is named works. A bind mount leaves what is mounted below it.
    let below = "export XDG_CACHE_HOME=$PWD/caches && mkdir \"$XDG_CACHE_HOME\" && \
                 mount --bind \"$HOME/.cache\" \"$XDG_CACHE_HOME\"";
    let (code, said) =
        small_disks::run(folder.path(), &format!("{below} && {fix}"), "build greeter", ".");
    assert_eq!(code, 0, "what the hint says does not help: {said}");
}
