//! What `isospin dev` is asked for.

use std::net::SocketAddr;

use crate::language::Profile;
use crate::serving;

/// How to serve and build.
#[derive(Clone, Debug)]
pub struct Options {
    pub serving: serving::Options,
    /// Where the dashboard is.
    pub dashboard: SocketAddr,
    pub profile: Profile,
}
