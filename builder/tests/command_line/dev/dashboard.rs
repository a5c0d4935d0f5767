//! The dashboard's endpoints: what they tell, as it happens, and to whom.

use std::io::{BufRead, BufReader, Write};

use libtest_mimic::Trial;
use serde_json::Value;

use super::developing::{Developing, ask, connect, folder, handler, write};
use crate::needs;

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "dev: the dashboard tells components, requests, logs and builds", told),
        needs("c", "dev: the dashboard tells what happens when it happens", live),
        needs("c", "dev: the dashboard answers its own page alone", guarded),
    ]
}

const MANIFEST: &str =
    "[app]\nname = \"shown\"\n\n[component.subject]\npath = \".\"\nroute = \"/x/...\"\n";

fn told() {
    let hostile = handler("hello").replace("asked for", "<b>'asked'</b> for");
    let folder = folder(&[("isospin.toml", MANIFEST), ("handler.c", &hostile)]);
    let dev = Developing::start(folder.path(), &["--reuse", "2"]);
    dev.answers("/x", 200, "hello");
    // Hostile texts arrive as they are: as data.
    dev.get("/x/'\"{%3Cb%3E}");
    dev.get("/nowhere");
    dev.expect("the request is over", |event| event["target"] == "/nowhere");
    let state = dev.state();
    assert_eq!(
        (&state["app"], &state["address"]),
        (&"shown".into(), &dev.address.to_string().into())
    );
    let subject = &state["components"][0];
    for (key, value) in
        [("name", "subject"), ("language", "c"), ("route", "/x/..."), ("state", "ready")]
    {
        assert_eq!(subject[key], value, "{subject:#}");
    }
    let build = &subject["builds"][0];
    let stages: Vec<&str> = build["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["stage"].as_str().unwrap())
        .collect();
    assert_eq!(stages, ["compile", "componentize", "check"]);
    assert!(
        build["milliseconds"].as_f64().unwrap() >= build["load_milliseconds"].as_f64().unwrap()
    );
    assert!(build["load_milliseconds"].as_f64().unwrap() > 0.0, "{build:#}");
    let requests = state["requests"].as_array().unwrap();
    let found =
        |target: &str| requests.iter().rfind(|request| request["target"] == target).unwrap();
    let hostile = found("/x/'\"{%3Cb%3E}");
    assert_eq!((&hostile["status"], &hostile["component"]), (&200.into(), &"subject".into()));
    assert!(hostile["cold"].is_boolean(), "{hostile}");
    assert!(hostile["milliseconds"].as_f64() >= hostile["first_milliseconds"].as_f64());
    let nowhere = found("/nowhere");
    assert_eq!((&nowhere["status"], &nowhere["cold"]), (&404.into(), &Value::Null));
    // One instance answers two, so that both kinds have been.
    dev.get("/x");
    let starts: Vec<bool> = dev.state()["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["cold"].as_bool())
        .collect();
    assert!(starts.contains(&true) && starts.contains(&false), "{starts:?}");
    let logs = state["logs"].as_array().unwrap();
    let line = logs.iter().find(|line| line["text"].as_str().unwrap().contains("<b>")).unwrap();
    assert_eq!((&line["component"], &line["origin"]), (&"subject".into(), &"error".into()));
}

/// A stream of events, after its head.
struct Events(BufReader<std::net::TcpStream>);

impl Events {
    fn listen(dev: &Developing) -> Events {
        let mut stream = connect(dev.dashboard);
        let head = format!("GET /events HTTP/1.1\r\nhost: {}\r\n\r\n", dev.dashboard);
        stream.write_all(head.as_bytes()).unwrap();
        Events(BufReader::new(stream))
    }

    /// The data of the next event of this kind.
    fn next(&mut self, kind: &str) -> Value {
        let mut last = String::new();
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended before {kind}");
            if let Some(data) = line.strip_prefix("data: ")
                && last == format!("event: {kind}\n")
            {
                return serde_json::from_str(data).unwrap();
            }
            last = line;
        }
    }
}

fn live() {
    let folder = folder(&[("isospin.toml", MANIFEST), ("handler.c", &handler("hello"))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/x", 200, "hello");
    let mut events = Events::listen(&dev);
    assert_eq!(events.next("state")["app"], "shown");
    dev.get("/x/asked");
    assert_eq!(events.next("log")["text"], "asked for /x/asked");
    assert_eq!(events.next("request")["target"], "/x/asked");
    write(folder.path(), "handler.c", "nonsense");
    let failed =
        std::iter::repeat_with(|| events.next("component")).find(|one| !one["error"].is_null());
    assert!(failed.unwrap()["error"]["text"].as_str().unwrap().contains("handler.c:1"));
    write(folder.path(), "handler.c", &handler("again"));
    let ready =
        std::iter::repeat_with(|| events.next("component")).find(|one| one["state"] == "ready");
    assert!(ready.unwrap()["error"].is_null());
}

fn guarded() {
    let folder = folder(&[("isospin.toml", MANIFEST), ("handler.c", &handler("hello"))]);
    let dev = Developing::start(folder.path(), &[]);
    let here = dev.dashboard;
    let page = ask(here, "/", &[]);
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-security-policy: default-src 'none'"), "{}", page.head);
    assert!(page.head.contains("frame-ancestors 'none'"), "{}", page.head);
    assert!(
        page.body.contains("<html lang=\"en\">") && page.body.contains("EventSource(\"/events\")")
    );
    // Nothing is loaded from elsewhere, and nothing becomes markup.
    assert!(!page.body.contains("src=\"") && !page.body.contains("innerHTML"));
    let port = here.port();
    let own = format!("localhost:{port}");
    for target in ["/", "/state.json", "/events"] {
        if target != "/events" {
            assert_eq!(ask(here, target, &[("host", &own)]).status, 200, "{target}");
        }
        for fields in [
            [("host", "evil.example"), ("accept", "*/*")],
            [("host", own.as_str()), ("origin", "http://evil.example")],
        ] {
            let answer = ask(here, target, &fields);
            assert_eq!(answer.status, 403, "{target} {fields:?}");
            assert!(!answer.body.contains("subject"), "{}", answer.body);
        }
        let answer = ask(here, target, &[("host", "evil.example")]);
        assert!(!answer.head.contains("access-control-allow"), "{}", answer.head);
    }
    assert_eq!(ask(here, "/state.json", &[("sec-fetch-site", "cross-site")]).status, 403);
    assert_eq!(ask(here, "/other", &[]).status, 404);
}
