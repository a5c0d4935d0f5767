//! What a run means: expectations, unexpected passes, hosts that do not come up.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop at once"
)]

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Result, bail};
use isospin_conformance::case::{Capability, Case, Mode};
use isospin_conformance::expectation::{Expectation, parse};
use isospin_conformance::host::LogBuffer;
use isospin_conformance::{
    GuestBuild, Host, Progress, Report, Selection, Served, Serving, Silent, Verdict, run,
};

/// Answers every request with the same bytes, or does not come up.
struct Parrot(Option<&'static [u8]>);

impl Host for Parrot {
    fn name(&self) -> &str {
        "parrot"
    }

    fn offers(&self, _: Capability) -> bool {
        false
    }

    fn modes(&self) -> Vec<Mode> {
        vec![Mode::Fresh]
    }

    fn serve(&self, _: &Serving<'_>) -> Result<Box<dyn Served>> {
        use std::io::{Read, Write};
        let Some(answer) = self.0 else { bail!("no parrot today") };
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer);
            }
        });
        Ok(Box::new(Nowhere(address)))
    }
}

struct Nowhere(SocketAddr);

impl Served for Nowhere {
    fn address(&self) -> SocketAddr {
        self.0
    }

    fn log(&self) -> Option<&LogBuffer> {
        None
    }
}

const GOOD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nx-a: 1\r\n\r\nok\n";
const CASE: &str = "rule = \"It says ok.\"\nsource = \"RFC 1\"\nseconds = 2\n[[exchange]]\nresponse.body = \"ok\\n\"\n";

fn report(answer: Option<&'static [u8]>, case: &str, expectations: Vec<Expectation>) -> Report {
    let guest = GuestBuild {
        language: "none".to_owned(),
        component: PathBuf::from("x"),
        environment: None,
    };
    let parrot = Parrot(answer);
    let selection = Selection {
        guests: vec![guest],
        hosts: vec![&parrot],
        cases: vec![Case::parse("topic/name", case).unwrap()],
        modes: Mode::all(),
        expectations,
        stopped: || false,
    };
    run(&selection, &mut Silent)
}

fn expected(more: &str) -> Vec<Expectation> {
    let text = format!(
        "[[expectation]]\ncase = \"topic/*\"\nhost = \"parrot\"\nreason = \"Parrots err.\"\n{more}"
    );
    parse("test", &text).unwrap()
}

