//! Properties beside examples: what `GUEST.md` says holds for every request, so
//! that guests in all languages must give the same answer to any of them.
//!
//! 1. [`generate`] makes requests of each kind, simplest first when it shrinks;
//! 2. [`answer`] is what a guest says to one, without what may differ;
//! 3. guests that differ are a [`Difference`], which [`case`](Difference::case) makes a case of.

mod answer;
mod generate;
mod save;

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::Duration;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::case::Request;
use crate::run::bytes_of;
pub use answer::Answer;
pub use generate::{KINDS, Kind};

/// A guest that is being served.
#[derive(Clone, Debug)]
pub struct Party {
    pub name: String,
    pub address: SocketAddr,
}

/// What is tried: the same seed gives the same requests.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    /// Requests of each kind.
    pub count: u32,
}

/// How one kind of requests went.
#[derive(Clone, Debug)]
pub struct Tried {
    pub kind: &'static Kind,
    /// Requests until the first difference, if there was one.
    pub requests: u32,
    pub difference: Option<Difference>,
}

/// A request, as small as it gets, that is not answered alike.
#[derive(Clone, Debug)]
pub struct Difference {
    pub kind: &'static Kind,
    pub request: Request,
    /// Who gave which answer: what most say first.
    pub answers: Vec<(Vec<String>, Answer)>,
}

impl Difference {
    /// The request as it is sent.
    pub fn request_bytes(&self) -> Vec<u8> {
        bytes_of(&self.request)
    }
}

/// A guest that takes longer has not answered.
const LIMIT: Duration = Duration::from_secs(10);
/// How many smaller requests are tried for a difference.
const SHRINKS: u32 = 4000;

/// Tries requests of one kind, until guests differ or the user wants it to end.
pub fn run(kind: &'static Kind, parties: &[Party], plan: &Plan, stopped: fn() -> bool) -> Tried {
    let config = Config {
        cases: plan.count,
        max_shrink_iters: SHRINKS,
        failure_persistence: None,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&plan.seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let requests = Cell::new(0);
    let failed = Cell::new(false);
    let result = TestRunner::new_with_rng(config, random).run(&(kind.requests)(), |request| {
        if stopped() {
            return Ok(());
        }
        if !failed.get() {
            requests.set(requests.get() + 1);
        }
        match groups(&request, parties).len() {
            0 | 1 => Ok(()),
            _ => {
                failed.set(true);
                Err(TestCaseError::fail("guests differ"))
            }
        }
    });
    let difference = match result {
        Err(TestError::Fail(_, request)) => {
            let answers = groups(&request, parties);
            Some(Difference { kind, request, answers })
        }
        _ => None,
    };
    Tried { kind, requests: requests.get(), difference }
}

/// Asks everybody at the same time. Those who say the same are together; the largest group comes first.
fn groups(request: &Request, parties: &[Party]) -> Vec<(Vec<String>, Answer)> {
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let ask = |party: &Party| {
            let address = party.address;
            scope.spawn(move || Answer::to(request, address, LIMIT))
        };
        let threads: Vec<_> = parties.iter().map(ask).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Answer>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    });
    let mut groups: Vec<(Vec<String>, Answer)> = Vec::new();
    for (party, answer) in parties.iter().zip(answers) {
        match groups.iter_mut().find(|(_, other)| *other == answer) {
            Some((names, _)) => names.push(party.name.clone()),
            None => groups.push((vec![party.name.clone()], answer)),
        }
    }
    groups.sort_by_key(|(names, _)| std::cmp::Reverse(names.len()));
    groups
}
