//! ```` ```go,file=main.go ```` -> the same block, with the file's name above it.

/// The page with a caption above each block that belongs to a file.
pub fn added(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    for line in page.lines() {
        if let Some((file, continued)) = file_of(line) {
            let more = if continued { ", continued" } else { "" };
            text.push_str(&format!("<p class=\"file\"><code>{file}</code>{more}</p>\n\n"));
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// The file that a block is written to, and whether it is added to its end.
fn file_of(line: &str) -> Option<(&str, bool)> {
    let words = line.strip_prefix("```")?.split(',').skip(1);
    words.into_iter().find_map(|word| match word.split_once('=')? {
        ("file", file) => Some((file, false)),
        ("append", file) => Some((file, true)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_a_file_has_a_caption() {
        let page = "text\n\n```go,file=a/main.go\npackage main\n```\n```sh\nls\n```\n";
        let with = "text\n\n<p class=\"file\"><code>a/main.go</code></p>\n\n\
                    ```go,file=a/main.go\npackage main\n```\n```sh\nls\n```\n";
        assert_eq!(added(page), with);
        assert!(added("```go,append=main.go\n```\n").contains("</code>, continued</p>"));
    }
}
