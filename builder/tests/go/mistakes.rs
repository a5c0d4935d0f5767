//! What people get wrong: each is told with its place and advice, and leaves no artifact.

use std::time::{Duration, Instant};

use crate::support::{MODULE, app, build};
use crate::{Test, test};

pub fn tests() -> Vec<Test> {
    vec![
        test("what does not compile is told with its place", compile),
        test("what start-up does wrong is told with its place", start_up),
        test("a start-up without end is given up", endless),
        test("a module or handler that is not there is named", missing),
        test("a source saved while Go compiles it is not kept as what it was", saved_meanwhile),
    ]
}

const HEAD: &str = "package main\n\nimport \"isospin/lean\"\n\nvar _ = lean.Handle\n\n";

/// The build fails, says all of this, and makes nothing.
fn fails(module: &str, source: impl AsRef<[u8]>, others: &[(&str, &str)], expected: &[&str]) {
    let folder = app(module, source, others);
    let built = build(folder.path()).output().unwrap();
    let printed = String::from_utf8_lossy(&built.stderr);
    assert_eq!(built.status.code(), Some(1), "{printed}");
    for text in expected {
        assert!(printed.contains(text), "{text:?} is not in\n{printed}");
    }
    assert!(!folder.path().join("dist").exists());
}

fn compile() {
    fails(MODULE, format!("{HEAD}func main() {{ x }}\n"), &[], &["main.go:7:15: undefined: x"]);
    fails(MODULE, format!("{HEAD}func main() {{ if }}\n"), &[], &["main.go:7:18: syntax error"]);
    let wrong_type = format!("{HEAD}func main() {{ lean.Handle(\"handler\") }}\n");
    fails(MODULE, wrong_type, &[], &["main.go:7:27: cannot use \"handler\""]);
    let mut not_utf8 = format!("{HEAD}// a comment in Latin-1: ").into_bytes();
    not_utf8.extend(b"gr\xFC\xDFe\nfunc main() {}\n");
    fails(MODULE, not_utf8, &[], &["main.go:7:28: invalid UTF-8 encoding", "Go sources are UTF-8"]);
    let circle = [
        ("a/a.go", "package a\n\nimport _ \"broken/b\"\n"),
        ("b/b.go", "package b\n\nimport _ \"broken/a\"\n"),
    ];
    let source = format!("{HEAD}func main() {{}}\n")
        .replace("import \"isospin/lean\"", "import (\n\t\"isospin/lean\"\n\t_ \"broken/a\"\n)");
    let expected = ["import cycle not allowed", "imports broken/b", "Move what both packages need"];
    fails(MODULE, source, &circle, &expected);
}

fn start_up() {
    fails(MODULE, format!("{HEAD}func main() {{}}\n"), &[], &["there is no handler in it"]);
    fails(
        MODULE,
        format!("{HEAD}func main() {{ panic(\"too early\") }}\n"),
        &[],
        &["too early", "broken/main.go:7"],
    );
    fails(
        MODULE,
        format!(
            "{HEAD}var table = map[string]int{{}}\n\nfunc init() {{ panic(\"in init\") }}\n\nfunc main() {{ table[\"a\"]++ }}\n"
        ),
        &[],
        &["in init", "broken/main.go:9"],
    );
    let lean = "func main() {\n\t_, err := lean.Send(&lean.Outgoing{URL: \"http://a/\"})\n\tpanic(err)\n}\n";
    fails(MODULE, format!("{HEAD}{lean}"), &[], &["no request can be sent there"]);
    let client = "package main\n\nimport \"isospin\"\n\nfunc init() {\n\tif _, err := isospin.Get(\"http://a/\"); err != nil {\n\t\tpanic(err)\n\t}\n}\n\nfunc main() {}\n";
    fails(MODULE, client, &[], &["no request can be sent there", "broken/main.go:7"]);
}

fn endless() {
    let begun = Instant::now();
    fails(
        MODULE,
        format!("{HEAD}func init() {{\n\tfor {{\n\t}}\n}}\n\nfunc main() {{}}\n"),
        &[],
        &["10 s"],
    );
    assert!(begun.elapsed() < Duration::from_secs(100), "{:?}", begun.elapsed());
    let asleep = format!("{HEAD}func main() {{ select {{}} }}\n");
    fails(MODULE, asleep, &[], &["main.go:7"]);
}

fn missing() {
    fails(MODULE, HEAD, &[], &["Add `func main()`"]);
    let import = "package main\n\nimport _ \"example.com/nothing\"\n\nfunc main() {}\n";
    fails(MODULE, import, &[], &["example.com/nothing"]);
    let plain = "module broken\n\ngo 1.25\n";
    fails(plain, format!("{HEAD}func main() {{}}\n"), &[], &["go mod edit -require=isospin"]);
    let newer = MODULE.replace("1.25", "1.99");
    fails(&newer, format!("{HEAD}func main() {{}}\n"), &[], &["Lower the `go` line"]);
}

/// Stands for `go`, and saves another text when the component is compiled, once.
const SAVING: &str = r#"#!/bin/sh
if [ "$1" = build ]; then
  shift
  exec go build -toolexec "$0-tool" "$@"
fi
exec go "$@"
"#;

const SAVING_TOOL: &str = r#"#!/bin/sh
case "$1 $*" in
*/compile*-V=full*) ;;
*/compile*"-p main "*)
  if [ ! -e FOLDER/saved ]; then
    sed -i s/older/newer/ FOLDER/app/main.go
    touch FOLDER/saved
  fi ;;
esac
exec "$@"
"#;

fn saved_meanwhile() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("go", SAVING), ("go-tool", SAVING_TOOL)] {
        let path = folder.path().join(name);
        let text = text.replace("FOLDER", &folder.path().display().to_string());
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    // Nobody has compiled it before.
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let source = format!(
        "{HEAD}var told = []byte(\"older {now}\")\n\nfunc main() {{ lean.Handle(handle) }}\n\nfunc handle(response *lean.Response, request *lean.Request) error {{\n\t_, err := response.Write(told)\n\treturn err\n}}\n"
    );
    let path = folder.path().join("app");
    crate::support::copy(app(MODULE, &source, &[]).path(), &path);
    let holds = |text: &str| {
        let mut command = build(&path);
        command.env("ISOSPIN_GO", folder.path().join("go")).env("ISOSPIN_BUILD_CACHE_LIMIT", "0");
        crate::support::expect_success(&command.output().unwrap());
        let artifact = std::fs::read(crate::support::artifact(&path)).unwrap();
        let text = format!("{text} {now}");
        artifact.windows(text.len()).any(|window| window == text.as_bytes())
    };
    holds("older");
    assert!(folder.path().join("saved").exists(), "nothing was saved meanwhile");
    assert!(holds("newer"), "what was saved was not built");
    std::fs::write(path.join("main.go"), &source).unwrap();
    assert!(holds("older"), "the older text makes what the newer one did");
}
