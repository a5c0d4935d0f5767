//! Published routers, and builds that are alike.

use crate::support::{apps, artifact, build, copy, expect_success, serve};
use crate::{Test, test};

pub fn tests() -> Vec<Test> {
    vec![test("published routers run unmodified and builds are alike", routers)]
}

fn routers() {
    let folder = tempfile::tempdir().unwrap();
    copy(&apps(), folder.path());
    expect_success(&build(folder.path()).output().unwrap());
    let dist = folder.path().join("dist");

    let chi = serve(&dist.join("chi.wasm"));
    let answer = chi.request("GET", "/hello/ann", "");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello ann\n"), "{answer}");
    let answer = chi.request("POST", "/items", "posted");
    assert!(answer.starts_with("HTTP/1.1 201 ") && answer.ends_with("posted"), "{answer}");
    let mux = serve(&dist.join("mux.wasm"));
    let answer = mux.request("GET", "/hello/ann", "");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello ann\n"), "{answer}");
    let answer = mux.request("POST", "/hello/ann", "");
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");

    let first = std::fs::read(dist.join("lean.wasm")).unwrap();
    assert!(first.len() <= 3_000_000, "the lean hello has {} bytes", first.len());
    let elsewhere = tempfile::tempdir().unwrap();
    copy(&apps().join("lean"), elsewhere.path());
    expect_success(&build(elsewhere.path()).output().unwrap());
    let second = std::fs::read(artifact(elsewhere.path())).unwrap();
    assert!(first == second, "the same sources gave other bytes in another folder");
}
