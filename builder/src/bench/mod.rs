//! The ledger of what components cost: sizes, cold start, answers, memory.
//!
//! 1. [`measure`](run::measure) takes every component through the same steps in
//!    each of several rounds, in turn and in this process, so that what slows the
//!    machine down hits all of them. In a round a component gets
//!    an engine of its own, in which it is compiled, loaded and instantiated and its
//!    instances are kept and counted ([`memory`]); then a server with a fresh
//!    instance for each request, and one that reuses them, each under [`load`];
//! 2. [`noise`] makes a [`Figure`] of what the rounds gave for a [`Measure`], and
//!    knows how many of its digits mean something;
//! 3. [`ledger`] puts the figures of a component together, and beside those of
//!    another one: as data, as a [`table`] or as a [`chart`], always with the
//!    [`machine`] that they are from.

pub mod chart;
pub mod ledger;
pub mod load;
pub mod machine;
pub mod measure;
pub mod memory;
pub mod noise;
pub mod run;
pub mod table;

pub use ledger::Ledger;
pub use load::Asked;
pub use machine::Machine;
pub use measure::{Measure, Mode, Moment, Unit};
pub use noise::Figure;
pub use run::{Options, Record, Subject, measure};
