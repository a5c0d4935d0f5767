//! Isospin's builder, in the order in which data flows through it:
//!
//! 1. [`app`]: an `isospin.toml` becomes an [`app::App`];
//! 2. [`toolchain`]: the tools that its languages need are found or installed;
//! 3. [`language`]: a driver for each language compiles a component's sources;
//! 4. [`component`]: the core module becomes a component, checked against the world;
//! 5. [`pipeline`]: one function that leads a component through all of that, and the
//!    cache, lock and scheduler around it.
//! 6. [`serving`]: the host serves artifacts;
//! 7. [`dev`]: an app is served while it is edited;
//! 8. [`suite`]: guests and hosts for the conformance suite;
//! 9. [`bench`]: what components cost, measured.
//!
//! Before all of that, [`template`]s become projects ([`create`]), and languages are
//! prepared for their first builds ([`prepare`]).
//!
//! [`commands`] are the program's face: each parses its arguments and calls one operation.
//! [`process`] runs programs, [`files`] writes files, [`lock`] has one work and others wait, [`paths`] compares names of files, [`report`] tells what happened.

pub mod app;
pub mod bench;
pub mod commands;
pub mod component;
pub mod create;
pub mod dev;
pub mod files;
pub mod language;
pub mod lock;
pub mod paths;
pub mod pipeline;
pub mod prepare;
pub mod process;
pub mod report;
pub mod serving;
pub mod suite;
pub mod template;
pub mod toolchain;
