//! Questions to a person at a terminal.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};

use dialoguer::console::Term;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Select};

use super::{Code, Error, Result};

/// Whether somebody is being asked.
static ASKING: AtomicBool = AtomicBool::new(false);

/// Ends the program if somebody is being asked: nothing else ends the wait for a
/// key. Called when a signal came.
#[allow(clippy::disallowed_methods, reason = "nothing is held or half-written while one asks")]
pub fn break_off_question() {
    if ASKING.load(Ordering::SeqCst) {
        let _ = Term::stderr().show_cursor();
        std::process::exit(i32::from(Code::Interrupted.exit_code()));
    }
}

/// The answer to a question that [`break_off_question`] may break off.
fn answer<T>(question: impl FnOnce() -> dialoguer::Result<T>) -> Result<T> {
    ASKING.store(true, Ordering::SeqCst);
    let answer = question();
    ASKING.store(false, Ordering::SeqCst);
    answer.map_err(broken_off)
}

/// Asks on stderr, so that stdout keeps to data. There is one only where a
/// person can answer: see [`Manner::ask`](super::Manner::ask).
pub struct Ask {
    theme: ColorfulTheme,
}

impl Ask {
    pub(super) fn new() -> Ask {
        Ask { theme: ColorfulTheme::default() }
    }

    /// A line of text; asked again until `check` takes it.
    ///
    /// # Errors
    /// If the person breaks off.
    pub fn text(
        &self,
        question: &str,
        default: &str,
        check: impl Fn(&str) -> std::result::Result<(), String>,
    ) -> Result<String> {
        let input = Input::with_theme(&self.theme)
            .with_prompt(question)
            .default(default.to_owned())
            .validate_with(|text: &String| check(text));
        answer(|| input.interact_text())
    }

    /// One of several, by arrow keys; the first is proposed. Gives its place.
    ///
    /// # Errors
    /// If the person breaks off.
    pub fn choose(&self, question: &str, choices: &[String]) -> Result<usize> {
        let menu = Select::with_theme(&self.theme).with_prompt(question).items(choices).default(0);
        answer(|| menu.interact_opt())?.ok_or_else(crate::process::interruption)
    }

    /// Yes or no; no is proposed.
    ///
    /// # Errors
    /// If the person breaks off.
    pub fn yes(&self, question: &str) -> Result<bool> {
        let asked = Confirm::with_theme(&self.theme).with_prompt(question).default(false);
        answer(|| asked.interact())
    }
}

/// Ctrl-C, or a terminal that went away.
fn broken_off(error: dialoguer::Error) -> Error {
    // Menus hide it.
    let _ = Term::stderr().show_cursor();
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        ErrorKind::Interrupted => crate::process::interruption(),
        _ => Error::new(Code::Io, "the terminal cannot be read").cause(error.to_string()),
    }
}
