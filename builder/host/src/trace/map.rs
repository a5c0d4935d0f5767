//! What is kept of a module's debug information: which place in the sources
//! each piece of its code comes from.

use serde::{Deserialize, Serialize};

/// The places in the sources of one core module's code, as the file beside a
/// component holds them in JSON. Numbers of files, functions and places begin
/// with 1; 0 is none.
///
/// It holds what a trace shows and no more, so it is a fraction of the debug
/// information that compilers write, and its bytes do not depend on the folder
/// in which the module was built.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceMap {
    /// That of the module, in hexadecimal digits. It is the first in the file:
    /// one that belongs to another build is known by its beginning.
    pub build_id: String,
    /// Relative to the component's folder if they are in it.
    pub files: Vec<String>,
    /// As people write their names.
    pub functions: Vec<String>,
    pub places: Vec<Place>,
    /// The first byte of each piece of code, counted from the start of the code
    /// section's content, and the number of its place; in rising order.
    pub code: Vec<(u32, u32)>,
}

/// A place in the sources, and the call through which it was inlined. One without function
/// and file is of no interest to who reads a trace: how a language's library crashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "[u32; 5]", into = "[u32; 5]")]
pub struct Place {
    pub function: u32,
    pub file: u32,
    pub line: u32,
    pub column: u32,
    /// The number of an earlier place; 0 if the function is not inlined here.
    pub caller: u32,
}

impl Place {
    /// The place that no trace shows.
    pub const LEFT_OUT: Place = Place { function: 0, file: 0, line: 0, column: 0, caller: 0 };

    fn is_shown(&self) -> bool {
        self.function != 0 || self.file != 0
    }
}

impl From<[u32; 5]> for Place {
    fn from([function, file, line, column, caller]: [u32; 5]) -> Place {
        Place { function, file, line, column, caller }
    }
}

impl From<Place> for [u32; 5] {
    fn from(place: Place) -> [u32; 5] {
        [place.function, place.file, place.line, place.column, place.caller]
    }
}

impl TraceMap {
    /// The places at `offset` in the code section's content, the innermost
    /// first, as a trace shows them: none for what it leaves out. Nothing if they are
    /// not known.
    pub fn places(&self, offset: u32) -> Option<Vec<String>> {
        let after = self.code.partition_point(|(start, _)| *start <= offset);
        let mut number = after.checked_sub(1).map_or(0, |index| self.code[index].1);
        let mut shown = Vec::new();
        numbered(&self.places, number)?;
        while let Some(place) = numbered(&self.places, number) {
            if place.is_shown() {
                shown.push(self.show(place));
            }
            // Callers come earlier: what says otherwise would never end.
            if place.caller >= number {
                break;
            }
            number = place.caller;
        }
        Some(shown)
    }

    fn show(&self, place: &Place) -> String {
        let function = numbered(&self.functions, place.function).map_or("<unknown>", |name| name);
        let file = numbered(&self.files, place.file).map(String::as_str);
        show(function, file, place.line, place.column)
    }
}

/// `function at file:line:column`, as far as it is known.
pub(super) fn show(function: &str, file: Option<&str>, line: u32, column: u32) -> String {
    match (file, line, column) {
        (None, ..) => function.to_owned(),
        (Some(file), 0, _) => format!("{function} at {file}"),
        (Some(file), _, 0) => format!("{function} at {file}:{line}"),
        (Some(file), ..) => format!("{function} at {file}:{line}:{column}"),
    }
}

fn numbered<T>(items: &[T], number: u32) -> Option<&T> {
    items.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> TraceMap {
        TraceMap {
            build_id: "00".to_owned(),
            files: vec!["handler.c".to_owned()],
            functions: vec!["handle".to_owned(), "divide".to_owned()],
            places: vec![
                Place { function: 1, file: 1, line: 9, column: 3, caller: 0 },
                Place { function: 2, file: 1, line: 4, column: 0, caller: 1 },
            ],
            code: vec![(10, 1), (14, 2), (20, 0)],
        }
    }

    #[test]
    fn an_offset_has_the_places_of_the_piece_that_it_is_in() {
        let map = map();
        assert_eq!(map.places(9), None);
        assert_eq!(map.places(10).unwrap(), ["handle at handler.c:9:3"]);
        assert_eq!(map.places(19).unwrap(), ["divide at handler.c:4", "handle at handler.c:9:3"]);
        assert_eq!(map.places(20), None);
    }

    #[test]
    fn damaged_files_are_refused_or_give_other_places() {
        let whole = serde_json::to_vec(&map()).unwrap();
        for position in 0..whole.len() {
            for byte in 0..=u8::MAX {
                let mut damaged = whole.clone();
                damaged[position] = byte;
                if let Ok(map) = serde_json::from_slice::<TraceMap>(&damaged) {
                    assert!(map.places(15).is_none_or(|shown| shown.len() <= map.places.len()));
                }
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let mut map = map();
        map.places[1].caller = 2;
        assert_eq!(map.places(15).unwrap(), ["divide at handler.c:4"]);
        map.places[1] = Place { function: 9, file: 9, line: 4, column: 0, caller: u32::MAX };
        assert_eq!(map.places(15).unwrap(), ["<unknown>"]);
        map.code = vec![(30, 7), (2, u32::MAX), (3, 1)];
        for offset in [0, 2, 3, 29, 30, u32::MAX] {
            assert!(map.places(offset).is_none_or(|shown| shown.len() <= 2));
        }
        assert_eq!(TraceMap::default().places(0), None);
    }
}
