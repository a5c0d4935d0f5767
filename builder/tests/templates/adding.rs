//! `isospin add`: the manifest is edited as a person would, or not at all.

use libtest_mimic::Trial;

use super::always;
use super::support::{fail, isospin, names, read, succeed, tree, write};

pub fn tests() -> Vec<Trial> {
    vec![
        always("add keeps what a person wrote into the manifest", keeps_the_manifest),
        always("add works below the app's folder, and with a route", below_and_routed),
        always("add keeps the form of the manifest's tables", keeps_the_form),
        always("add changes nothing where something is wrong", changes_nothing),
        always("add gives a template's own keys to the component", keys),
        always("add without an app says how to begin one", no_app),
    ]
}

const MANIFEST: &str = r#"# My app.

[app]   # with a comment
name    = "shop"

# The first one.
[component.front]
language = 'c'   # quoted so
"#;

fn shop(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "isospin.toml", manifest);
    write(folder.path(), "front/handler.c", "");
    folder
}

fn keeps_the_manifest() {
    let folder = shop(MANIFEST);
    succeed(folder.path(), &["add", "go", "orders"]);
    let added = "route = \"/...\"\n\n[component.orders]\nroute = \"/orders/...\"\n";
    assert_eq!(read(folder.path(), "isospin.toml"), format!("{MANIFEST}{added}"));
    assert!(folder.path().join("orders/main.go").is_file());
    assert!(folder.path().join("orders/.isospin/sdk/go/go.mod").is_file());
    assert_eq!(names(folder.path()), ["front", "isospin.toml", "orders"]);

    let windows = MANIFEST.replace('\n', "\r\n");
    let folder = shop(&windows);
    succeed(folder.path(), &["add", "go", "orders"]);
    let added = added.replace('\n', "\r\n");
    assert_eq!(read(folder.path(), "isospin.toml"), format!("{windows}{added}"));
}

fn below_and_routed() {
    let folder = shop(MANIFEST);
    let front = folder.path().join("front");
    succeed(&front, &["add", "python", "tools", "--template", "api", "--route", "/a/b/..."]);
    assert!(
        read(folder.path(), "isospin.toml").contains("[component.tools]\nroute = \"/a/b/...\"")
    );
    assert!(read(folder.path(), "tools/handler.py").contains("\"/a/b/greetings\""));
    let output = isospin(folder.path()).args(["add", "zig", "z", "--json"]).output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["event"], "created");
    assert_eq!(told["languages"], serde_json::json!(["zig"]));
}

fn keeps_the_form() {
    let inline = "app = { name = \"shop\" }\ncomponent = { front = { route = \"/f\" } }\n";
    let folder = shop(inline);
    succeed(folder.path(), &["add", "c", "orders"]);
    let edited = read(folder.path(), "isospin.toml");
    assert!(edited.starts_with("app = { name = \"shop\" }\ncomponent = { front = "), "{edited}");
    assert!(edited.contains("orders = { route = \"/orders/...\" }"), "{edited}");

    let dotted = "app.name = \"shop\"\ncomponent.front.route = \"/f\"\n";
    let folder = shop(dotted);
    succeed(folder.path(), &["add", "c", "orders"]);
    let edited = read(folder.path(), "isospin.toml");
    assert!(edited.contains("component.front.route = \"/f\""), "{edited}");
}

fn changes_nothing() {
    let folder = shop(MANIFEST);
    write(folder.path(), "taken/file", "mine");
    let before = tree(folder.path());
    for (arguments, exit, code) in [
        (&["go", "front"][..], 1, "E0122"),
        (&["go", "taken"], 1, "E0708"),
        (&["go", "Orders"], 2, "E0801"),
        (&["go", "../orders"], 2, "E0801"),
        (&["go", ".."], 2, "E0801"),
        (&["go", "orders", "--route", "orders"], 2, "E0801"),
        (&["go", "orders", "--route", "/..."], 1, "E0116"),
        (&["go", "orders", "--template", "nothing"], 2, "E0801"),
        (&["go", "orders", "--template", "./missing"], 1, "E0705"),
    ] {
        fail(folder.path(), &[&["add"][..], arguments].concat(), exit, code);
        assert_eq!(tree(folder.path()), before, "{arguments:?}");
        assert_eq!(names(folder.path()), ["front", "isospin.toml", "taken"], "{arguments:?}");
    }
    assert_eq!(
        isospin(folder.path()).args(["add", "cobol", "x"]).status().unwrap().code(),
        Some(2)
    );
    let wrong = shop("[app]\nname = 7\n");
    fail(wrong.path(), &["add", "go", "orders"], 1, "E0108");
    assert_eq!(names(wrong.path()), ["front", "isospin.toml"]);
}

fn keys() {
    let folder = shop(MANIFEST);
    succeed(folder.path(), &["add", "go", "gate", "--template", "proxy"]);
    let edited = read(folder.path(), "isospin.toml");
    let table = edited.split("[component.gate]\n").nth(1).unwrap();
    let wanted = "route = \"/gate/...\"\nenvironment = { UPSTREAM = \"http://127.0.0.1:9000\" }\noutbound = [\"http://127.0.0.1:9000\"]\n";
    assert_eq!(table, wanted);
}

fn no_app() {
    let folder = tempfile::tempdir().unwrap();
    let said = fail(folder.path(), &["add", "go", "orders"], 1, "E0102");
    assert!(said.contains("isospin new"), "{said}");
}
