use clap::Args;
use serde_json::json;

use crate::report::{Code, Error, Manner, Result, print_data, table};

/// Say more about an error code
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin explain E0105")]
pub struct Explain {
    /// The code, such as E0105 [default: a list of all]
    code: Option<String>,
}

impl Explain {
    /// # Errors
    /// If there is no such code.
    pub fn run(self, manner: Manner) -> Result<()> {
        match self.code {
            Some(text) => show(find(&text)?, manner),
            None => list(manner),
        }
        Ok(())
    }
}

fn show(code: Code, manner: Manner) {
    if manner.json {
        print_data(&as_json(code).to_string());
    } else {
        print_data(&format!("{}: {}", code.text(), code.explanation().trim_start_matches("# ")));
    }
}

fn list(manner: Manner) {
    if manner.json {
        Code::ALL.iter().for_each(|code| print_data(&as_json(*code).to_string()));
        return;
    }
    let mut rows = table::Table::new(&["code", "what it means"]);
    for code in Code::ALL {
        rows.row([code.text().into(), code.title().into()]);
    }
    print_data(&rows.render(table::width_of_stdout()));
}

fn as_json(code: Code) -> serde_json::Value {
    json!({ "code": code.text(), "title": code.title(), "text": code.explanation() })
}

fn find(text: &str) -> Result<Code> {
    Code::find(text).ok_or_else(|| {
        let near: Vec<&str> = nearest(text).iter().map(|code| code.text()).collect();
        Error::new(Code::Usage, format!("{text}: there is no such code"))
            .cause(format!("the nearest are {}", near.join(", ")))
            .hint("`isospin explain` lists all of them.")
    })
}

/// The codes that differ from `text` in the fewest places.
fn nearest(text: &str) -> Vec<Code> {
    const SHOWN: usize = 3;
    let wanted = text.to_ascii_uppercase();
    let distance = |code: &Code| {
        let differing = code.text().chars().zip(wanted.chars()).filter(|(a, b)| a != b).count();
        differing + code.text().len().abs_diff(wanted.chars().count())
    };
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(distance);
    codes.truncate(SHOWN);
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_what_is_near() {
        let error = find("E0199").unwrap_err();
        assert_eq!(error.code(), Code::Usage);
        assert!(error.causes()[0].starts_with("the nearest are E0109, E0119"), "{error}");
        for odd in ["", "x", "é", "E010", "E01011"] {
            assert!(find(odd).is_err(), "{odd}");
        }
        assert_eq!(find("e0502").unwrap(), Code::NotBuilt);
    }
}
