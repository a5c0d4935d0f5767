use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use isospin_host::Limits;

use super::address::address;
use crate::app;
use crate::report::{Code, Error, Manner, Result};
use crate::serving::{self, Options};

/// Serve what is built
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  isospin serve examples/rosetta\n  isospin serve dist/hello.wasm --listen 127.0.0.1:0 --env LIMIT=100"
)]
pub struct Serve {
    /// An app's folder or manifest, or one component's file [default: the nearest app]
    path: Option<PathBuf>,
    #[command(flatten)]
    serving: ServingOptions,
    /// A variable for a single file: NAME=VALUE
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, String)>,
    /// An address that a single file may call, such as "https://example.com"
    #[arg(long, value_name = "ADDRESS")]
    outbound: Vec<String>,
}

/// Where to listen, and what each request may use.
#[derive(Debug, Clone, Args)]
pub struct ServingOptions {
    /// Where to listen; port 0 takes a free one
    #[arg(long, visible_alias = "port", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    listen: SocketAddr,
    /// Requests that one instance answers, one after the other; 1 gives each a fresh one
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    reuse: u32,
    /// Memory of an instance, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..=4096))]
    memory: u64,
    /// Seconds that a request may take, waiting included
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, value_parser = seconds)]
    time: f64,
    /// Body of a request, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 128)]
    request_body: u64,
    /// Body of a response, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    response_body: u64,
    /// Requests at one time; more wait, and a thousand waiting are answered 503
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    concurrent: u64,
}

impl ServingOptions {
    pub fn options(&self) -> Options {
        let limits = Limits {
            memory: self.memory << 20,
            time: Duration::from_secs_f64(self.time),
            request_body: self.request_body.saturating_mul(1 << 20),
            response_body: self.response_body.saturating_mul(1 << 20),
            concurrent: usize::try_from(self.concurrent).unwrap_or(usize::MAX),
            ..Limits::default()
        };
        Options { listen: self.listen, limits, reuse: self.reuse }
    }
}

impl Serve {
    /// # Errors
    /// If nothing is built, or the address cannot be listened on.
    pub fn run(self, manner: Manner) -> Result<()> {
        let is_file = |path: &&PathBuf| path.is_file() && !path.ends_with(app::MANIFEST);
        let components = match self.path.as_ref().filter(is_file) {
            Some(file) => {
                let environment: BTreeMap<String, String> = self.env.into_iter().collect();
                vec![serving::single(file, environment, self.outbound)]
            }
            None if !self.env.is_empty() || !self.outbound.is_empty() => {
                return Err(Error::new(
                    Code::Usage,
                    "`--env` and `--outbound` are for a single file",
                )
                .hint("An app says in its isospin.toml what each component gets."));
            }
            None => serving::mounted(&app::load(self.path.as_deref())?)?,
        };
        serving::serve(&components, &self.serving.options(), manner)
    }
}

pub(super) fn variable(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

pub(super) fn seconds(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(seconds),
        _ => Err("a number above 0, at most 86400".to_owned()),
    }
}
