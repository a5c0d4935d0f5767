use std::net::SocketAddr;

use clap::Args;

use super::address::address;
use super::up::AppOptions;
use crate::dev::{self, Options};
use crate::report::{Manner, Result};

/// Build and serve, and follow every edit
///
/// What is edited is built and swapped in; requests in flight finish in the old
/// code. While the newest build of a component is broken, its last good build
/// goes on answering, and browsers are shown the error.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  isospin dev examples/rosetta\n  isospin dev --listen 127.0.0.1:0 --verbose"
)]
pub struct Dev {
    #[command(flatten)]
    app: AppOptions,
    /// Where the dashboard is; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081", value_parser = address)]
    dashboard: SocketAddr,
}

impl Dev {
    /// # Errors
    /// If the app is wrong, or an address cannot be listened on. What does not
    /// build is shown and waited for.
    pub fn run(self, manner: Manner) -> Result<()> {
        let app = self.app.prepare(manner)?;
        let options = Options {
            serving: self.app.serving.options(),
            dashboard: self.dashboard,
            profile: self.app.profile.profile(),
        };
        dev::run(app, options, manner)
    }
}
