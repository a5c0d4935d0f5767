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
    let mut text = match message.as_str() {
        Some(text) => text.to_owned(),
        None => message.to_string(),
    };
    text.push('\n');
    world::write_stderr(text.as_bytes());
}

pub(crate) fn failure(what: &str, error: &(dyn Error + 'static)) {
    line(format_args!("{what}: {}", chain(error)));
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
            Some(place) => line(format_args!(
                "panicked at {}:{}:{}: {message}",
                place.file(),
                place.line(),
                place.column()
            )),
            None => line(format_args!("panicked: {message}")),
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
            super::line(format_args!("{} {}: {}", record.level(), record.target(), record.args()));
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
