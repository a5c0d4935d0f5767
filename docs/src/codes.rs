//! Every error code, as `isospin explain` tells of it.

use isospin_builder::report::Code;

/// A table of the codes, then a section for each.
pub fn markdown() -> String {
    let mut text = String::from("| code | what it means |\n|---|---|\n");
    for code in Code::ALL {
        let (code, title) = (code.text(), code.title());
        text.push_str(&format!("| [{code}](#{code}) | {} |\n", title.replace('|', "\\|")));
    }
    for code in Code::ALL {
        let explanation = code.explanation().trim_start_matches("# ");
        let (title, rest) = explanation.split_once('\n').unwrap_or((explanation, ""));
        let code = code.text();
        text.push_str(&format!("\n## {code}: {title} {{#{code}}}\n{}", plain_headings(rest)));
    }
    text
}

/// The headings inside of a section, which are the same in each, as bold text: in
/// the list of contents they would say nothing.
fn plain_headings(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut in_code = false;
    for line in text.lines() {
        in_code ^= line.starts_with("```");
        match line.strip_prefix("## ") {
            Some(heading) if !in_code => plain.push_str(&format!("**{heading}**\n")),
            _ => plain.push_str(&format!("{line}\n")),
        }
        // A paragraph of its own, and code right after it.
        if !in_code && line.starts_with("## ") {
            plain.push('\n');
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_section_that_the_table_links_to() {
        let text = markdown();
        for code in Code::ALL {
            let code = code.text();
            assert!(text.contains(&format!("| [{code}](#{code}) |")), "{code}");
            assert!(text.contains(&format!(" {{#{code}}}\n")), "{code}");
        }
    }

    #[test]
    fn headings_in_code_stay() {
        let text = "## Example\n```sh\n## a comment\n```\n";
        assert_eq!(plain_headings(text), "**Example**\n\n```sh\n## a comment\n```\n");
    }
}
