//! The WASI packages that this host implements, as text: what is checked against
//! them cannot disagree with the host.

/// The name of a file with a WIT package, and its text.
pub type WitFile = (&'static str, &'static str);

include!(concat!(env!("OUT_DIR"), "/wit.rs"));
