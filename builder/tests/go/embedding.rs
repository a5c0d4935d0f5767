//! What is embedded although no build takes it for a source.

use crate::support::{MODULE, app, artifact, build, expect_success};
use crate::{Test, test};

pub fn tests() -> Vec<Test> {
    vec![test("an embedded file counts wherever it lies", outside_of_the_sources)]
}

const SOURCE: &str = r#"package main

import (
	"embed"

	"isospin/lean"
)

//go:embed all:web/dist
var files embed.FS

func main() {
	lean.Handle(func(response *lean.Response, request *lean.Request) error {
		text, err := files.ReadFile("web/dist" + request.Path())
		if err == nil {
			_, err = response.Write(text)
		}
		return err
	})
}
"#;

fn outside_of_the_sources() {
    let folder = app(MODULE, SOURCE, &[("web/dist/page", "the first page")]);
    let holds = |text: &str| {
        expect_success(&build(folder.path()).output().unwrap());
        let artifact = std::fs::read(artifact(folder.path())).unwrap();
        artifact.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert!(holds("the first page"));
    std::fs::write(folder.path().join("web/dist/page"), "the second page").unwrap();
    assert!(holds("the second page"));
    std::fs::write(folder.path().join("web/dist/.hidden"), "another page").unwrap();
    assert!(holds("another page"));
}
