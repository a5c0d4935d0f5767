//! The dashboard and the page of a failure in a real browser.
//!
//! Chromium is used if it is on `PATH`, as `chromium`; the tests are shown as
//! ignored without it. `ISOSPIN_SCREENSHOTS=DIR` keeps what it drew, to be looked at.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;

use super::developing::{Developing, folder, handler, write};
use crate::needs;

pub fn tests() -> Vec<Trial> {
    let test = needs("c", "dev: a browser draws dashboard and failure", drawn);
    let found = which::which("chromium").is_ok();
    vec![if found { test } else { test.with_ignored_flag(true) }]
}

const MANIFEST: &str = "[app]\nname = \"drawn\"\n\n[component.a]\nroute = \"/a/...\"\n\n[component.b]\nroute = \"/b\"\n";

fn drawn() {
    // What a component writes is text, not markup.
    let hostile = handler("good").replace("asked for", "<img src=x onerror=alert(1)>");
    let folder = folder(&[
        ("isospin.toml", MANIFEST),
        ("a/handler.c", &hostile),
        ("b/handler.c", "int <script>alert(1)</script>;\n"),
    ]);
    let dev = Developing::start(folder.path(), &[]);
    dev.answers("/a", 200, "good");
    dev.failed(0, "b");
    for round in 0..20 {
        dev.get(&format!("/a/{round}?{{quoted'}}"));
        dev.get("/b");
    }
    dev.get("/nowhere");
    write(folder.path(), "a/other.c", "int other(void) { return 1; }\n");
    dev.expect("the requests are over", |event| event["target"] == "/nowhere");
    let place = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("ISOSPIN_SCREENSHOTS").map(PathBuf::from);
    let pictures = kept.as_deref().unwrap_or(place.path());
    let url = format!("http://{}/", dev.dashboard);
    for (name, flags) in [
        ("dashboard", &["--window-size=1280,1200"][..]),
        ("dashboard-dark", &["--window-size=1280,1200", "--blink-settings=preferredColorScheme=0"]),
        ("dashboard-narrow", &["--window-size=500,1400"]),
    ] {
        let page = draw(&url, &pictures.join(format!("{name}.png")), flags);
        assert!(page.contains("drawn: isospin dev"), "{page}");
        assert!(page.contains("data-component=\"a\"") && page.contains("data-component=\"b\""));
        assert!(page.contains("&lt;img src=x"), "a line of the log is not shown: {page}");
        assert!(!page.contains("<img"), "it became markup: {page}");
        assert!(page.contains("&lt;script&gt;alert(1)"), "the failure is not shown: {page}");
        assert!(page.contains(">cold<"), "{page}");
    }
    let page = draw(
        &format!("http://{}/b", dev.address),
        &pictures.join("failure.png"),
        &["--window-size=1000,700"],
    );
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
}

/// Has Chromium draw a page into a file when it is loaded; gives the page as it
/// was then.
fn draw(url: &str, picture: &Path, flags: &[&str]) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("timeout")
        .args(["60", "chromium", "--headless", "--no-sandbox", "--disable-gpu"])
        .args(["--hide-scrollbars", "--timeout=3000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--screenshot={}", picture.display()))
        .args(flags)
        .arg(url)
        .output()
        .unwrap();
    assert!(picture.is_file(), "nothing was drawn: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
