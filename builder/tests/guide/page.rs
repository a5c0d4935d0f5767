//! A page of the guide -> what is to be done, in its order.
//!
//! | in the page | means |
//! |---|---|
//! | ```` ```sh ```` | commands that are run, and end well |
//! | ```` ```sh,fails ```` | commands of which the last fails |
//! | ```` ```text ```` after these | all that they print; `...` stands for anything |
//! | ```` ```text,log ```` | lines that the servers of this page have written |
//! | ```` ```c,file=handler.c ```` | a file that is written |
//! | ```` ```c,append=handler.c ```` | more of it |
//! | `<!-- needs: c, go -->` | languages whose tools the page needs |
//! | `<!-- not run: why -->` | the next block is only shown |

use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A page: the languages that it needs, and its steps.
#[derive(Debug, Default)]
pub struct Page {
    pub needs: Vec<String>,
    pub steps: Vec<Step>,
    /// Line and reason of each block of commands that is only shown.
    pub shown: Vec<(usize, String)>,
}

#[derive(Debug, PartialEq)]
pub enum Step {
    /// The line of the page, the commands, whether they fail, and what they print.
    Run {
        line: usize,
        commands: String,
        fails: bool,
        printed: Option<String>,
    },
    Write {
        path: String,
        text: String,
        append: bool,
    },
    /// What the log of a server has by now.
    Log {
        line: usize,
        text: String,
    },
}

/// # Errors
/// What is wrong with the page, with its line.
pub fn read(path: &Path) -> Result<Page, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    parse(&text).map_err(|error| format!("{}:{error}", path.display()))
}

/// # Errors
/// What is wrong with the page, with its line.
pub fn parse(text: &str) -> Result<Page, String> {
    let mut reading = Reading { page: Page::default(), reason: None, after_commands: false };
    let mut block: Option<(usize, String, String)> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        let line = text[..range.start].matches('\n').count() + 1;
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                block = Some((line, kind.to_string(), String::new()));
            }
            Event::Text(piece) => match &mut block {
                Some((_, _, code)) => code.push_str(&piece),
                None => reading.after_commands = false,
            },
            Event::End(TagEnd::CodeBlock) => {
                if let Some((line, kind, code)) = block.take() {
                    reading.block(line, &kind, code)?;
                }
            }
            Event::Html(comment) => reading.comment(line, &comment)?,
            _ => {}
        }
    }
    match reading.reason {
        Some((line, _)) => Err(format!("{line}: no block follows this comment")),
        None => Ok(reading.page),
    }
}

struct Reading {
    page: Page,
    /// Why the next block is not run, and where that is said.
    reason: Option<(usize, String)>,
    /// Whether nothing has come since the last block of commands.
    after_commands: bool,
}

impl Reading {
    fn comment(&mut self, line: usize, html: &str) -> Result<(), String> {
        let Some(inner) = html.trim().strip_prefix("<!--").and_then(|it| it.strip_suffix("-->"))
        else {
            return Ok(());
        };
        match inner.trim().split_once(": ") {
            Some(("needs", names)) => {
                self.page.needs.extend(names.split(", ").map(str::to_owned));
            }
            Some(("not run", why)) => self.reason = Some((line, why.trim().to_owned())),
            _ => return Err(format!("{line}: this comment means nothing: {inner}")),
        }
        Ok(())
    }

    fn block(&mut self, line: usize, kind: &str, code: String) -> Result<(), String> {
        let (language, attributes) = match kind.split_once(',') {
            Some((language, attributes)) => (language, attributes),
            None => (kind, ""),
        };
        let follows = std::mem::replace(&mut self.after_commands, language == "sh");
        if let Some((_, why)) = self.reason.take() {
            self.page.shown.push((line, why));
            self.after_commands = false;
            return Ok(());
        }
        match (language, attributes) {
            ("sh", "" | "fails") => self.page.steps.push(Step::Run {
                line,
                commands: code,
                fails: !attributes.is_empty(),
                printed: None,
            }),
            ("text", "log") => self.page.steps.push(Step::Log { line, text: code }),
            ("text", "") => match self.page.steps.last_mut() {
                Some(Step::Run { printed, .. }) if follows => *printed = Some(code),
                _ => return Err(format!("{line}: this text follows no commands")),
            },
            (_, attributes) => return self.code(line, attributes, code),
        }
        Ok(())
    }

    /// Code that is written to a file, or is only read.
    fn code(&mut self, line: usize, attributes: &str, text: String) -> Result<(), String> {
        let step = match attributes.split_once('=') {
            None if attributes.is_empty() => return Ok(()),
            Some(("file", path)) => Step::Write { path: path.to_owned(), text, append: false },
            Some(("append", path)) => Step::Write { path: path.to_owned(), text, append: true },
            _ => return Err(format!("{line}: nothing is known of `{attributes}`")),
        };
        self.page.steps.push(step);
        Ok(())
    }
}
