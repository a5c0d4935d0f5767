//! `isospin dev`: what a client, a browser and a terminal see while sources change.

mod browser;
mod dashboard;
mod developing;
mod edits;
mod manifests;
mod surroundings;

use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    [
        edits::tests(),
        manifests::tests(),
        surroundings::tests(),
        dashboard::tests(),
        browser::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
