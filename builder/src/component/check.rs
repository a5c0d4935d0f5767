//! Whether a component matches its world, and if not, what it is that does not.

use wit_parser::WorldItem;

use super::names::{Names, module_imports};
use super::{Capability, Checked, ComponentBytes, World};
use crate::report::{Code, Error, Result};

/// Checks `component` against `world`: first by name, so that the message can
/// name what is too much or missing, then structurally.
///
/// # Errors
/// [`Code::WorldMismatch`], naming the import or export; `subject` is the
/// user's component.
pub fn check(component: ComponentBytes, world: &World, subject: &str) -> Result<Checked> {
    let names =
        Names::read(&component.0).map_err(|error| mismatch(subject).cause(error.to_string()))?;
    let offered = interfaces(world, Direction::Import);
    for import in &names.imports {
        if !offered.iter().any(|name| compatible(name, import)) {
            return Err(foreign_import(subject, import, &offered));
        }
    }
    for wanted in interfaces(world, Direction::Export) {
        if !names.exports.iter().any(|export| compatible(&wanted, export)) {
            return Err(Error::new(
                Code::ExportMissing,
                format!("{subject}: a host cannot call its handler"),
            )
            .cause(format!("it does not export `{wanted}`"))
            .hint(
                "The handler must go through the language's SDK, or export that interface itself.",
            ));
        }
    }
    wit_component::targets(&world.resolve, world.id, &component.0, true).map_err(|error| {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        Error::new(Code::TypesDiffer, format!("{subject}: it has other types than the world"))
            .cause(causes.join("\n"))
            .hint("An interface has the right name but other types: two tools disagree on its version. `isospin inspect FILE` shows which tools made the file.")
    })?;
    Ok(Checked(component.0))
}

/// Checks what a core module imports, before it is encoded: the encoder's own
/// words name neither the user's component nor what to do.
///
/// # Errors
/// [`Code::WorldMismatch`], naming the import; also if the module cannot be read.
pub fn check_module(module: &[u8], world: &World, subject: &str) -> Result<()> {
    let offered = interfaces(world, Direction::Import);
    let imports =
        module_imports(module).map_err(|error| mismatch(subject).cause(error.to_string()))?;
    // Interfaces have a package; `env`, preview1 and the encoder's own have none.
    let mut interfaces = imports.iter().filter(|name| name.contains(':') && !name.starts_with('['));
    match interfaces.find(|import| !offered.iter().any(|name| compatible(name, import))) {
        Some(import) => Err(foreign_import(subject, import, &offered)),
        None => Ok(()),
    }
}

fn mismatch(subject: &str) -> Error {
    Error::new(Code::WorldMismatch, format!("{subject}: it does not match the world"))
}

fn foreign_import(subject: &str, import: &str, offered: &[String]) -> Error {
    let error =
        mismatch(subject).cause(format!("it imports `{import}`, which the world does not offer"));
    let bare = without_version(import);
    if let Some(known) = offered.iter().find(|name| without_version(name) == bare) {
        return Error::new(
            Code::WasiVersion,
            format!("{subject}: it is made for another version of the world"),
        )
        .cause(format!("it imports `{import}`, and the world offers `{known}`"))
        .hint("Two tools disagree on the version of WASI. Bindings must be generated from the world's own WIT, as the SDK's are.");
    }
    if let Some(capability) =
        Capability::ALL.iter().find(|capability| capability.interfaces().contains(&bare))
    {
        let error = error.retitled(
            Code::CapabilityUndeclared,
            format!("{subject}: it uses `{}` without asking for it", capability.name()),
        );
        return error.hint(format!(
            "If it should have that, ask for it in isospin.toml, in the component's table: `{} = {{ ... }}`. Else remove the call that needs it.",
            capability.name()
        ));
    }
    match who_brings(bare) {
        Some(who) => error.hint(who),
        None => error,
    }
}

/// What commonly brings an interface in.
fn who_brings(interface: &str) -> Option<&'static str> {
    let package = interface.split('/').next()?;
    match package {
        "wasi:filesystem" => Some(
            "A component has no files. A library that opens files, or a full preview1 adapter, brings this in.",
        ),
        "wasi:sockets" => Some(
            "A component has no sockets; it calls others through the SDK's outbound requests. A library that opens sockets brings this in.",
        ),
        "wasi:cli" => Some(
            "A handler has no command line, terminal or exit code. The language's `main` or a full preview1 adapter brings this in.",
        ),
        _ => None,
    }
}

enum Direction {
    Import,
    Export,
}

/// The names of the interfaces that a world imports or exports.
fn interfaces(world: &World, direction: Direction) -> Vec<String> {
    let definition = &world.resolve.worlds[world.id];
    let items = match direction {
        Direction::Import => &definition.imports,
        Direction::Export => &definition.exports,
    };
    items
        .iter()
        .filter(|(_, item)| matches!(item, WorldItem::Interface { .. } | WorldItem::Function(_)))
        .map(|(key, _)| world.resolve.name_world_key(key))
        .collect()
}

fn without_version(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

/// Whether two interface names mean the same: versions match within a track
/// (`0.2.x`, `1.x`), as hosts match them.
fn compatible(wanted: &str, given: &str) -> bool {
    fn track(name: &str) -> Option<String> {
        let version = semver::Version::parse(name.split_once('@')?.1).ok()?;
        Some(match (version.major, version.pre.is_empty()) {
            (_, false) => version.to_string(),
            (0, true) => format!("0.{}", version.minor),
            (major, true) => major.to_string(),
        })
    }
    without_version(wanted) == without_version(given) && track(wanted) == track(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_match_within_a_track() {
        assert!(compatible("wasi:http/types@0.2.12", "wasi:http/types@0.2.0"));
        assert!(!compatible("wasi:http/types@0.2.12", "wasi:http/types@0.3.0"));
        assert!(!compatible("wasi:http/types@0.2.12", "wasi:http/handler@0.2.12"));
        assert!(!compatible("wasi:http/types@0.3.0", "wasi:http/types@0.3.0-rc-1"));
        assert!(compatible("a:b/c@1.2.0", "a:b/c@1.0.0"));
        assert!(compatible("local", "local"));
    }
}
