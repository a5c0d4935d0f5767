//! Guests that are right agree on every request; one that is wrong is told from
//! them by the smallest request that shows it.

use std::path::Path;

use isospin_conformance::case::{Case, Mode, Serve};
use isospin_conformance::property::{Difference, KINDS, Kind, Party, Plan, run};
use isospin_conformance::{Host, Served, Serving, Verdict};

use crate::mutation::Mutation;
use crate::report;
use crate::server::ModelHost;

const PLAN: Plan = Plan { seed: 1, count: 200 };

fn kind(name: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == name).unwrap()
}

fn serve(mutation: Mutation) -> Box<dyn Served> {
    let serving =
        Serving { component: Path::new("model.wasm"), mode: Mode::Fresh, serve: &Serve::default() };
    ModelHost::new(mutation).serve(&serving).unwrap()
}

/// Two that are right and one that is wrong.
fn difference(kind: &'static Kind, mutation: Mutation) -> Option<Difference> {
    let served = [serve(Mutation::None), serve(mutation), serve(Mutation::None)];
    let party = |(name, served): (&str, &dyn Served)| Party {
        name: name.to_owned(),
        address: served.address(),
    };
    let parties: Vec<Party> = ["one", "wrong", "other"]
        .into_iter()
        .zip(served.iter().map(AsRef::as_ref))
        .map(party)
        .collect();
    run(kind, &parties, &PLAN, || false).difference
}

#[test]
fn those_who_are_right_agree() {
    for kind in KINDS {
        let difference = difference(kind, Mutation::None);
        assert!(difference.is_none(), "{}: {difference:#?}", kind.name);
    }
}

#[test]
fn the_smallest_request_that_shows_a_difference_becomes_a_case() {
    for (kind_name, mutation, target) in [
        ("targets", Mutation::PlusBecomesSpace, "target = \"/reflect?+\"\n"),
        ("targets", Mutation::DropEmptyQuery, "target = \"/reflect?\"\n"),
        ("methods", Mutation::UpperCaseMethod, "method = \"get\"\n"),
        ("response-fields", Mutation::ReverseResponseRepeats, "target = \"/headers?x-a=&x-a="),
        ("response-fields", Mutation::DropEmptyFields, "target = \"/headers?x-a=\"\n"),
        ("statuses", Mutation::WrongStatus, "target = \"/status/201\"\n"),
        ("uploads", Mutation::MiscountUpload, "target = \"/collect\"\n"),
        ("echoes", Mutation::DropContentType, "[\"content-type\", \"text/plain\"]"),
        ("echoes", Mutation::DropRequestTrailers, "trailers = [["),
        ("downloads", Mutation::FlipByte, "target = \"/bytes/1\"\n"),
    ] {
        let found = difference(kind(kind_name), mutation);
        let found = found.unwrap_or_else(|| panic!("{mutation:?} is not told from the others"));
        let right = vec!["one".to_owned(), "other".to_owned()];
        assert_eq!(found.answers[0].0, right, "{mutation:?}");
        let text = found.case("found/it").unwrap();
        assert!(text.contains(target), "{mutation:?}\n{text}");
        let verdict = |mutation| {
            let case = Case::parse("found/it", &text).unwrap();
            report(&ModelHost::new(mutation), vec![case]).outcomes[0].verdict
        };
        assert_eq!(verdict(mutation), Verdict::Failed, "{mutation:?}\n{text}");
        assert_eq!(verdict(Mutation::None), Verdict::Passed, "{mutation:?}\n{text}");
    }
}
