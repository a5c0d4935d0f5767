//! Strings in Python: each instance hashes with a seed of its own, although the
//! dictionaries that start-up made are part of the component. The component is in
//! `python_hashes/`; where the tools of Python are not installed, nothing is run and
//! that is said.

#![allow(clippy::print_stderr, reason = "a test that is not run says why")]

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use isospin_builder::{app, language, pipeline, report, toolchain};
use isospin_conformance::case::{Mode, Serve};
use isospin_conformance::host::EmbeddedHost;
use isospin_conformance::{Host, Serving};
use libtest_mimic::{Arguments, Failed, Trial};

/// As in the component.
const KNOWN: &str = "a text of start-up";

/// What is hashed alike in some low bits puts a dictionary's entries in one place.
const LOW_BITS: u32 = 12;
const CHOSEN: usize = 200;

fn main() {
    let missing = language::find("python").and_then(|found| toolchain::resolve(found).err());
    if let Some(error) = &missing {
        eprintln!("hashes of Python are not tested: {error}");
    }
    let trials = Mode::all().into_iter().flat_map(|mode| {
        let named = |what: &str| format!("{what}, {}", mode.name());
        let check = |path| move || is_right(mode, path);
        [
            Trial::test(named("texts of start-up are found"), check("/texts")),
            Trial::test(named("objects of start-up are found"), check("/objects")),
            Trial::test(named("names of modules are found"), check("/modules")),
            Trial::test(named("texts of both times are found"), check("/new-and-old")),
            Trial::test(named("a seed is an instance's"), move || seeds(mode)),
            Trial::test(named("chosen texts do not collide"), move || chosen(mode)),
        ]
    });
    let trials = trials.map(|trial| trial.with_ignored_flag(missing.is_some())).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn build() -> report::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_hashes");
    let app = app::load(Some(&folder))?;
    Ok(pipeline::build(&app, &pipeline::Options::default(), &report::Silent)?.swap_remove(0).path)
}

/// Sends the requests one after the other, and gives the bodies of their answers.
fn ask(mode: Mode, requests: &[(&str, &str)]) -> Result<Vec<String>, Failed> {
    let component = build()?;
    let host = EmbeddedHost::new(Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("code")));
    let serve = Serve::default();
    let served = host.serve(&Serving { component: &component, mode, serve: &serve })?;
    let mut bodies = Vec::new();
    for (target, body) in requests {
        let mut stream = TcpStream::connect(served.address())?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let length = body.len();
        let fields =
            format!("host: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n");
        write!(stream, "POST {target} HTTP/1.1\r\n{fields}\r\n{body}")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.contains(" 200 ") => bodies.push(body.to_owned()),
            _ => return Err(format!("{target}: {answer}").into()),
        }
    }
    Ok(bodies)
}

fn is_right(mode: Mode, path: &str) -> Result<(), Failed> {
    // A second request, because the first may change what start-up made.
    for body in ask(mode, &[(path, ""), (path, "")])? {
        if body != "right\n" {
            return Err(body.into());
        }
    }
    Ok(())
}

fn seeds(mode: Mode) -> Result<(), Failed> {
    let text = "a text of the request";
    let requests = [("/hashes", text), ("/order?text", ""), ("/", "")];
    let bodies = ask(mode, &[requests, requests, requests].concat())?;
    let wanted = if mode == Mode::Fresh { 3 } else { 1 };
    for (number, (target, _)) in requests.iter().enumerate().take(2) {
        let different: BTreeSet<&String> = bodies.iter().skip(number).step_by(3).collect();
        if different.len() != wanted {
            return Err(format!("{target}: {different:?} are not {wanted}").into());
        }
    }
    let told = format!("1 siphash13 {}\n", start_hash(KNOWN));
    let same = bodies.iter().skip(2).step_by(3).all(|body| *body == told);
    if same { Ok(()) } else { Err(format!("{bodies:?}: {told} is expected").into()) }
}

/// The hash of start-up: SipHash-1-3 without a key, of which Python takes 32 bits.
fn start_hash(text: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    let low = u32::try_from(hasher.finish() & u64::from(u32::MAX)).unwrap_or(0);
    if low == u32::MAX { low - 1 } else { low }
}

/// An attacker knows the component, and so the key of start-up.
fn chosen(mode: Mode) -> Result<(), Failed> {
    let low = |hash: u32| hash & ((1 << LOW_BITS) - 1);
    let texts: Vec<String> = (0..)
        .map(|number| format!("key-{number}"))
        .filter(|text| low(start_hash(text)) == 7)
        .take(CHOSEN)
        .collect();
    let body = ask(mode, &[("/hashes", &texts.join("\n"))])?.swap_remove(0);
    let places: BTreeSet<u32> =
        body.lines().map(|line| line.parse().map(low)).collect::<Result<_, _>>()?;
    // Of so many places, so many are hit by chance as good as always.
    if places.len() > CHOSEN * 8 / 10 {
        Ok(())
    } else {
        Err(format!("{CHOSEN} chosen texts are in {} places", places.len()).into())
    }
}
