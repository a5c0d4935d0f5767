use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Isospin;
use crate::report::{Result, print_data};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  source <(isospin completions bash)")]
pub struct Completions {
    /// The shell that shall complete
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// # Errors
    /// None: it only prints.
    pub fn run(self) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Isospin::command(), "isospin", &mut script);
        print_data(&String::from_utf8_lossy(&script));
        Ok(())
    }
}