#[test]
fn verdicts_follow_expectations() {
    let verdict = |report: &Report| report.outcomes[0].verdict;
    let bad = report(Some(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nno\n"), CASE, Vec::new());
    assert_eq!((verdict(&bad), bad.is_good()), (Verdict::Failed, false));
    let text = bad.display(None);
    for part in [
        "none on parrot (fresh)",
        "It says ok. [RFC 1]",
        "\"ok\\n\"",
        "\"no\\n\"",
        "1 < HTTP/1.1 200 OK\\r\\n",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let known = report(Some(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"), CASE, expected(""));
    assert_eq!((verdict(&known), known.is_good()), (Verdict::ExpectedFailure, true));
    let pass = report(Some(GOOD), CASE, expected(""));
    assert_eq!((verdict(&pass), pass.is_good()), (Verdict::UnexpectedPass, false));
    assert!(pass.display(None).contains("Remove the expectation"), "{}", pass.display(None));
    let sometimes = report(Some(GOOD), CASE, expected("sometimes = true"));
    assert_eq!((verdict(&sometimes), sometimes.is_good()), (Verdict::Passed, true));
    let untried = report(None, CASE, expected("run = false"));
    assert_eq!(verdict(&untried), Verdict::ExpectedFailure);
    let other = report(Some(GOOD), CASE, expected("language = \"rust\""));
    assert_eq!((verdict(&other), other.is_good()), (Verdict::Passed, true));
}

#[test]
fn a_host_that_does_not_come_up_fails_its_cases() {
    let report = report(None, CASE, Vec::new());
    assert!(!report.is_good());
    assert!(report.display(None).contains("no parrot today"), "{}", report.display(None));
}

/// Answers well until one case harms it, and then nothing any more.
struct Fragile {
    harmed: std::sync::Arc<std::sync::atomic::AtomicBool>,
    served: std::sync::atomic::AtomicUsize,
}

impl Host for Fragile {
    fn name(&self) -> &str {
        "fragile"
    }

    fn offers(&self, _: Capability) -> bool {
        false
    }

    fn modes(&self) -> Vec<Mode> {
        vec![Mode::Fresh]
    }

    fn serve(&self, _: &Serving<'_>) -> Result<Box<dyn Served>> {
        use std::io::{Read, Write};
        use std::sync::atomic::Ordering::SeqCst;
        self.harmed.store(false, SeqCst);
        self.served.fetch_add(1, SeqCst);
        let harmed = self.harmed.clone();
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 4096];
                let size = stream.read(&mut request).unwrap_or(0);
                if request[..size].starts_with(b"GET /harm") {
                    harmed.store(true, SeqCst);
                } else if !harmed.load(SeqCst) {
                    let _ = stream.write_all(GOOD);
                }
            }
        });
        Ok(Box::new(Weak(Nowhere(address), self.harmed.clone())))
    }
}

struct Weak(Nowhere, std::sync::Arc<std::sync::atomic::AtomicBool>);

impl Served for Weak {
    fn address(&self) -> SocketAddr {
        self.0.address()
    }

    fn is_alive(&self) -> bool {
        !self.1.load(std::sync::atomic::Ordering::SeqCst)
    }

    fn log(&self) -> Option<&LogBuffer> {
        None
    }
}

/// The places and numbers that were told of hosts that went down.
struct Downs(Vec<(String, usize)>);

impl Progress for Downs {
    fn down(&mut self, place: &str, failed: usize, _: &str) {
        self.0.push((place.to_owned(), failed));
    }
}

#[test]
fn who_takes_a_host_down_fails_alone_and_it_is_told() {
    let fragile = Fragile { harmed: Default::default(), served: Default::default() };
    let harm = CASE.replace("[[exchange]]", "[[exchange]]\nrequest.target = \"/harm\"");
    let mut cases = vec![Case::parse("topic/harm", &harm).unwrap()];
    cases.extend((0..9).map(|number| Case::parse(&format!("topic/{number}"), CASE).unwrap()));
    let guest = GuestBuild {
        language: "none".to_owned(),
        component: PathBuf::from("x"),
        environment: None,
    };
    let selection = Selection {
        guests: vec![guest],
        hosts: vec![&fragile],
        cases,
        modes: Mode::all(),
        expectations: Vec::new(),
        stopped: || false,
    };
    let mut downs = Downs(Vec::new());
    let report = run(&selection, &mut downs);
    let failed = report.outcomes.iter().filter(|outcome| outcome.failure.is_some());
    let failed: Vec<&str> = failed.map(|outcome| outcome.case.as_str()).collect();
    assert_eq!((report.outcomes.len(), failed), (10, vec!["topic/harm"]));
    let [(place, count)] = downs.0.as_slice() else { panic!("{:?}", downs.0) };
    assert!(place == "none on fragile (fresh)" && (1..=10).contains(count), "{place}: {count}");
    assert!(fragile.served.load(std::sync::atomic::Ordering::SeqCst) > 1);
}

#[test]
fn what_a_host_does_not_offer_is_skipped_with_the_reason() {
    let report = report(Some(GOOD), &format!("needs = [\"log\"]\n{CASE}"), Vec::new());
    assert_eq!(report.outcomes[0].verdict, Verdict::Skipped);
    assert!(report.outcomes[0].reason.as_deref().unwrap().contains("`log`"));
    // Nothing ran, so nothing was shown.
    assert!(!report.is_good());
}

#[test]
fn what_is_no_http_is_a_failure_with_its_bytes() {
    for (answer, got) in [
        (&b"SSH-2.0-parrot\r\n\r\n"[..], "bytes that are no head"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nok\n",
            "content-length 2 times",
        ),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "no chunk size"),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nok\nx\r\n",
            "no line feed after a chunk",
        ),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok\n", "cut after 3 bytes"),
        (b"", "the end of the connection"),
    ] {
        let report = report(Some(answer), CASE, Vec::new());
        let failure = report.outcomes[0].failure.as_ref().unwrap();
        assert!(failure.got.contains(got), "{got}: {failure:?}");
        assert!(!failure.wire.is_empty());
    }
}

#[test]
fn an_expectation_has_a_reason_and_a_place() {
    for text in [
        "[[expectation]]\ncase = \"a/b\"\nhost = \"jco\"",
        "[[expectation]]\ncase = \"a/b\"\nhost = \"jco\"\nreason = \" \"",
        "[[expectation]]\ncase = \"a/b\"\nreason = \"r\"",
        "[[expectation]]\ncase = \"a/b\"\nhost = \"jco\"\nreason = \"r\"\ncolour = 1",
    ] {
        assert!(parse("test", text).is_err(), "{text}");
    }
}
