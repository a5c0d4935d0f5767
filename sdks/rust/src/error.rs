//! The error of handlers: any error at all, with its causes.

use std::error::Error as StdError;
use std::fmt;

/// An error of any type.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// `Ok` with an answer, or an [`Error`] that becomes a 500.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error: `?` turns every type that implements [`std::error::Error`] into
/// it. Handlers may use `anyhow::Error` or a type of their own instead.
pub struct Error(BoxError);

impl Error {
    /// An error that is nothing but its message.
    pub fn message(message: impl Into<String>) -> Error {
        Error(message.into().into())
    }

    /// The error as it was before it became this one, if it is of type `E`.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }

    /// The error behind this one, if there is one.
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }

    pub(crate) fn as_error(&self) -> &(dyn StdError + 'static) {
        &*self.0
    }

    pub(crate) fn from_box(error: BoxError) -> Error {
        Error(error)
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Error {
        Error(Box::new(error))
    }
}

impl From<Error> for BoxError {
    fn from(error: Error) -> BoxError {
        error.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The message and, below it, what caused it.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&chain(&*self.0))
    }
}

/// The error's message, and one line for each of its causes.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str("\n  caused by: ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);

    impl fmt::Display for Outer {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("the limit is no number")
        }
    }

    impl StdError for Outer {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn the_chain_names_every_cause() {
        let Err(cause) = "x".parse::<u8>() else {
            panic!("x is no number");
        };
        let error = Error::from(Outer(cause));
        assert_eq!(
            format!("{error:?}"),
            "the limit is no number\n  caused by: invalid digit found in string"
        );
        assert!(error.downcast_ref::<Outer>().is_some());
    }
}
