//! Installing tools through the package managers' own clients.

use std::path::Path;

use super::resolve::Finder;

/// Where one tool is being installed, and what the installation may use.
pub struct Site<'a> {
    /// The folder to fill. It is beside its final place and renamed into it, so
    /// that nothing in it may hold this path.
    pub folder: &'a Path,
    /// A folder for what is only needed meanwhile; removed afterwards.
    pub scratch: &'a Path,
    /// Finds the tools that the installation itself needs.
    pub finder: &'a Finder,
    pub(super) say: &'a dyn Fn(&str),
}

impl Site<'_> {
    /// Tells the user what is done now, in a few words: "compiling the library".
    pub fn say(&self, what: &str) {
        (self.say)(what);
    }
}
