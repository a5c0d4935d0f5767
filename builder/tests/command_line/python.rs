//! What is said about Python code that cannot be built, and that the same code gives the same bytes.

use std::path::Path;

use libtest_mimic::Trial;

use super::needs;
use super::surroundings::{artifacts, fail, isospin, stderr, succeed};

const HANDLER: &str =
    "from isospin import Response\n\n\nasync def handle(request):\n    return Response('hello')\n";

/// The most that the smallest component may weigh.
const LARGEST_HELLO: usize = 12_000_000;

/// Code, the error's code, and what is said.
const WRONG: &[(&str, &str, &[&str])] = &[
    ("x = 1\ny = (\n", "E0301", &["handler.py\", line 2", "SyntaxError", "Correct the line"]),
    ("x = \"\"\"", "E0301", &["unterminated"]),
    ("x = 1\n", "E0302", &["handler.py has no handler", "async def handle(request)"]),
    ("def handle():\n    pass\n", "E0303", &["handler.py, line 1", "one argument"]),
    ("handle = 3\n", "E0303", &["cannot be called"]),
    ("def f():\n    return 1 / 0\n\n\nf()\n", "E0403", &["line 2, in f", "ZeroDivisionError"]),
    ("import nowhere.at\n", "E0304", &["No module named 'nowhere'", "requirements.txt"]),
    ("def handle(request):\n    import nowhere\n", "E0304", &["line 2", "`nowhere`"]),
    (
        "import isospin\nisospin.run(isospin.fetch('http://a'))\n",
        "E0410",
        &["line 2", "build time"],
    ),
    ("import sys\nsys.exit(3)\n", "E0403", &["line 2", "SystemExit: 3"]),
    ("import os\nos._exit(3)\n", "E0403", &["the program ended itself"]),
    ("while True:\n    pass\n", "E0409", &["not ended after 20 s"]),
    ("raise BaseException('odd')\n", "E0403", &["BaseException: odd"]),
];

pub fn tests() -> Vec<Trial> {
    vec![
        needs("python", "code that cannot be started is told in the user's terms", wrong_code),
        needs("python", "source that is not UTF-8 is an error with its place", not_utf_8),
        needs("python", "a missing interpreter is named with the variable", no_package),
        needs("python", "the same code gives the same bytes in any folder", same_bytes),
    ]
}

fn write(folder: &Path, code: impl AsRef<[u8]>) {
    std::fs::write(folder.join("handler.py"), code).unwrap();
}

fn wrong_code() {
    let folder = tempfile::tempdir().unwrap();
    for (code, error, wanted) in WRONG {
        write(folder.path(), code);
        let said = fail(folder.path(), &["build"], 1, error);
        for part in *wanted {
            assert!(said.contains(part), "{code:?} does not say {part:?}: {said}");
        }
        assert_eq!(artifacts(folder.path()), Vec::<String>::new());
    }
}

fn not_utf_8() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), b"x = 1\ny = '\xff'\n");
    let said = fail(folder.path(), &["build"], 1, "E0311");
    let name = folder.path().join("handler.py").display().to_string();
    assert!(said.contains(&name) && said.contains("line 2"), "{said}");
}

fn no_package() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), HANDLER);
    let empty = tempfile::tempdir().unwrap();
    let output = isospin(folder.path())
        .arg("build")
        .env("ISOSPIN_COMPONENTIZE_PY", empty.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("ISOSPIN_COMPONENTIZE_PY"), "{}", stderr(&output));
}

fn same_bytes() {
    let outer = tempfile::tempdir().unwrap();
    let mut builds = Vec::new();
    for place in ["a/hello", "a/hello", "b/longer/name/hello"] {
        let folder = outer.path().join(place);
        std::fs::create_dir_all(&folder).unwrap();
        write(&folder, HANDLER);
        let _ = std::fs::remove_dir_all(folder.join(".isospin"));
        succeed(&folder, &["build"]);
        builds.push(std::fs::read(folder.join("dist/hello.wasm")).unwrap());
    }
    assert!(builds[0] == builds[1], "two builds in one folder differ");
    assert!(builds[0] == builds[2], "builds in two folders differ");
    assert!(builds[0].len() <= LARGEST_HELLO, "{} bytes", builds[0].len());
}
