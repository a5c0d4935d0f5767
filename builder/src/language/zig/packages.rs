//! The packages that a component's `build.zig.zon` names besides the SDK.
//!
//! Only as much of the format is read as that needs: which names stand in
//! `.dependencies`, and which of them have a `.path`. Zig itself checks the rest.

use std::path::{Path, PathBuf};

use crate::files;
use crate::report::{Error, Result};

/// The SDK's own name among the dependencies.
const SDK: &str = "isospin";

/// A component's packages.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Packages {
    names: Vec<String>,
    /// Folders of those that lie beside the component, as written.
    paths: Vec<String>,
}

impl Packages {
    /// Those of the component in `folder`; none if it has no `build.zig.zon`.
    ///
    /// # Errors
    /// If the file is there and cannot be read.
    pub fn read(folder: &Path) -> Result<Packages> {
        let path = folder.join("build.zig.zon");
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Packages::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Packages::default()),
            Err(error) => Err(Error::io("read", &path, &error)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The Zig sources of the packages that lie beside the component.
    ///
    /// # Errors
    /// If a folder cannot be listed.
    pub fn local_sources(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let mut sources = Vec::new();
        for path in &self.paths {
            sources.extend(files::files_below(&folder.join(path))?.into_iter().filter(|file| {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                let built = file.components().any(|part| part.as_os_str() == ".zig-cache");
                !built && (name.ends_with(".zig") || name.ends_with(".zon"))
            }));
        }
        Ok(sources)
    }

    fn parse(text: &str) -> Packages {
        let mut packages = Packages::default();
        // The field names that lead to where the reader is.
        let mut place: Vec<String> = Vec::new();
        let mut field = String::new();
        for token in tokens(text) {
            match token {
                Token::Field(name) => field = name,
                Token::Open => {
                    if place.last().is_some_and(|above| above == "dependencies")
                        && place.len() == 2
                        && field != SDK
                    {
                        packages.names.push(field.clone());
                    }
                    place.push(std::mem::take(&mut field));
                }
                Token::Close => {
                    place.pop();
                }
                Token::Text(value) => {
                    let inside = place.len() == 3 && place[1] == "dependencies" && place[2] != SDK;
                    if inside && field == "path" {
                        packages.paths.push(value);
                    }
                }
            }
        }
        packages
    }
}

/// What matters of the format.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// `.name` or `.@"name"`.
    Field(String),
    /// `.{`
    Open,
    Close,
    /// `"..."`
    Text(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") || rest.starts_with("\\\\") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(after) = rest.strip_prefix(".{") {
            tokens.push(Token::Open);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(".@\"") {
            let (name, after) = quoted(after);
            tokens.push(Token::Field(name));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(|c: char| !is_of_name(c)).unwrap_or(after.len());
            tokens.push(Token::Field(after[..end].to_owned()));
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix('}') {
            tokens.push(Token::Close);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('"') {
            let (value, after) = quoted(after);
            tokens.push(Token::Text(value));
            rest = after;
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The text up to the closing quote, and what comes after it.
fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((index, c)) = chars.next() {
        match c {
            '"' => return (value, &text[index + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependencies(inside: &str) -> Packages {
        Packages::parse(&format!(
            ".{{\n    .name = .hello,\n    .version = \"0.1.0\", // .dependencies = .{{\n    \
             .dependencies = .{{\n{inside}\n    }},\n    .paths = .{{ \"build.zig\", \"src\" }},\n}}\n"
        ))
    }

    #[test]
    fn the_sdk_alone_is_no_package() {
        let packages = dependencies(".isospin = .{ .path = \".isospin/sdk/zig\" },");
        assert!(packages.is_empty());
        assert_eq!(packages, Packages::default());
    }

    #[test]
    fn packages_are_found_with_their_folders() {
        let packages = dependencies(
            ".isospin = .{ .path = \".isospin/sdk/zig\" },\n\
             // .old = .{ .path = \"old\" },\n\
             .@\"fancy-name\" = .{ .url = \"https://host.invalid/x.tar.gz\", .hash = \"1220}\" },\n\
             .shared = .{ .path = \"../shared\", .lazy = true },",
        );
        assert_eq!(packages.names, ["fancy-name", "shared"]);
        assert_eq!(packages.paths, ["../shared"]);
    }

    #[test]
    fn whatever_the_text_is_nothing_panics() {
        for text in
            ["", ".", ".{", "}}}", "\"", ".@\"", "\\", ".{ .dependencies = .{ .a = .{", "é.é"]
        {
            let _ = Packages::parse(text);
        }
    }
}
