//! The bundler's source map -> the table from which the engine rewrites the
//! positions in compiled code, so that stack traces name the user's files.

use sourcemap::SourceMap;

use super::bundle;
use crate::files;
use crate::language::Context;
use crate::paths::{normal, relative};
use crate::report::{Code, Error, Result};

/// Reads the source map of the component's bundle.
///
/// # Errors
/// If the bundler wrote none, or something else.
pub fn read(cx: &Context) -> Result<SourceMap> {
    SourceMap::from_slice(&files::read(&bundle::output(cx).with_extension("js.map"))?).map_err(
        |error| {
            Error::new(Code::ToolRun, "esbuild: its source map cannot be read")
                .cause(error.to_string())
        },
    )
}

/// The name by which a source is shown: relative to the component's folder. It is in
/// the component, which is the same wherever the app lies.
pub fn shown(source: &str, cx: &Context) -> String {
    let path = normal(&cx.made.path().join(source));
    let folder = &cx.component.path;
    relative(&path, folder).display().to_string()
}

/// All numbers are 32 bits, little-endian: the count of files; each file's
/// length and name, filled up to four bytes; the count of steps; each step's
/// line and column in the bundle, its file, and line and column there, from 1.
pub fn encode(map: &SourceMap, cx: &Context) -> Vec<u8> {
    let mut bytes = Vec::new();
    let put = |bytes: &mut Vec<u8>, number: u32| bytes.extend(number.to_le_bytes());
    put(&mut bytes, map.get_source_count());
    for index in 0..map.get_source_count() {
        let name = shown(map.get_source(index).unwrap_or_default(), cx);
        put(&mut bytes, u32::try_from(name.len()).unwrap_or(0));
        bytes.extend(name.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    let mut steps: Vec<[u32; 5]> = map
        .tokens()
        .filter(|token| token.has_source())
        .map(|token| {
            let (line, column) = token.get_src();
            [
                token.get_dst_line() + 1,
                token.get_dst_col() + 1,
                token.get_src_id(),
                line + 1,
                column + 1,
            ]
        })
        .collect();
    steps.sort_unstable();
    put(&mut bytes, u32::try_from(steps.len()).unwrap_or(0));
    for number in steps.iter().flatten() {
        put(&mut bytes, *number);
    }
    bytes
}
