//! Edits of the manifest: routes, variables, components.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use serde_json::Value;

use super::developing::{Developing, folder, handler, write};
use crate::needs;

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "dev: routes, variables and components follow the manifest", followed),
        needs("c", "dev: a broken manifest leaves all as it was", broken),
    ]
}

const MANIFEST: &str = "[app]\nname = \"x\"\n\n[component.a]\nroute = \"/a\"\n";

const GREETER: &str = r#"#include <isospin.h>

void isospin_handle(isospin_request *request, isospin_response *response) {
    isospin_respond_text(response, 200, isospin_environment(request, "GREETING"));
}
"#;

fn followed() {
    let folder = folder(&[
        ("isospin.toml", MANIFEST),
        ("a/handler.c", &handler("one")),
        ("b/handler.c", GREETER),
    ]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/a", 200, "one");
    assert_eq!(dev.get("/b").status, 404);
    let stages = dev.count("stage", "a");
    let variable = |value: &str| {
        format!("\n[component.b]\nroute = \"/b\"\nenvironment = {{ GREETING = \"{value}\" }}\n")
    };
    write(folder.path(), "isospin.toml", &format!("{MANIFEST}{}", variable("hello")));
    dev.answers("/b", 200, "hello");
    // Other values need no other component.
    let built = dev.count("stage", "b");
    write(folder.path(), "isospin.toml", &format!("{MANIFEST}{}", variable("goodbye")));
    dev.answers("/b", 200, "goodbye");
    assert_eq!((dev.count("stage", "a"), dev.count("stage", "b")), (stages, built));
    // A new component is watched.
    write(folder.path(), "b/handler.c", &GREETER.replace("200", "201"));
    dev.answers("/b", 201, "goodbye");
    write(folder.path(), "isospin.toml", &MANIFEST.replace("/a", "/other"));
    dev.answers("/other", 200, "one");
    assert_eq!((dev.get("/a").status, dev.get("/b").status), (404, 404));
    assert_eq!(dev.count("stage", "a"), stages, "a route is no reason to build");
    // It answers a moment before the dashboard knows.
    let begun = Instant::now();
    let known = |state: &Value| {
        state["components"].as_array().is_some_and(|all| all.len() == 1)
            && state["components"][0]["route"] == "/other"
    };
    while !known(&dev.state()) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:#}", dev.state());
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn broken() {
    let folder = folder(&[("isospin.toml", MANIFEST), ("a/handler.c", &handler("one"))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/a", 200, "one");
    let mark = dev.mark();
    write(folder.path(), "isospin.toml", &MANIFEST.replace("route", "rout"));
    let error = dev.failed(mark, "");
    assert_eq!((&error["code"], &error["place"]["line"]), (&"E0107".into(), &5.into()));
    assert!(dev.get("/a").body.contains("one"));
    assert_eq!(dev.state()["error"]["code"], "E0107");
    // Sources that are edited in the meantime are built when it is mended.
    write(folder.path(), "a/handler.c", &handler("two"));
    write(folder.path(), "isospin.toml", MANIFEST);
    dev.answers("/a", 200, "two");
    assert!(dev.state()["error"].is_null());
    let mark = dev.mark();
    std::fs::remove_file(folder.path().join("isospin.toml")).unwrap();
    let error = dev.failed(mark, "");
    assert!(error["message"].as_str().unwrap().contains("isospin.toml"), "{error}");
    write(folder.path(), "isospin.toml", MANIFEST);
    write(folder.path(), "a/handler.c", &handler("three"));
    dev.answers("/a", 200, "three");
}
