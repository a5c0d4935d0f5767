//! `isospin dev`: builds, serves, watches, and builds anew what is edited.
//!
//! 1. [`session`] opens a [`site`] and builds every component, then waits for
//!    what [`watch`] sees and builds what it concerns;
//! 2. a component that was built is swapped in by [`site`], which holds the
//!    server; before each component stands its [`gate`], which answers with a
//!    page where there is no component that could;
//! 3. all that happens is put up on the [`board`], which [`dashboard`] shows.
//!
//! What a client gets while the newest build of a component is broken: its last
//! good build goes on answering, so that programs are not disturbed; but a
//! browser that opens a page is shown the error. Where this run has no good
//! build yet, every client is: as a page, or as plain text.

mod board;
mod dashboard;
mod gate;
mod options;
mod page;
mod session;
mod site;
mod watch;

pub use options::Options;
pub use session::run;
