//! What a build shows on a terminal.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;

use super::needs_if;
use super::surroundings::{HANDLER, Watched};

pub fn tests() -> Vec<Trial> {
    let found = which::which("python3").is_ok()
        && isospin_builder::language::find("c")
            .is_some_and(|language| isospin_builder::toolchain::resolve(language).is_ok());
    let missing = "Python and the tools of C are not here";
    vec![
        needs_if(found, missing, "c", "a terminal of 20 columns shows names and stages", narrow),
        needs_if(found, missing, "c", "what tools print of a component stays together", grouped),
    ]
}

/// Runs the program on a terminal of its own with so many columns.
const TERMINAL: &str = r#"
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 10, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    sys.stdout.buffer.write(piece)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

fn app(components: usize, source: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = "[app]\nname = \"many\"\n".to_owned();
    for number in 0..components {
        let name = format!("a-long-name-{number}");
        std::fs::create_dir(folder.path().join(&name)).unwrap();
        std::fs::write(folder.path().join(&name).join("handler.c"), source).unwrap();
        manifest.push_str(&format!("[component.{name}]\nroute = \"/{number}\"\n"));
    }
    std::fs::write(folder.path().join("isospin.toml"), manifest).unwrap();
    folder
}

/// The rows that the program draws, each as it is before something is drawn over it.
fn drawn(folder: &Path, columns: usize) -> Vec<String> {
    let zig = Watched::zig("sleep 0.3");
    let output = Command::new("python3")
        .args(["-c", TERMINAL, &columns.to_string(), env!("CARGO_BIN_EXE_isospin")])
        .args(["build", "--jobs", "3"])
        .current_dir(folder)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env("ISOSPIN_ZIG", zig.path())
        .env("ISOSPIN_BUILD_CACHE_LIMIT", "0")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let lines = text.split(['\r', '\n']);
    // A line that fills its row goes on in the next.
    let rows = |line: &str| {
        let shown: Vec<char> = anstream::adapter::strip_str(line).to_string().chars().collect();
        shown.chunks(columns).map(|row| row.iter().collect()).collect::<Vec<String>>()
    };
    lines.flat_map(rows).collect()
}

fn narrow() {
    let folder = app(6, HANDLER);
    let lines = drawn(folder.path(), 20);
    // The start of the name and the whole stage stand in one row.
    let stages = ["compile", "componentize", "check"];
    let told = |line: &&String| {
        let name = line.contains("a-lo") || line.contains("a-l\u{2026}");
        name && stages.iter().any(|stage| line.contains(&format!(": {stage}")))
    };
    assert!(lines.iter().filter(told).count() >= 6, "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("of 6 done")), "{lines:?}");
    // Where there is room the name is whole.
    std::fs::remove_dir_all(folder.path().join(".isospin")).unwrap();
    let lines = drawn(folder.path(), 80);
    assert!(lines.iter().any(|line| line.contains("a-long-name-3: compile")), "{lines:?}");
}

/// On a pipe too.
fn grouped() {
    let source = HANDLER.replace("(void)request;", "int first; int second; int third;");
    let folder = app(6, &source);
    let output = super::surroundings::succeed(folder.path(), &["build", "--jobs", "6"]);
    let said = super::surroundings::stderr(&output);
    let of = |line: &str| {
        let start = line.find("a-long-name-")?;
        line[start..].get(..13).map(str::to_owned)
    };
    // Each component's warnings follow the line that names it.
    let begins: Vec<String> =
        said.lines().filter(|line| line.ends_with(':')).filter_map(of).collect();
    assert_eq!(begins.len(), 6, "{said}");
    for part in said.split("a-long-name-").filter(|part| part.contains(":\n")) {
        assert_eq!(part.matches("warning: unused variable").count(), 3, "{part}");
    }
}
