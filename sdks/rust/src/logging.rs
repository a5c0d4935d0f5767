//! The log: lines on the component's stderr.

use std::cell::Cell;
use std::error::Error;
use std::fmt;

use crate::error::chain;
use crate::world;

/// Writes a line to the component's log, formatted as `println!` does.
#[macro_export]
macro_rules! log {
    ($($argument:tt)*) => {
        $crate::__log_line(::core::format_args!($($argument)*))
    };
}

/// Writes one line to the log, in one piece, so that it is not torn apart by
/// what others write.
#[doc(hidden)]
pub fn line(message: fmt::Arguments<'_>) {
    match message.as_str() {
        Some(text) => say(&[text]),
        None => say(&[&message.to_string()]),
    }
}

/// Writes one line that consists of these texts. What the SDK itself says goes
/// this way, so that formatting texts is linked only where an app does so.
pub(crate) fn say(texts: &[&str]) {
    let mut line = texts.concat();
    line.push('\n');
    world::write_stderr(line.as_bytes());
}

pub(crate) fn failure(what: &str, error: &(dyn Error + 'static)) {
    say(&[what, ": ", &chain(error)]);
}

/// Makes panics and the `log` crate write to the log. Called for each request,
/// works once.
pub(crate) fn install() {
    thread_local! {
        static INSTALLED: Cell<bool> = const { Cell::new(false) };
    }
    if INSTALLED.replace(true) {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("a value that is no text");
        match panic.location() {
            Some(place) => say(&["panicked at ", &place.to_string(), ": ", message]),
            None => say(&["panicked: ", message]),
        }
    }));
    #[cfg(feature = "log")]
    facade::install();
}

#[cfg(feature = "log")]
mod facade {
    struct Lines;

    impl log::Log for Lines {
        fn enabled(&self, _: &log::Metadata<'_>) -> bool {
            true
        }

        fn log(&self, record: &log::Record<'_>) {
            let message = record.args().to_string();
            super::say(&[record.level().as_str(), " ", record.target(), ": ", &message]);
        }

        fn flush(&self) {}
    }

    /// An app that has set its own logger before keeps it.
    pub(super) fn install() {
        if log::set_logger(&Lines).is_ok() {
            log::set_max_level(log::LevelFilter::Info);
        }
    }
}
