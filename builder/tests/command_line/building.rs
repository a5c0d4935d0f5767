//! What `build` and `inspect` do when all is well.

use std::time::Instant;

use libtest_mimic::Trial;
use serde_json::Value;

use super::surroundings::{
    HANDLER, Watched, artifacts, built_in, hello, isospin, stderr, stdout, succeed,
};
use super::{always, needs};

pub fn tests() -> Vec<Trial> {
    vec![
        always("help has an example for every command", help_has_examples),
        needs("c", "a folder with one handler and no manifest builds", a_handler_builds),
        needs("c", "a build that changed nothing starts no compiler", nothing_changed),
        needs("c", "an edit is built, and back again gives the same bytes", an_edit_is_built),
        needs("c", "warnings are shown, and again when nothing changed", warnings),
        needs("c", "a lost artifact is put back without a compiler", a_lost_artifact),
        needs("c", "JSON is one object per line and nothing else", json_lines),
        needs("c", "clean takes away what builds made, and nothing else", clean),
        needs("c", "two builds of one app wait for each other", two_builds),
        needs("javascript", "what is included of another program's output counts", from_output),
        needs("c", "set-up prepares a language by building in it", prepared),
        needs("c", "inspect tells world, imports and sizes", inspect_tells),
    ]
}

fn help_has_examples() {
    let folder = tempfile::tempdir().unwrap();
    let help = stdout(&succeed(folder.path(), &["help"]));
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<&str> = commands
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 3, "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let text = stdout(&succeed(folder.path(), &[command, "--help"]));
        assert!(text.contains("Example"), "`isospin {command} --help` has no example: {text}");
    }
}

fn a_handler_builds() {
    let folder = hello();
    succeed(folder.path(), &["build"]);
    let names = artifacts(folder.path());
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(names[0].ends_with(".wasm"));
}

fn nothing_changed() {
    let folder = hello();
    let zig = Watched::zig("");
    let build = || zig.isospin(folder.path()).arg("build").output().unwrap();
    assert!(build().status.success());
    let starts = zig.starts();
    assert!(starts > 0);
    let start = Instant::now();
    let output = build();
    println!("a build that changed nothing took {:?}", start.elapsed());
    assert!(stderr(&output).contains("unchanged"), "{}", stderr(&output));
    assert_eq!(zig.starts(), starts, "a tool was started");
    // A newer file with the same bytes changes nothing either.
    std::fs::write(folder.path().join("handler.c"), HANDLER).unwrap();
    build();
    assert_eq!(zig.starts(), starts, "a tool was started");
}

fn artifact(folder: &std::path::Path) -> Vec<u8> {
    std::fs::read(folder.join("dist").join(&artifacts(folder)[0])).unwrap()
}

fn an_edit_is_built() {
    let folder = hello();
    let handler = folder.path().join("handler.c");
    succeed(folder.path(), &["build"]);
    let first = artifact(folder.path());
    std::fs::write(&handler, HANDLER.replace("hello", "other")).unwrap();
    succeed(folder.path(), &["build"]);
    assert_ne!(artifact(folder.path()), first);
    std::fs::write(&handler, HANDLER).unwrap();
    succeed(folder.path(), &["build"]);
    assert_eq!(artifact(folder.path()), first);
    // A new file is an edit too.
    std::fs::write(folder.path().join("other.c"), "int other(void) { return 7; }\n").unwrap();
    let output = succeed(folder.path(), &["build"]);
    assert!(!stderr(&output).contains("unchanged"), "{}", stderr(&output));
}

fn warnings() {
    let folder = hello();
    let warns = HANDLER.replace("(void)request;", "int forgotten;");
    std::fs::write(folder.path().join("handler.c"), warns).unwrap();
    for _ in 0..2 {
        let said = stderr(&succeed(folder.path(), &["build"]));
        assert!(said.contains("handler.c:4:9: warning: unused variable 'forgotten'"), "{said}");
        assert_eq!(said.matches("forgotten'").count(), 1, "{said}");
    }
    assert_eq!(stderr(&succeed(folder.path(), &["build", "--quiet"])), "");
    let output = succeed(folder.path(), &["build", "--json"]);
    let told: Vec<Value> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["event"] == "output")
        .collect();
    assert!(told[0]["text"].as_str().unwrap().contains("forgotten"), "{told:?}");
    std::fs::write(folder.path().join("handler.c"), HANDLER).unwrap();
    assert!(!stderr(&succeed(folder.path(), &["build"])).contains("forgotten"));
}

fn a_lost_artifact() {
    let folder = hello();
    let zig = Watched::zig("");
    assert!(zig.isospin(folder.path()).arg("build").output().unwrap().status.success());
    let first = artifact(folder.path());
    let starts = zig.starts();
    std::fs::remove_dir_all(folder.path().join("dist")).unwrap();
    assert!(zig.isospin(folder.path()).arg("build").output().unwrap().status.success());
    assert_eq!(artifact(folder.path()), first);
    assert_eq!(zig.starts(), starts);
}

