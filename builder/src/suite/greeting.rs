//! Whether guests are guests, before any case is run on them.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use isospin_conformance::case::{Mode, Serve};
use isospin_conformance::run::{self, Stranger};
use isospin_conformance::{GuestBuild, Host, Serving};

use super::because;
use crate::paths;
use crate::process::{interrupted, interruption};
use crate::report::{Code, Error, Result};

/// A host of ordinary patience must bring the first answers within this time.
const LIMIT: Duration = Duration::from_secs(10);

/// Serves each guest for a few requests. One host is enough to know it; in one of these modes, if it has any.
///
/// # Errors
/// The first that is no guest, or that the host cannot serve.
pub fn greet(guests: &[GuestBuild], host: &dyn Host, modes: &[Mode]) -> Result<()> {
    let Some(mode) = host.modes().into_iter().find(|mode| modes.contains(mode)) else {
        return Ok(());
    };
    guests.iter().try_for_each(|guest| {
        let serve = Serve::default();
        let serving = Serving { component: &guest.component, mode, serve: &serve };
        let greeted = match host.serve(&serving) {
            Ok(served) => greet_at(served.address(), host, guest),
            Err(error) => {
                let what = format!("{}: {} does not serve it", name(guest), host.name());
                let hint = "`isospin inspect` shows what a component imports, and conformance/GUEST.md what a guest may import. How a host is started stands in its own file, as conformance/FORMAT.md says.";
                Err(because(Error::new(Code::ConformFailed, what), &error).hint(hint))
            }
        };
        if interrupted() { Err(interruption()) } else { greeted }
    })
}

/// Asks a guest that is being served.
///
/// # Errors
/// If it is no guest.
pub fn greet_at(address: SocketAddr, host: &dyn Host, guest: &GuestBuild) -> Result<()> {
    let greeted = run::greet(address, LIMIT * host.patience());
    greeted.map_err(|stranger| no_guest(&name(guest), &stranger))
}

/// The error about whoever answers as no guest does.
pub(super) fn no_guest(subject: &str, stranger: &Stranger) -> Error {
    let error = Error::new(Code::NoGuest, format!("{subject}: it is not a guest of the suite"));
    let error = stranger.sentences().iter().fold(error, |error, sentence| error.cause(sentence));
    error.hint("A guest answers as conformance/GUEST.md says; with one of these answered so, the cases would be run.")
}

/// The guest's file, as seen from here.
fn name(guest: &GuestBuild) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let file = paths::normal(&guest.component);
    let shown = match file.strip_prefix(&here) {
        Ok(below) => below,
        Err(_) => Path::new(&file),
    };
    shown.display().to_string()
}
