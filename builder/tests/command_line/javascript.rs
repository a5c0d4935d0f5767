//! What is said when JavaScript or TypeScript is wrong.

use std::path::Path;

use libtest_mimic::Trial;
use tempfile::TempDir;

use super::needs;
use super::surroundings::{Watched, artifacts, fail, stderr, succeed};

const GOOD: &str = "export default { fetch() { return new Response(\"hello\"); } };\n";

/// The most that the smallest component may weigh.
const LARGEST_HELLO: u64 = 800_000;

pub fn tests() -> Vec<Trial> {
    let tests: [(&str, fn()); 15] = [
        ("a syntax error names file and line", syntax_error),
        ("a type error is the compiler's, with file and line", type_error),
        ("a project file without our types is told what to extend", types_not_found),
        ("a new project's handler may become TypeScript", renamed),
        ("a handler that is missing or of the wrong shape is told how it is written", no_handler),
        ("an error at the top level names the user's file and line", top_level_throw),
        ("a rejection that nobody handles fails the build", top_level_rejection),
        ("an algorithm that the code does not name is named with what to do", no_algorithm),
        ("an endless loop at the top level is ended", endless_loop),
        ("a fetch at the top level is refused", top_level_fetch),
        ("a package that is not there is named with the command", no_package),
        ("a module of Node is named", node_module),
        ("circular imports work, and what they break is named", circular_imports),
        ("what is not UTF-8 is named with its line", not_utf8),
        ("the smallest component has its size", small),
    ];
    let mut trials: Vec<Trial> =
        tests.into_iter().map(|(name, test)| needs("javascript", name, test)).collect();
    trials.push(needs("javascript", "a bundle of 20 MB builds or is refused", large_bundle));
    trials.push(needs("javascript", "what start-up prints is shown", start_up_prints));
    trials.push(needs("javascript", "components that start cold share one engine", one_engine));
    trials
}