fn json_lines() {
    let folder = hello();
    let output = succeed(folder.path(), &["build", "--json"]);
    let objects: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = objects.last().unwrap();
    assert_eq!(last["event"], "built");
    assert!(last["size"].as_u64().unwrap() > 1000);
    assert_eq!(last["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(stderr(&output), "");
}

fn clean() {
    let folder = hello();
    succeed(folder.path(), &["build"]);
    let first = artifact(folder.path());
    let clean = || stdout(&succeed(folder.path(), &["clean", "--json"]));
    let told: Value = serde_json::from_str(&clean()).unwrap();
    assert!(told["size"].as_u64().unwrap() > first.len() as u64, "{told}");
    assert!(!folder.path().join("dist").exists());
    assert!(!folder.path().join(".isospin/build").exists());
    assert!(folder.path().join(".isospin/sdk/c/include/isospin.h").is_file());
    // There is nothing left, and then all as before.
    assert!(clean().contains("\"size\":0"));
    std::fs::create_dir(folder.path().join("dist")).unwrap();
    std::fs::write(folder.path().join("dist/mine"), "mine").unwrap();
    let output = succeed(folder.path(), &["build"]);
    assert!(!stderr(&output).contains("unchanged"), "{}", stderr(&output));
    clean();
    assert_eq!(artifacts(folder.path()), ["mine"]);
}

fn two_builds() {
    let folder = hello();
    let zig = Watched::zig("sleep 0.3");
    let children: Vec<_> = (0..2)
        .map(|_| {
            let mut command = zig.isospin(folder.path());
            command.args(["build", "--json"]).stdout(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    let said: Vec<String> = children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success());
            stdout(&output)
        })
        .collect();
    let built = |unchanged: &str| said.iter().filter(|text| text.contains(unchanged)).count();
    assert_eq!(built("\"unchanged\":false"), 1, "{said:?}");
    assert_eq!(built("\"unchanged\":true"), 1, "{said:?}");
    assert_eq!(built("waiting for another build"), 1, "{said:?}");
}

/// An app is built, and nothing is left of it; the second time nothing is done.
fn prepared() {
    let folder = tempfile::tempdir().unwrap();
    let temporary = folder.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let zig = Watched::zig("");
    let setup = |arguments: &[&str]| {
        let mut command = zig.isospin(folder.path());
        command.args(["setup", "c"]).args(arguments).env("TMPDIR", &temporary);
        let output = command.env("ISOSPIN_HOME", folder.path().join("home")).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
        stderr(&output)
    };
    let compilers = || zig.starts_with("cc ");
    let said = setup(&["--no-prepare"]);
    assert!(said.ends_with("the tool is there: nothing to do\n"), "{said}");
    assert_eq!(compilers(), 0);
    let said = setup(&[]);
    assert!(said.contains("c: compiles what first builds need ...\nc: prepared in "), "{said}");
    assert!(said.contains("the tool is there, the language is prepared, after "), "{said}");
    let started = compilers();
    assert!(started > 0, "no compiler was started");
    let again = Instant::now();
    let said = setup(&[]);
    println!("a set-up that had nothing to do took {:?}", again.elapsed());
    assert_eq!(said, "the tool is there, the language is prepared: nothing to do\n");
    assert_eq!(compilers(), started, "a compiler was started");
    // Zig's own cache may be emptied, or be another one.
    let doctor = |caches: Option<&std::path::Path>| {
        let mut command = zig.isospin(folder.path());
        command.args(["doctor", "c"]).env("ISOSPIN_HOME", folder.path().join("home"));
        command.envs(caches.map(|caches| ("ZIG_GLOBAL_CACHE_DIR", caches)));
        stdout(&command.output().unwrap())
    };
    let said = doctor(None);
    assert!(said.ends_with("\n\nprepared: c\n"), "{said}");
    let said = doctor(Some(folder.path()));
    assert!(said.contains("\n\nnot prepared: c ("), "{said}");
    // Another tool is another matter.
    std::fs::copy(zig.path(), folder.path().join("zig")).unwrap();
    let output = isospin(folder.path())
        .args(["setup", "c"])
        .env("ISOSPIN_ZIG", folder.path().join("zig"))
        .env("ISOSPIN_HOME", folder.path().join("home"))
        .output()
        .unwrap();
    assert!(stderr(&output).contains("c: prepared in "), "{}", stderr(&output));
}

/// What another program has put into a folder `dist` is no source; what is included or
/// imported from there counts all the same.
fn from_output() {
    const C: &str = "#include <isospin.h>\n#include \"web/dist/x.h\"\nvoid isospin_handle(isospin_request *request, isospin_response *response) { (void)request; isospin_respond_text(response, 200, X); }\n";
    const SCRIPT: &str = "import { x } from \"./web/dist/x.js\";\nexport default { fetch() { return new Response(x); } };\n";
    const ZIG: &str = "const isospin = @import(\"isospin\");\npub fn handle(_: *isospin.Request, response: *isospin.Response) !void {\n    try response.writer().writeAll(@embedFile(\"web/dist/x\"));\n}\n";
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "isospin.toml",
        "[app]\nname = \"x\"\n[component.c]\nroute = \"/c\"\n[component.js]\nroute = \"/js\"\n[component.zig]\nroute = \"/zig\"\n",
    );
    write("c/handler.c", C);
    write("js/handler.js", SCRIPT);
    write("zig/src/main.zig", ZIG);
    for text in ["the first page", "the second page"] {
        write("c/web/dist/x.h", &format!("#define X \"{text}\"\n"));
        write("zig/src/web/dist/x", text);
        write("js/web/dist/x.js", &format!("export const x = \"{text}\";\n"));
        let output = isospin(folder.path()).arg("build").output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        for name in ["c", "js", "zig"] {
            let artifact = std::fs::read(folder.path().join(format!("dist/{name}.wasm"))).unwrap();
            let found = artifact.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(found, "{text:?} is not in {name}");
        }
    }
}

fn inspect_tells() {
    let folder = hello();
    let file = built_in(folder.path());
    let output = isospin(folder.path()).args(["inspect", "--json"]).arg(file).output().unwrap();
    let found: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(found["kind"], "component");
    assert_eq!(found["world"]["Ok"], serde_json::json!([]), "{found}");
    let exports = found["exports"].as_array().unwrap();
    assert!(exports.iter().any(|export| export["name"] == "wasi:http/incoming-handler"));
    assert!(found["initial_memory"].as_u64().unwrap() > 0);
}
