//! The guide: the pages in `guide/`, and what is made of the program itself, as
//! a static site by mdBook.
//!
//! A page holds `{{commands}}`, `{{codes}}`, `{{manifest}}` or `{{languages}}` where
//! the program's own words come: [`commands`] reads the command line, [`codes`] the
//! errors, [`manifest`] the schema of `isospin.toml`, [`languages`] the table of
//! languages. So none of them is written twice.
//! [`captions`] puts a file's name above a block of code that belongs to a file.

pub mod captions;
pub mod codes;
pub mod commands;
mod escape;
pub mod languages;
pub mod manifest;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, Chapter};
use mdbook_driver::config::Config;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

/// Where `book.toml` and the pages are.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds the site into `folder`.
///
/// # Errors
/// If a page is missing or wrong, or the site cannot be written.
pub fn build(folder: &Path) -> Result<()> {
    let mut config = Config::from_disk(root().join("book.toml"))?;
    config.build.build_dir = absolute(folder)?;
    let mut book = MDBook::load_with_config(root(), config)?;
    book.with_preprocessor(Own);
    book.build()
}

fn absolute(folder: &Path) -> Result<PathBuf> {
    std::path::absolute(folder).with_context(|| format!("{}: no such place", folder.display()))
}

/// What the pages have that mdBook does not know.
struct Own;

impl Preprocessor for Own {
    fn name(&self) -> &str {
        "isospin"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let made = [
            ("{{commands}}", commands::markdown()),
            ("{{codes}}", codes::markdown()),
            ("{{manifest}}", manifest::markdown()?),
            ("{{languages}}", languages::markdown()),
        ];
        book.for_each_chapter_mut(|chapter: &mut Chapter| {
            for (mark, text) in &made {
                chapter.content = chapter.content.replace(mark, text);
            }
            chapter.content = captions::added(&chapter.content);
        });
        Ok(book)
    }
}
