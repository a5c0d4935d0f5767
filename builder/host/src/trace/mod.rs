//! Traces of guests that crash: each frame with its place in the sources.
//!
//! The places are not in the component, but in a file beside it ([`TraceMap`]),
//! which is read when the component first crashes.

mod map;
mod pasted;
mod sidecar;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use wasmtime::{FrameInfo, WasmBacktrace};

pub use map::{Place, TraceMap};
pub use pasted::place_trace;
use sidecar::Absence;
pub use sidecar::{BUILD_ID, trace_file};

/// The most lines of a trace that are shown. The first tell most: they are where
/// it crashed.
const LONGEST: usize = 40;

/// The most frames that are looked at: a panic has some of its own before the
/// handler's.
pub(crate) const MOST_FRAMES: usize = 64;

/// Shows the traces of one component.
pub(crate) struct Traces {
    /// The component's file; nothing if it is from memory.
    artifact: Option<PathBuf>,
    modules: Vec<Module>,
    /// Whether it was told why there are no places.
    told: AtomicBool,
}

/// A module whose places may be known.
struct Module {
    build_id: String,
    code: Range<u64>,
    map: OnceLock<Result<TraceMap, Absence>>,
}

impl Traces {
    /// For the component `bytes`, which come from `artifact`.
    pub fn new(artifact: Option<PathBuf>, bytes: &[u8]) -> Traces {
        let modules = sidecar::named_modules(bytes).into_iter().map(|named| Module {
            build_id: named.build_id,
            code: named.code,
            map: OnceLock::new(),
        });
        Traces { artifact, modules: modules.collect(), told: AtomicBool::new(false) }
    }

    /// The frames, one line each, the innermost first; and once, why they have no
    /// places.
    pub fn show(&self, backtrace: &WasmBacktrace) -> Vec<String> {
        let mut placed = false;
        let mut frames = Vec::new();
        for frame in backtrace.frames() {
            let places = self.places(frame);
            placed |= places.is_some();
            match places {
                None => frames.push(unplaced(frame)),
                Some(places) => frames.extend(places),
            }
        }
        let is_cut = backtrace.frames().len() >= MOST_FRAMES;
        let mut lines = numbered(&frames, is_cut);
        if !placed && !frames.is_empty() && !self.told.swap(true, Ordering::Relaxed) {
            lines.push(format!("({})", self.why_unplaced()));
        }
        lines
    }

    /// From the file beside the component, or else from debug information inside.
    fn places(&self, frame: &FrameInfo) -> Option<Vec<String>> {
        let places = frame.module_offset().and_then(|offset| self.places_at(offset as u64));
        if places.is_some() {
            return places;
        }
        let named = frame.symbols().iter().filter(|symbol| symbol.file().is_some());
        let symbols = named.map(|symbol| {
            let function = symbol.name().or(frame.func_name()).unwrap_or("<unknown>");
            let file = symbol.file().map(|file| file.strip_prefix("./").unwrap_or(file));
            map::show(function, file, symbol.line().unwrap_or(0), symbol.column().unwrap_or(0))
        });
        let places: Vec<String> = symbols.collect();
        (!places.is_empty()).then_some(places)
    }

    /// The places of an offset in the component, by the file beside it.
    fn places_at(&self, offset: u64) -> Option<Vec<String>> {
        let module = self.modules.iter().find(|module| module.code.contains(&offset))?;
        match (self.map(module), u32::try_from(offset - module.code.start)) {
            (Some(Ok(map)), Ok(offset)) => map.places(offset),
            _ => None,
        }
    }

    fn map<'a>(&self, module: &'a Module) -> Option<&'a Result<TraceMap, Absence>> {
        let artifact = self.artifact.as_ref()?;
        Some(module.map.get_or_init(|| sidecar::find(artifact, &module.build_id)))
    }

    fn why_unplaced(&self) -> String {
        const NAMES: &str = "its places in the sources are not known";
        let Some(artifact) = &self.artifact else { return NAMES.to_owned() };
        let file = sidecar::trace_file(artifact);
        let file = file.display();
        match self.modules.iter().find_map(|module| module.map.get()) {
            Some(Err(Absence::NotFound { other: true })) => {
                format!("{NAMES}: {file} belongs to another build")
            }
            Some(Err(Absence::NotFound { other: false })) => {
                format!("{NAMES}: {file} is not there, which was made with the component")
            }
            Some(Err(Absence::Unreadable(file, error))) => {
                format!("{NAMES}: {} cannot be read: {error}", file.display())
            }
            None if !self.modules.is_empty() => {
                format!("{NAMES}: it crashed in no code of the handler's")
            }
            _ => format!("{NAMES}: the component was built without them"),
        }
    }
}

fn unplaced(frame: &FrameInfo) -> String {
    let name = match frame.func_name() {
        Some(name) => name.to_owned(),
        None => format!("<wasm function {}>", frame.func_index()),
    };
    match frame.module_offset() {
        Some(offset) => format!("{name} (offset {offset:#x})"),
        None => name,
    }
}

/// Lines with their numbers; equal ones that follow each other are shown once, as
/// are those of a function that calls itself until the stack is full. `is_cut`
/// says that there were more.
fn numbered(frames: &[String], is_cut: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut first = 0;
    for run in frames.chunk_by(|a, b| a == b) {
        if lines.len() >= LONGEST {
            lines.push(format!("      and {} more", frames.len() - first));
            break;
        }
        lines.push(format!("{first:>4}: {}", run[0]));
        if run.len() > 1 {
            let end = if is_cut && first + run.len() == frames.len() { " or more" } else { "" };
            lines.push(format!("      the same {} times{end}", run.len()));
        }
        first += run.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_trace_is_cut() {
        let shown = |frames: &[&str]| {
            numbered(&frames.iter().map(|frame| (*frame).to_owned()).collect::<Vec<_>>(), true)
        };
        assert_eq!(shown(&["a", "b", "b"])[2], "      the same 2 times or more");
        assert_eq!(
            shown(&["a", "b", "b", "b", "a"]),
            ["   0: a", "   1: b", "      the same 3 times", "   4: a"]
        );
        let many: Vec<&str> = ["a", "b"].repeat(50);
        let lines = shown(&many);
        assert_eq!(lines.len(), LONGEST + 1);
        assert_eq!(lines[LONGEST], "      and 60 more");
        assert!(shown(&[]).is_empty());
    }

    #[test]
    fn a_component_without_build_id_is_told_so() {
        let traces = Traces::new(Some("dist/hello.wasm".into()), b"");
        assert!(traces.why_unplaced().ends_with("the component was built without them"));
    }
}
