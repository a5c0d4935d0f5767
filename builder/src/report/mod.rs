//! What the builder tells people and machines.

mod code;
mod error;

pub use code::Code;
pub use error::{Error, Result, Snippet};
