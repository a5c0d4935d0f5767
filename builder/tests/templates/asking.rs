//! What is missing is asked for on a terminal, and told elsewhere.

use std::process::Command;

use isospin_builder::language::LANGUAGES;
use libtest_mimic::Trial;

use super::support::{fail, isospin, names, read};
use super::{always, needs};

pub fn tests() -> Vec<Trial> {
    let missing = which::which("python3").err().map(|error| format!("python3: {error}"));
    vec![
        always("without a terminal what is missing is told", told),
        always("help lists languages", help),
        needs(missing.clone(), "on a terminal the defaults make a project", defaults),
        needs(missing.clone(), "on a terminal arrows choose", arrows),
        needs(missing.clone(), "on a terminal a name that is taken is asked for again", taken),
        needs(missing, "on a terminal Ctrl-C leaves nothing behind", broken_off),
    ]
}

fn told() {
    let folder = tempfile::tempdir().unwrap();
    let said = fail(folder.path(), &["new"], 2, "E0801");
    assert!(said.contains("name"), "{said}");
    let said = fail(folder.path(), &["new", "hello"], 2, "E0801");
    for language in LANGUAGES {
        assert!(said.contains(language.name()), "{said}");
    }
    assert!(said.contains("polyglot"), "{said}");
    let said = fail(folder.path(), &["new", "x", "--language=go", "--template=y"], 2, "E0801");
    assert!(said.contains("hello, api, proxy"), "{said}");
    fail(folder.path(), &["new", "x", "--language=go", "--template=polyglot"], 2, "E0801");
    assert!(names(folder.path()).is_empty());
}

fn help() {
    let folder = tempfile::tempdir().unwrap();
    let output = isospin(folder.path()).args(["new", "--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for language in LANGUAGES {
        assert!(text.contains(language.name()), "{text}");
    }
}

/// Runs the program on a terminal of its own: waits for each text and then types.
const TERMINAL: &str = r#"
import os, pty, sys
steps = [step.split("=>") for step in sys.argv[2:]]
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], [sys.argv[1], "new"])
shown = b""
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if steps and steps[0][0].encode() in shown:
        os.write(terminal, steps.pop(0)[1].encode().decode("unicode_escape").encode())
        shown = b""
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

/// The exit code of `isospin new` in `folder`, answered with these steps.
fn typed(folder: &std::path::Path, steps: &[&str]) -> Option<i32> {
    let mut command = Command::new("python3");
    command.args(["-c", TERMINAL, env!("CARGO_BIN_EXE_isospin")]).args(steps);
    let output = command.current_dir(folder).env("TERM", "xterm").output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    output.status.code()
}

fn defaults() {
    let folder = tempfile::tempdir().unwrap();
    let code = typed(folder.path(), &[r"Name=>\r", r"Language=>\r", r"Template=>\r"]);
    assert_eq!(code, Some(0));
    assert_eq!(names(folder.path()), ["hello"]);
    let first = LANGUAGES[0].name();
    assert!(folder.path().join("hello/.isospin/sdk").join(first).is_dir());
}

fn arrows() {
    const DOWN: &str = r"\x1b[B";
    let folder = tempfile::tempdir().unwrap();
    let steps = ["Name=>My App\\r", "would do=>\\x7f\\x7f\\x7f\\x7f\\x7f\\x7fshop\\r"];
    let language = format!("Language=>{DOWN}\\r");
    let template = format!("Template=>{DOWN}{DOWN}\\r");
    let code = typed(folder.path(), &[steps[0], steps[1], &language, &template]);
    assert_eq!(code, Some(0));
    let second = LANGUAGES[1].name();
    assert!(folder.path().join("shop/.isospin/sdk").join(second).is_dir());
    assert!(read(folder.path(), "shop/isospin.toml").contains("UPSTREAM"));
}

fn taken() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("hello/mine")).unwrap();
    // Another name is proposed; the taken one is refused before anything else is asked.
    let steps = [
        r"hello-2=>\x7f\x7f\x7f\x7f\x7f\x7f\x7fhello\r",
        r"Choose another=>\x7f\x7f\x7f\x7f\x7fother\r",
    ];
    let code = typed(folder.path(), &[steps[0], steps[1], r"Language=>\r", r"Template=>\r"]);
    assert_eq!(code, Some(0));
    assert_eq!(names(folder.path()), ["hello", "other"]);
    assert_eq!(names(&folder.path().join("hello")), ["mine"]);
}

fn broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let code = typed(folder.path(), &[r"Name=>\r", r"Language=>\x03"]);
    assert_eq!(code, Some(130));
    assert!(names(folder.path()).is_empty());
}
