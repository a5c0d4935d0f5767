//! The driver of the conformance suite, in the order in which data flows through it:
//!
//! 1. [`corpus`]: the data files become [`case`]s, [`expectation`]s and [`host`] adapters;
//! 2. [`run`]: cases × languages × hosts × modes are planned, and for each server
//! 3. [`host`]: a host serves a guest,
//! 4. [`wire`]: bytes go to it and come back, and [`upstream`] servers answer its own requests;
//! 5. [`report`]: what was expected and what was got becomes a report.
//!
//! [`property`] sends generated requests instead of cases to several guests, which must
//! answer alike. [`data`] is how bytes are written in cases, [`port`] where servers listen,
//! [`progress`] how a run is followed, [`schema`] what editors know of the files.

pub mod case;
pub mod corpus;
pub mod data;
pub mod expectation;
pub mod host;
pub mod port;
pub mod progress;
pub mod property;
pub mod report;
pub mod run;
pub mod schema;
pub mod upstream;
pub mod wire;

pub use host::{Host, Programs, Served, Serving};
pub use progress::{Progress, Silent};
pub use report::{Outcome, Report, Verdict};
pub use run::{GuestBuild, Selection, run};
