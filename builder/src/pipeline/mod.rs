//! From an app's sources to its artifacts.
//!
//! 1. Take the app's lock, so that two builds of one app wait for each other.
//! 2. Resolve the toolchain of each language that the app uses.
//! 3. For every component, as many at once as processors and memory allow
//!    ([`schedule`]): see whether anything changed ([`state`]), and if so whether the
//!    same was built before ([`recipe`], [`cache`]); if not, lead it through the
//!    [`stages`]. [`build_component`] is the one function that does all three.

mod build_component;
mod cache;
mod clean;
mod compiling;
mod lock;
mod recipe;
mod schedule;
mod settings;
mod sidecar;
mod stages;
mod state;

use std::num::NonZeroUsize;
use std::path::PathBuf;

pub use cache::{Cache, LIMIT_VARIABLE, Usage};
pub use clean::clean;
pub use settings::builder_identity;

use build_component::{Job, state_file};
use lock::Lock;
use schedule::Room;
use state::State;

use crate::app::{App, Component};
use crate::language::{self, Cost, Profile};
use crate::report::{Built, Code, Error, Event, Report, Result};
use crate::toolchain::{self, Toolchain};

/// What to build, and how.
#[derive(Clone, Debug)]
pub struct Options {
    pub profile: Profile,
    /// Only the component of this name.
    pub only: Option<String>,
    /// Where the artifacts go; default: `dist` in the app's folder.
    pub out: Option<PathBuf>,
    /// How many are built at once; default: as many as there are processors.
    pub jobs: Option<NonZeroUsize>,
}

impl Default for Options {
    fn default() -> Options {
        Options { profile: Profile::Release, only: None, out: None, jobs: None }
    }
}

/// Builds an app's components. Each failure is reported when it happens; the
/// other components are built all the same.
///
/// # Errors
/// If the app cannot be locked, a tool is missing, or a component failed: the
/// failure itself if there is only one component to build, else their number.
pub fn build(app: &App, options: &Options, report: &dyn Report) -> Result<Vec<Built>> {
    let results = build_each(app, options, report)?;
    let total = results.len();
    collect(results.into_iter().map(|(_, result)| result).collect(), total)
}

/// As [`build`], with the outcome of each component by its name. The failure of
/// a component that is the only one is left to the caller to report.
///
/// # Errors
/// If the app cannot be locked, or a tool is missing.
pub fn build_each(
    app: &App,
    options: &Options,
    report: &dyn Report,
) -> Result<Vec<(String, Result<Built>)>> {
    build_with(app, options, &Cache::of_user()?, report)
}

/// As [`build_each`], with these kept builds in place of the user's.
///
/// # Errors
/// As there.
pub fn build_with(
    app: &App,
    options: &Options,
    cache: &Cache,
    report: &dyn Report,
) -> Result<Vec<(String, Result<Built>)>> {
    let components = selected(app, options.only.as_deref())?;
    let _lock = Lock::take(&app.path, report)?;
    let toolchains = resolve(&components)?;
    let out = options.out.clone().unwrap_or_else(|| output_folder(app));
    let builder = builder_identity()?;
    let costs: Vec<Cost> = components.iter().map(|component| component.language.cost()).collect();
    let room = Room::of_machine(options.jobs);
    report.event(&Event::Building { components: components.len(), jobs: room.jobs });
    let results = schedule::run(&costs, room, |index| {
        let component = components[index];
        let toolchain = toolchains
            .iter()
            .find(|(known, _)| known.is_compiled_like(component))
            .map(|(_, toolchain)| toolchain);
        let profile = options.profile;
        let result = match toolchain {
            Some(toolchain) => {
                let (out, builder) = (&out, &builder);
                Job { app, component, toolchain, profile, out, cache, builder, report }.run()
            }
            None => Err(crate::process::interruption()),
        };
        match &result {
            Ok(built) => report.event(&Event::Built(built)),
            Err(error) if components.len() > 1 => {
                report.event(&Event::Failed { component: &component.name, error });
            }
            Err(_) => {}
        }
        (component.name.clone(), result)
    });
    cache.trim();
    Ok(results)
}

/// Files that went into a component's last good build and are none of its sources: from
/// outside of its folder, or another program's output in it.
pub fn outside_inputs(app: &App, component: &Component, profile: Profile) -> Vec<PathBuf> {
    let state = State::load(&state_file(app, component, profile));
    let inputs = state.into_iter().flat_map(|state| state.inputs).map(|input| input.path);
    let handler = app.handler(component);
    inputs.filter(|path| !language::may_hold_sources(path, &handler)).collect()
}

/// Where an app's artifacts are put by default.
pub fn output_folder(app: &App) -> PathBuf {
    app.path.join("dist")
}

/// Where the artifact of a component is put by default.
pub fn artifact_path(app: &App, component: &Component) -> PathBuf {
    output_folder(app).join(format!("{}.wasm", component.name))
}

fn selected<'a>(app: &'a App, only: Option<&str>) -> Result<Vec<&'a Component>> {
    let components: Vec<&Component> = app
        .components
        .iter()
        .filter(|component| only.is_none_or(|name| component.name == name))
        .collect();
    match only {
        Some(name) if components.is_empty() => {
            let names: Vec<&str> = app.components.iter().map(|c| c.name.as_str()).collect();
            Err(Error::new(
                Code::ComponentUnknown,
                format!("{}: it has no component `{name}`", app.path.display()),
            )
            .hint(format!("Its components are {}.", names.join(", "))))
        }
        _ => Ok(components),
    }
}

/// Each toolchain that the components use, with the first that uses it.
fn resolve<'a>(components: &[&'a Component]) -> Result<Vec<(&'a Component, Toolchain)>> {
    let mut toolchains: Vec<(&Component, Toolchain)> = Vec::new();
    for component in components {
        if !toolchains.iter().any(|(known, _)| known.is_compiled_like(component)) {
            let toolchain = toolchain::resolve(component.user())?;
            toolchains.push((component, toolchain));
        }
    }
    Ok(toolchains)
}

fn collect(results: Vec<Result<Built>>, total: usize) -> Result<Vec<Built>> {
    let mut built = Vec::new();
    let mut failures = Vec::new();
    for result in results {
        match result {
            Ok(artifact) => built.push(artifact),
            Err(error) => failures.push(error),
        }
    }
    if let Some(interruption) = failures.iter().find(|error| error.code() == Code::Interrupted) {
        return Err(interruption.clone());
    }
    match failures.len() {
        0 => Ok(built),
        1 if total == 1 => Err(failures.remove(0)),
        failed => Err(Error::new(
            Code::BuildFailed,
            format!("{failed} of {total} components were not built"),
        )
        .hint("Mend what is said of each of them above, or build one with `--component NAME`.")),
    }
}
