//! The built site: every link leads somewhere, and every language has its page.

#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};
use isospin_builder::language::LANGUAGES;

/// What a page can be pointed at by, and what it points to.
#[derive(Debug, Default)]
struct Page {
    anchors: BTreeSet<String>,
    links: Vec<String>,
    title: bool,
    /// Pictures without words for who cannot see them.
    nameless: usize,
}

#[derive(Default)]
struct Reader(RefCell<Page>);

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && tag.kind == TagKind::StartTag
        {
            self.0.borrow_mut().take(&tag);
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn read(html: &str) -> Page {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        let tokenizer = Tokenizer::new(Reader::default(), Default::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    fn take(&mut self, tag: &Tag) {
        let name = &*tag.name;
        self.title |= name == "title";
        self.nameless +=
            usize::from(name == "img" && !tag.attrs.iter().any(|has| &*has.name.local == "alt"));
        for attribute in &tag.attrs {
            let value = attribute.value.to_string();
            match &*attribute.name.local {
                "id" => {
                    self.anchors.insert(value);
                }
                "href" | "src" => self.links.push(value),
                _ => {}
            }
        }
    }
}

/// The files of the site by their paths, the pages read.
fn site() -> (tempfile::TempDir, BTreeMap<PathBuf, Option<Page>>) {
    let folder = tempfile::tempdir().unwrap();
    isospin_guide::build(folder.path()).unwrap();
    let mut files = BTreeMap::new();
    for path in isospin_builder::files::files_below(folder.path()).unwrap() {
        let page = (path.extension().is_some_and(|end| end == "html"))
            .then(|| Page::read(&std::fs::read_to_string(&path).unwrap()));
        files.insert(path.strip_prefix(folder.path()).unwrap().to_owned(), page);
    }
    (folder, files)
}

/// Where a link of a page leads: a file of the site, and a place in it.
fn target(page: &Path, link: &str) -> (PathBuf, Option<String>) {
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (link, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return (page.to_owned(), anchor);
    }
    let mut whole = PathBuf::new();
    for part in page.parent().unwrap().join(path).components() {
        match part {
            Component::ParentDir => assert!(whole.pop(), "{link}: it leaves the site"),
            Component::Normal(part) => whole.push(part),
            _ => {}
        }
    }
    if path.ends_with('/') || whole.as_os_str().is_empty() {
        whole.push("index.html");
    }
    (whole, anchor)
}

/// Whether a link leads out of the site, in a form that a browser can follow.
fn is_outside(link: &str) -> bool {
    let outside = link.starts_with("https://") || link.starts_with("http://");
    let host = link.split("://").nth(1).unwrap_or_default();
    assert!(!outside || (host.contains('.') && !link.contains(' ')), "{link}: it is no address");
    outside
}

#[test]
fn every_link_leads_somewhere() {
    let (_folder, files) = site();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, page) in &files {
        let Some(page) = page else { continue };
        // Its links are relative to wherever it is shown.
        if path == Path::new("404.html") {
            continue;
        }
        for link in page.links.iter().filter(|link| !is_outside(link)) {
            seen += 1;
            let (to, anchor) = target(path, link);
            match (files.get(&to), anchor) {
                (None, _) => wrong.push(format!("{}: {link}: no such file", path.display())),
                (Some(Some(to)), Some(anchor)) if !to.anchors.contains(&anchor) => {
                    wrong.push(format!("{}: {link}: no such place", path.display()));
                }
                _ => {}
            }
        }
    }
    assert!(seen > 500, "the links were not found: {seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_has_a_title_and_its_pictures_have_words() {
    let (_folder, files) = site();
    for (path, page) in &files {
        let Some(page) = page else { continue };
        let is_part = path == Path::new("toc.html");
        assert!(page.title || is_part, "{}", path.display());
        assert_eq!(page.nameless, 0, "{}", path.display());
    }
}

#[test]
fn every_language_has_its_page_in_the_contents() {
    let (folder, files) = site();
    let contents = std::fs::read_to_string(folder.path().join("toc.html")).unwrap();
    for language in LANGUAGES {
        let page = format!("handlers/{}.html", language.name());
        assert!(contents.contains(&format!("href=\"{page}\"")), "{page}");
        assert!(files.contains_key(Path::new(&page)), "{page}");
    }
}

#[test]
fn nothing_is_left_to_be_filled_in() {
    let (folder, files) = site();
    for path in files.keys().filter(|path| path.extension().is_some_and(|end| end == "html")) {
        let html = std::fs::read_to_string(folder.path().join(path)).unwrap();
        for mark in ["{{commands", "{{codes", "{{manifest", "{{languages", "{{#include", "ANCHOR"] {
            assert!(!html.contains(mark), "{}: {mark}", path.display());
        }
    }
}

/// Each page is in the contents: mdBook leaves out what is not, without a word.
#[test]
fn every_source_is_a_page() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("guide");
    let (_folder, files) = site();
    for path in isospin_builder::files::files_below(&pages).unwrap() {
        let path = path.strip_prefix(&pages).unwrap();
        if path.extension().is_none_or(|end| end != "md") || path == Path::new("SUMMARY.md") {
            continue;
        }
        let html = match path.file_stem() {
            Some(stem) if stem == "README" => path.with_file_name("index.html"),
            _ => path.with_extension("html"),
        };
        assert!(files.contains_key(&html), "{}: it is not in SUMMARY.md", path.display());
    }
}
