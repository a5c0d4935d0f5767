//! Relations between captured values.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use super::failure::Mismatch;
use super::pattern::Captures;
use crate::case::{Compare, Relation};

/// Adds the driver's own clock to what was captured.
pub fn add_now(captures: &mut Captures) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    captures.insert("now".to_owned(), vec![now.to_string()]);
}

/// Holds captured values against a relation.
///
/// # Errors
/// If it does not hold.
pub fn check(compare: &Compare, captures: &Captures) -> Result<(), Mismatch> {
    let values: Vec<&str> = compare
        .values
        .iter()
        .filter_map(|name| captures.get(name))
        .flatten()
        .map(String::as_str)
        .collect();
    let holds = match compare.are {
        Relation::Equal => values.windows(2).all(|pair| pair[0] == pair[1]),
        Relation::Different => values.iter().collect::<BTreeSet<_>>().len() == values.len(),
        Relation::NotAllEqual => values.windows(2).any(|pair| pair[0] != pair[1]),
        Relation::DifferentLines => {
            let lines: Vec<&str> = values.iter().flat_map(|value| value.lines()).collect();
            lines.iter().collect::<BTreeSet<_>>().len() == lines.len()
        }
        Relation::Ascending => {
            numbers(&values).is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0] < pair[1]))
        }
        Relation::NotDescending => numbers(&values)
            .is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0] <= pair[1])),
        Relation::Within => numbers(&values).is_some_and(|numbers| {
            let least = numbers.iter().min().copied().unwrap_or_default();
            let most = numbers.iter().max().copied().unwrap_or_default();
            most - least <= u128::from(compare.by.unwrap_or_default())
        }),
    };
    if holds && !values.is_empty() {
        return Ok(());
    }
    let expected = match (compare.are, compare.by) {
        (Relation::Within, Some(by)) => format!("numbers no more than {by} apart"),
        (relation, _) => format!("values that are {}", name(relation)),
    };
    Err(Mismatch::new(
        format!("the values of {}", compare.values.join(", ")),
        expected,
        format!("{values:?}"),
    ))
}

fn name(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "equal",
        Relation::Different => "different",
        Relation::DifferentLines => "texts without a common line",
        Relation::NotAllEqual => "not all equal",
        Relation::Ascending => "ascending",
        Relation::NotDescending => "not descending",
        Relation::Within => "near each other",
    }
}

fn numbers(values: &[&str]) -> Option<Vec<u128>> {
    values.iter().map(|value| value.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(are: Relation, by: Option<u64>, values: &[&str]) -> bool {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let compare = Compare { values: vec!["a".to_owned()], are, by };
        check(&compare, &Captures::from([("a".to_owned(), values)])).is_ok()
    }

    #[test]
    fn relations_hold_and_fail() {
        assert!(
            holds(Relation::Equal, None, &["1", "1"]) && !holds(Relation::Equal, None, &["1", "2"])
        );
        assert!(
            holds(Relation::Different, None, &["1", "2"])
                && !holds(Relation::Different, None, &["1", "2", "1"])
        );
        assert!(!holds(Relation::DifferentLines, None, &["a 1\nb 2\n", "a 3\nb 2\n"]));
        assert!(holds(Relation::DifferentLines, None, &["a 1\nb 2\n", "a 3\nb 4\n"]));
        assert!(
            holds(Relation::NotAllEqual, None, &["1", "1", "2"])
                && !holds(Relation::NotAllEqual, None, &["1", "1"])
        );
        assert!(
            holds(Relation::Ascending, None, &["9", "10"])
                && !holds(Relation::Ascending, None, &["9", "9"])
        );
        assert!(
            holds(Relation::NotDescending, None, &["9", "9"])
                && !holds(Relation::NotDescending, None, &["9", "8"])
        );
        assert!(
            holds(Relation::Within, Some(5), &["10", "5"])
                && !holds(Relation::Within, Some(4), &["10", "5"])
        );
        assert!(
            !holds(Relation::Within, Some(4), &["10", "x"]) && !holds(Relation::Equal, None, &[])
        );
    }
}
