use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::Isospin;
use crate::files;
use crate::report::{Error, Manner, Result};

/// Write the manual pages into a folder
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  isospin manual ~/.local/share/man/man1 && man isospin-build")]
pub struct Manual {
    /// The folder, which is made if it is not there
    folder: PathBuf,
}

impl Manual {
    /// # Errors
    /// If a page cannot be written.
    pub fn run(self, manner: Manner) -> Result<()> {
        let mut program = Isospin::command().disable_help_subcommand(true);
        program.build();
        write_page(&self.folder, program.clone())?;
        for command in program.get_subcommands() {
            write_page(&self.folder, command.clone())?;
        }
        manner.say(&format!("{}: the pages are written", self.folder.display()));
        Ok(())
    }
}

fn write_page(folder: &Path, command: clap::Command) -> Result<()> {
    let page = Man::new(command);
    let path = folder.join(page.get_filename());
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| Error::io("write", &path, &error))?;
    files::write(&path, &text)
}
