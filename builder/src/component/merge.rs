//! Data segments that take the least space.

use wasm_encoder::{ConstExpr, DataCountSection, DataSection, Module, RawSection};
use wasmparser::{Data, DataKind, Operator, Parser, Payload};

/// Bytes with at most this many zeros between them are in one segment: the first
/// of these with which there are not too many and they are dense enough. A segment
/// takes eight bytes more than what is in it. Go's image has tens of thousands of
/// gaps just above 16, half a megabyte of zeros.
const GAPS: [usize; 7] = [8, 16, 64, 4096, 16384, 65536, usize::MAX];

/// Engines take 100,000 segments.
const MOST_SEGMENTS: usize = 90_000;

/// Wasmtime maps what a memory begins with as an image, shared by all instances,
/// if that is smaller than this (its `memory_guaranteed_dense_image_size`) or than
/// twice the bytes of the segments. It fills each instance's memory otherwise, with
/// code that takes minutes to compile where there are many segments.
const SMALL_IMAGE: usize = 16 << 20;

/// Lays the data segments of a core module out anew. A snapshot has thousands of
/// them, some a few bytes apart and some with long runs of zeros inside.
///
/// A module that has other than plain segments, in rising order, in its one
/// memory is given back as it is.
///
/// # Errors
/// If the module cannot be parsed.
pub fn merge_segments(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let Some(segments) = segments_of(module)? else { return Ok(module.to_vec()) };
    let mut merged = Vec::new();
    for gap in GAPS {
        merged = lay_out(&segments, gap);
        if merged.len() <= MOST_SEGMENTS && is_dense(&merged) {
            break;
        }
    }
    rewrite(module, &merged)
}

type Segment = (usize, Vec<u8>);

/// The same, of the module that is read.
type Bytes<'a> = (usize, &'a [u8]);

/// The module's segments, if all are plain and in rising order.
fn segments_of(module: &[u8]) -> anyhow::Result<Option<Vec<Bytes<'_>>>> {
    let mut found: Vec<Bytes<'_>> = Vec::new();
    let mut named_by_code = false;
    for payload in Parser::new(0).parse_all(module) {
        let segments = match payload? {
            // Without this section no instruction can name a segment.
            Payload::DataCountSection { .. } => {
                named_by_code = true;
                continue;
            }
            Payload::DataSection(segments) => segments,
            _ => continue,
        };
        for segment in segments {
            let segment = segment?;
            // Wizer leaves an empty segment in the place of each original one.
            let left_over = matches!(segment.kind, DataKind::Passive) && segment.data.is_empty();
            if left_over && !named_by_code {
                continue;
            }
            let Some((offset, data)) = plain(&segment) else { return Ok(None) };
            if found.last().is_some_and(|(start, bytes)| offset < start + bytes.len()) {
                return Ok(None);
            }
            found.push((offset, data));
        }
    }
    Ok(Some(found))
}

fn is_dense(segments: &[Segment]) -> bool {
    let (Some((first, _)), Some((last, end))) = (segments.first(), segments.last()) else {
        return true;
    };
    let image = last + end.len() - first;
    let data: usize = segments.iter().map(|(_, bytes)| bytes.len()).sum();
    image < SMALL_IMAGE || image < 2 * data
}

/// Segments of the same bytes, cut at runs of more than `gap` zeros.
fn lay_out(segments: &[(usize, &[u8])], gap: usize) -> Vec<Segment> {
    let mut laid: Vec<Segment> = Vec::new();
    for (offset, data) in segments {
        let mut offset = *offset;
        for run in data.chunk_by(|a, b| (*a == 0) == (*b == 0)) {
            match laid.last_mut() {
                _ if run[0] == 0 => {}
                Some((start, bytes)) if offset - (*start + bytes.len()) <= gap => {
                    bytes.resize(offset - *start, 0);
                    bytes.extend_from_slice(run);
                }
                _ => laid.push((offset, run.to_vec())),
            }
            offset += run.len();
        }
    }
    laid
}

/// Offset and bytes of an active segment of memory 0 at a constant place.
fn plain<'a>(segment: &Data<'a>) -> Option<(usize, &'a [u8])> {
    let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else { return None };
    let mut operators = offset_expr.get_operators_reader();
    let Ok(Operator::I32Const { value }) = operators.read() else { return None };
    let Ok(Operator::End) = operators.read() else { return None };
    Some((value.cast_unsigned() as usize, segment.data))
}

/// The module with other data segments.
fn rewrite(module: &[u8], segments: &[Segment]) -> anyhow::Result<Vec<u8>> {
    let mut rewritten = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::DataCountSection { .. } => {
                let count = u32::try_from(segments.len())?;
                rewritten.section(&DataCountSection { count });
            }
            Payload::DataSection(_) => {
                let mut section = DataSection::new();
                for (offset, data) in segments {
                    let offset = u32::try_from(*offset)?.cast_signed();
                    section.active(0, &ConstExpr::i32_const(offset), data.iter().copied());
                }
                rewritten.section(&section);
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    let range = range.start as usize..range.end as usize;
                    rewritten.section(&RawSection { id, data: &module[range] });
                }
            }
        }
    }
    Ok(rewritten.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(module: &[u8]) -> Vec<(usize, Vec<u8>)> {
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::DataSection(reader) = payload.unwrap() {
                for segment in reader {
                    let segment = segment.unwrap();
                    let (offset, data) = plain(&segment).unwrap();
                    found.push((offset, data.to_vec()));
                }
            }
        }
        found
    }

    #[test]
    fn neighbours_become_one_and_distant_ones_stay() {
        let wat = r#"(module (memory 1)
            (data "") (data (i32.const 8) "ab") (data (i32.const 14) "c") (data (i32.const 4096) "d"))"#;
        let merged = merge_segments(&wat::parse_str(wat).unwrap()).unwrap();
        assert_eq!(segments(&merged), [(8, b"ab\0\0\0\0c".to_vec()), (4096, b"d".to_vec())]);
    }

    #[test]
    fn long_runs_of_zeros_are_cut_out() {
        let wat = format!(
            r#"(module (memory 1) (data (i32.const 8) "{zero}a{zero}{zero}b{zeros}c{zeros}"))"#,
            zero = r"\00",
            zeros = r"\00".repeat(9),
        );
        let merged = merge_segments(&wat::parse_str(wat).unwrap()).unwrap();
        assert_eq!(segments(&merged), [(9, b"a\0\0b".to_vec()), (22, b"c".to_vec())]);
    }

    #[test]
    fn a_large_image_stays_dense() {
        let wat = r#"(module (memory 512)
            (data (i32.const 0) "a") (data (i32.const 100) "b") (data (i32.const 20000000) "c"))"#;
        let merged = merge_segments(&wat::parse_str(wat).unwrap()).unwrap();
        assert_eq!(segments(&merged).len(), 1);
        let small = merge_segments(&wat::parse_str(wat.replace("20000000", "200")).unwrap());
        assert_eq!(segments(&small.unwrap()).len(), 3);
    }

    #[test]
    fn other_segments_are_left_alone() {
        for wat in [
            r#"(module (memory 1) (data "passive"))"#,
            r#"(module (memory 1) (data (i32.const 8) "abc") (data (i32.const 9) "d"))"#,
        ] {
            let module = wat::parse_str(wat).unwrap();
            assert_eq!(merge_segments(&module).unwrap(), module);
        }
    }
}
