//! Edits of sources: swapped in, held back while they are broken.

use std::io::{BufRead, BufReader, Write};
use std::time::Duration;

use libtest_mimic::Trial;

use super::developing::{Developing, connect, folder, handler, write};
use crate::needs;

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "dev: another program's output that is included is followed", output_followed),
        needs(
            "c",
            "dev: an edit is swapped in, and a request in flight ends in the old code",
            swap,
        ),
        needs("c", "dev: no request is lost while code is swapped", no_request_is_lost),
        needs("c", "dev: only what an edit concerns is built", only_what_changed),
        needs(
            "c",
            "dev: a broken edit leaves the last good build, and is shown in browsers",
            broken,
        ),
        needs("c", "dev: without a good build everybody is told why", never_built),
        needs("c", "dev: of fifty saves in a second few are built, and the last is", fifty_saves),
        needs("c", "dev: what editors do while they save is one edit", editors),
        needs("c", "dev: a component's folder may go and return", folder_returns),
    ]
}

const ONE: &str = "[app]\nname = \"x\"\n\n[component.subject]\npath = \".\"\nroute = \"/...\"\n";

const TWO: &str = "[app]\nname = \"two\"\n\n[component.a]\nroute = \"/a\"\n\n[component.b]\n";

fn swap() {
    let folder = folder(&[("isospin.toml", ONE), ("handler.c", &handler("old"))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/", 200, "old");
    let mut stream = connect(dev.address);
    stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    let mut answer = BufReader::new(stream.try_clone().unwrap());
    let mut next = |wanted: &str| {
        let mut line = String::new();
        while !line.contains(wanted) {
            line.clear();
            assert!(answer.read_line(&mut line).unwrap() > 0, "it ended before {wanted:?}");
        }
        line
    };
    assert_eq!(next("old"), "old\n");
    let mark = dev.mark();
    write(folder.path(), "handler.c", &handler("new"));
    dev.swapped(mark, "subject");
    assert_eq!(dev.get("/").status, 200);
    assert!(dev.get("/").body.contains("new"));
    stream.write_all(b"5\r\npiece\r\n").unwrap();
    assert_eq!(next("piece"), "old piece\n");
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert_eq!(next("0\r\n"), "0\r\n");
}

fn no_request_is_lost() {
    let folder = folder(&[("isospin.toml", ONE), ("handler.c", &handler("version 0."))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/", 200, "version 0.");
    std::thread::scope(|scope| {
        let editing = scope.spawn(|| {
            for version in 1..=4 {
                let mark = dev.mark();
                write(folder.path(), "handler.c", &handler(&format!("version {version}.")));
                dev.swapped(mark, "subject");
                dev.answers("/", 200, &format!("version {version}."));
            }
        });
        let mut asked = 0;
        while !editing.is_finished() {
            let answer = dev.get("/");
            assert_eq!(answer.status, 200, "{answer:?}");
            asked += 1;
        }
        editing.join().unwrap();
        assert!(asked > 8, "only {asked} requests were made");
    });
}

fn only_what_changed() {
    let folder = folder(&[
        ("isospin.toml", TWO),
        ("a/handler.c", &handler("one")),
        ("b/handler.c", &handler("two")),
    ]);
    let manifest = format!("{TWO}route = \"/b\"\n");
    write(folder.path(), "isospin.toml", &manifest);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/a", 200, "one");
    dev.answers("/b", 200, "two");
    let (stages, mark) = (dev.count("stage", "b"), dev.mark());
    write(folder.path(), "a/handler.c", &handler("three"));
    dev.swapped(mark, "a");
    assert!(dev.get("/a").body.contains("three"));
    // A file that is no source, and one that another build wrote.
    write(folder.path(), "a/.hidden", "x");
    write(folder.path(), "a/dist/other.c", "x");
    let mark = dev.mark();
    write(folder.path(), "a/handler.c", &handler("four"));
    dev.swapped(mark, "a");
    assert_eq!(dev.count("stage", "b"), stages, "the other was built too");
    assert_eq!(dev.count("swapped", "a"), 3);
}

fn broken() {
    let folder = folder(&[("isospin.toml", ONE), ("handler.c", &handler("good"))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/", 200, "good");
    let mark = dev.mark();
    write(folder.path(), "handler.c", "#include <isospin.h>\nint <script>alert(1)</script>;\n");
    let error = dev.failed(mark, "subject");
    assert_eq!(error["code"], "E0301");
    assert!(error["output"].as_str().unwrap().contains("handler.c:2:5"), "{error}");
    dev.answers("/", 200, "good");
    let page = dev.open("/");
    assert_eq!(page.status, 500);
    assert!(page.head.contains("content-type: text/html"), "{}", page.head);
    assert!(page.body.contains("handler.c:2:5"), "{}", page.body);
    assert!(page.body.contains("&lt;script&gt;alert"), "{}", page.body);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert_eq!(dev.component("subject")["state"], "stale");
    assert!(dev.component("subject")["error"]["text"].as_str().unwrap().contains("handler.c:2:5"));
    let mark = dev.mark();
    write(folder.path(), "handler.c", &handler("better"));
    dev.swapped(mark, "subject");
    assert!(dev.open("/").body.contains("better"));
    assert_eq!(dev.component("subject")["state"], "ready");
    assert!(dev.component("subject")["error"].is_null());
    // A broken edit that is taken back: what answers is what it was.
    let mark = dev.mark();
    write(folder.path(), "handler.c", "nonsense");
    dev.failed(mark, "subject");
    let mark = dev.mark();
    write(folder.path(), "handler.c", &handler("better"));
    dev.expect_after(mark, "it is built again", |event| event["event"] == "built");
    dev.expect_after(mark, "it is told to be mended", |event| {
        event["event"] == "note" && event["text"].as_str().unwrap().contains("it is mended")
    });
    dev.answers("/", 200, "better");
    assert_eq!(dev.open("/").status, 200);
}

fn never_built() {
    let folder = folder(&[("handler.c", "int nonsense\n")]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/", 500, "handler.c:1");
    let plain = dev.get("/");
    assert!(plain.head.contains("content-type: text/plain"), "{}", plain.head);
    assert!(!plain.body.contains("<h1>") && !plain.body.contains('\x1b'), "{}", plain.body);
    assert!(dev.open("/").body.contains("<h1>"));
    write(folder.path(), "handler.c", &handler("good"));
    dev.answers("/", 200, "good");
    assert_eq!(dev.open("/").status, 200);
}

fn fifty_saves() {
    let folder = folder(&[("handler.c", &handler("first"))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/", 200, "first");
    let name = dev.state()["components"][0]["name"].as_str().unwrap().to_owned();
    let before = dev.count("built", &name);
    for save in 1..=50 {
        write(folder.path(), "handler.c", &handler(&format!("save {save}.")));
        std::thread::sleep(Duration::from_millis(20));
    }
    dev.answers("/", 200, "save 50.");
    let builds = dev.count("built", &name) - before;
    assert!(builds <= 15, "{builds} builds of 50 saves");
}

fn editors() {
    let folder = folder(&[("handler.c", &handler("first"))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/", 200, "first");
    let path = |name: &str| folder.path().join(name);
    // As Vim does: a test file, the old text moved away, the new one in its place.
    write(folder.path(), "4913", "");
    std::fs::remove_file(path("4913")).unwrap();
    std::fs::rename(path("handler.c"), path("handler.c~")).unwrap();
    write(folder.path(), "handler.c", &handler("second"));
    std::fs::remove_file(path("handler.c~")).unwrap();
    dev.answers("/", 200, "second");
    // As others do: written beside and renamed into place.
    write(folder.path(), ".handler.c.tmp", &handler("third"));
    std::fs::rename(path(".handler.c.tmp"), path("handler.c")).unwrap();
    dev.answers("/", 200, "third");
}

fn folder_returns() {
    let manifest = "[app]\nname = \"x\"\n\n[component.subject]\nroute = \"/...\"\n";
    let folder = folder(&[("isospin.toml", manifest), ("subject/handler.c", &handler("first"))]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/", 200, "first");
    for word in ["second", "third"] {
        let mark = dev.mark();
        std::fs::remove_dir_all(folder.path().join("subject")).unwrap();
        let error = dev.failed(mark, "");
        assert!(
            error["message"].as_str().unwrap().contains("folder of component `subject`"),
            "{error}"
        );
        assert!(error["hint"].as_str().unwrap().contains("Make the folder"), "{error}");
        assert!(dev.state()["error"]["text"].as_str().unwrap().contains("subject"));
        assert_eq!(dev.get("/").status, 200, "the last good build answers");
        write(folder.path(), "subject/handler.c", &handler(word));
        dev.answers("/", 200, word);
        assert!(dev.state()["error"].is_null());
    }
    // It is watched as before.
    write(folder.path(), "subject/handler.c", &handler("fourth"));
    dev.answers("/", 200, "fourth");
}

fn output_followed() {
    let source = format!("#include \"web/dist/x.h\"\n{}", handler("one"));
    let folder = folder(&[
        ("isospin.toml", "[app]\nname = \"x\"\n\n[component.a]\nroute = \"/a\"\n"),
        ("a/handler.c", &source.replace("\"one", "X \"")),
        ("a/web/dist/x.h", "#define X \"one\"\n"),
    ]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/a", 200, "one");
    write(folder.path(), "a/web/dist/x.h", "#define X \"two\"\n");
    dev.answers("/a", 200, "two");
}