/// A folder with these files.
fn app(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Builds an app that has `source` as its handler, which must fail with `code`.
fn refused(source: &str, code: &str) -> String {
    let folder = app(&[("handler.js", source)]);
    let said = fail(folder.path(), &["build"], 1, code);
    assert_eq!(artifacts(folder.path()), Vec::<String>::new());
    said
}

/// Of components without an engine, at once and in two apps, one makes it.
fn one_engine() {
    let home = tempfile::tempdir().unwrap();
    let zig = Watched::zig("");
    let apps: Vec<TempDir> = (0..2)
        .map(|_| {
            let app = app(&[("isospin.toml", "[app]\nname = \"two\"\n")]);
            let manifest = app.path().join("isospin.toml");
            let mut text = std::fs::read_to_string(&manifest).unwrap();
            for name in ["one", "two"] {
                std::fs::create_dir(app.path().join(name)).unwrap();
                std::fs::write(app.path().join(name).join("handler.js"), GOOD).unwrap();
                text.push_str(&format!("[component.{name}]\nroute = \"/{name}\"\n"));
            }
            std::fs::write(manifest, text).unwrap();
            app
        })
        .collect();
    // The tools are there; what Zig compiled for others stays known to it.
    let folders = isospin_builder::toolchain::Folders::of_user().unwrap();
    std::os::unix::fs::symlink(folders.tools(), home.path().join("tools")).unwrap();
    let builds: Vec<_> = apps
        .iter()
        .map(|app| {
            let mut command = zig.isospin(app.path());
            command.args(["build", "--jobs", "2"]).env("ISOSPIN_HOME", home.path());
            command.stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for build in builds {
        let output = build.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert_eq!(zig.starts_with("c++ "), 1, "the engine was made more than once");
    assert!(apps.iter().all(|app| artifacts(app.path()) == ["one.wasm", "two.wasm"]));
}

fn says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "`{part}` is not said: {said}");
    }
}

fn syntax_error() {
    let said = refused("export default {\n  fetch( {\n", "E0301");
    says(&said, &["handler.js:"]);
}

fn type_error() {
    let project = "{ \"extends\": \"./.isospin/sdk/javascript/tsconfig.json\" }";
    let good = GOOD.replace("};\n", "} satisfies Handler;\n");
    let folder = app(&[("handler.ts", &good), ("tsconfig.json", project)]);
    succeed(folder.path(), &["build"]);
    // What everybody writes to wait.
    let wait = "async fetch() { await new Promise((go) => setTimeout(go, 1));";
    let waits = good.replace("fetch() {", wait);
    assert_ne!(waits, good);
    std::fs::write(folder.path().join("handler.ts"), waits).unwrap();
    succeed(folder.path(), &["build"]);
    let before = artifacts(folder.path());
    let wrong = good.replace("\"hello\"", "1 as number");
    std::fs::write(folder.path().join("handler.ts"), wrong).unwrap();
    let said = fail(folder.path(), &["build"], 1, "E0301");
    says(&said, &["handler.ts", "TS2345"]);
    assert_eq!(artifacts(folder.path()), before);
}

fn types_not_found() {
    let project = "{ \"compilerOptions\": { \"lib\": [\"ES2024\"], \"types\": [] } }";
    let folder = app(&[("handler.ts", GOOD), ("tsconfig.json", project)]);
    let said = fail(folder.path(), &["build"], 1, "E0301");
    says(&said, &["TS2304", "./.isospin/sdk/javascript/tsconfig.json"]);
}

/// The handler of a new project becomes TypeScript by its name alone.
fn renamed() {
    let parent = tempfile::tempdir().unwrap();
    succeed(parent.path(), &["new", "hello", "--language", "javascript", "--quiet"]);
    let folder = parent.path().join("hello");
    std::fs::remove_file(folder.join("handler.js")).unwrap();
    let good = GOOD.replace("};\n", "} satisfies Handler;\n");
    std::fs::write(folder.join("handler.ts"), good).unwrap();
    succeed(&folder, &["build"]);
    // What is checked is named, and if nothing of it is there, that is told.
    let project = "{ \"include\": [\"handler.js\"] }";
    std::fs::write(folder.join("tsconfig.json"), project).unwrap();
    let said = fail(&folder, &["build"], 1, "E0301");
    says(&said, &["TS18003", "into its `include`"]);
}

fn small() {
    let folder = app(&[("handler.js", GOOD)]);
    succeed(folder.path(), &["build"]);
    let [name] = artifacts(folder.path()).try_into().unwrap();
    let size = folder.path().join("dist").join(name).metadata().unwrap().len();
    assert!(size <= LARGEST_HELLO, "{size} bytes");
}

fn no_handler() {
    for source in [
        "export const x = 1;",
        "export default 5;",
        "export default { fetch: 1 };",
        "",
        "export default null;",
    ] {
        let said = refused(source, "E0302");
        says(&said, &["export default { async fetch(request)"]);
    }
}

fn top_level_throw() {
    let folder = app(&[
        ("handler.ts", "import { start } from \"./start\";\nstart();\nexport default {};\n"),
        ("start.ts", "export function start(): void {\n  throw new Error(\"no luck\");\n}\n"),
    ]);
    let said = fail(folder.path(), &["build"], 1, "E0403");
    says(&said, &["no luck", "start.ts:2", "handler.ts:2"]);
}

fn top_level_rejection() {
    let said = refused(&format!("Promise.reject(new Error(\"unhandled\"));\n{GOOD}"), "E0403");
    says(&said, &["unhandled"]);
    assert!(!said.contains("<null>"), "{said}");
}

fn no_algorithm() {
    let source = "const name = [\"EC\", \"DSA\"].join(\"\");\n\
                  await crypto.subtle.generateKey({ name, namedCurve: \"P-256\" }, true, [\"sign\"]);\n";
    let said = refused(&format!("{source}{GOOD}"), "E0403");
    says(&said, &["NotSupportedError", "ECDSA is not in this component", "in \"ECDSA\""]);
}

fn endless_loop() {
    let said = refused(&format!("while (true) {{}}\n{GOOD}"), "E0409");
    says(&said, &["not ended after 10 s"]);
}

fn top_level_fetch() {
    let said = refused(&format!("await fetch(\"http://localhost:1/\");\n{GOOD}"), "E0403");
    says(&said, &["handler.js:1", "the network"]);
}

fn no_package() {
    let said = refused(&format!("import x from \"not-there-at-all\";\nx();\n{GOOD}"), "E0304");
    says(&said, &["handler.js:1", "npm install not-there-at-all"]);
}

fn node_module() {
    let said = refused(&format!("import fs from \"node:fs\";\nfs.x();\n{GOOD}"), "E0307");
    says(&said, &["`node:fs` is part of Node.js"]);
}

fn circular_imports() {
    let one = "import { b } from \"./b.js\";\nexport const a = () => b() + 1;\n";
    let two = "import { a } from \"./a.js\";\nexport const b = () => (a ? 1 : 2);\n";
    let handler = format!("import {{ a }} from \"./a.js\";\na();\n{GOOD}");
    let folder = app(&[("a.js", one), ("b.js", two), ("handler.js", &handler)]);
    succeed(folder.path(), &["build"]);
    let broken = "import { a } from \"./a.js\";\nexport const b = a();\n";
    std::fs::write(folder.path().join("b.js"), broken).unwrap();
    let said = fail(folder.path(), &["build"], 1, "E0403");
    says(&said, &["not a function", "b.js:2"]);
}

fn not_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("handler.js");
    std::fs::write(path, [GOOD.as_bytes(), b"// caf\xe9\n"].concat()).unwrap();
    let said = fail(folder.path(), &["build"], 1, "E0311");
    says(&said, &["handler.js:2", "UTF-8"]);
}

fn large_bundle() {
    let folder = app(&[(
        "handler.js",
        &format!("import text from \"./large.txt\";\n{}", GOOD.replace("\"hello\"", "text")),
    )]);
    std::fs::write(folder.path().join("large.txt"), "text ".repeat(4 << 20)).unwrap();
    succeed(folder.path(), &["build"]);
    assert!(size(folder.path()) > 20 << 20);
}

fn size(folder: &Path) -> u64 {
    let dist = std::fs::read_dir(folder.join("dist")).unwrap();
    dist.map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
}

fn start_up_prints() {
    let folder = app(&[("handler.js", &format!("console.log(\"from start-up\");\n{GOOD}"))]);
    says(&stderr(&succeed(folder.path(), &["build"])), &["from start-up"]);
}
