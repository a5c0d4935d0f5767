//! One component, from its sources to its artifact: as it is, as it was kept, or
//! built anew by its [`stages`](super::stages).

use std::path::{Path, PathBuf};

use super::cache::{Cache, Files};
use super::recipe::Recipe;
use super::sidecar::Sidecar;
use super::state::{Input, Placed, State, sha256};
use crate::app::{App, Component};
use crate::component::World;
use crate::files;
use crate::language::{self, Context, Handler, Profile, Warnings};
use crate::report::{Built, Error, Event, Report, Result, without_colours};
use crate::toolchain::{self, Toolchain};

/// The building of one component.
pub struct Job<'a> {
    pub app: &'a App,
    pub component: &'a Component,
    pub toolchain: &'a Toolchain,
    pub profile: Profile,
    /// The folder for the artifact.
    pub out: &'a Path,
    /// What earlier builds made.
    pub cache: &'a Cache,
    /// What tells this builder from another.
    pub builder: &'a str,
    pub report: &'a dyn Report,
}

/// Names of an entry's files in the cache.
pub(super) const COMPONENT: &str = "component";
const WARNINGS: &str = "warnings";
const TRACE: &str = "trace";

impl Job<'_> {
    /// Builds the component, unless nothing changed, or an earlier build made the same.
    ///
    /// # Errors
    /// What stands in the way; the old artifact is then as it was.
    pub fn run(&self) -> Result<Built> {
        let settings =
            super::settings::settings(self.builder, self.component, self.toolchain, self.profile);
        let paths = self.handler().sources()?;
        if let Some(built) = self.unchanged(&settings, &paths)? {
            return Ok(built);
        }
        // Read before the compiler does: a source that is edited while it runs
        // then differs from its state, and the next build sees it.
        let recipe = Recipe::read(self.app, self.component, &settings, &paths)?;
        if let Some((files, outside)) = recipe.find(self.cache)
            && let Some(built) = self.restore(&settings, &recipe, &files, outside)?
        {
            return Ok(built);
        }
        let mut stages = Vec::new();
        let outcome = self.build(&recipe, &mut stages)?;
        let outside =
            outcome.inputs.iter().map(|path| Input::read(path)).collect::<Result<Vec<_>>>()?;
        let mut files = Files::from([
            (COMPONENT.to_owned(), outcome.checked.bytes().to_vec()),
            (WARNINGS.to_owned(), outcome.warnings.into_bytes()),
        ]);
        files.extend(outcome.trace.map(|trace| (TRACE.to_owned(), trace)));
        recipe.keep(self.cache, &outside, &files, self.report);
        let mut built = self.finish(&settings, &recipe, outside, &files)?;
        built.stages = stages;
        Ok(built)
    }

    /// Writes the finished component, the file of its places, and its state.
    fn finish(
        &self,
        settings: &str,
        recipe: &Recipe<'_>,
        outside: Vec<Input>,
        files: &Files,
    ) -> Result<Built> {
        let bytes = files.get(COMPONENT).map_or(&[][..], Vec::as_slice);
        let warnings = files.get(WARNINGS).map_or(&[][..], Vec::as_slice);
        let artifact = self.artifact();
        files::write(&self.stage_file("component"), bytes)?;
        self.sidecar(&artifact).save(files.get(TRACE).map(Vec::as_slice))?;
        files::write_by_way_of(&self.scratch(), &artifact, bytes)?;
        let mut inputs = recipe.sources.clone();
        inputs.extend(outside);
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        inputs.dedup_by(|a, b| a.path == b.path);
        let sha256 = sha256(bytes);
        let state = State {
            settings: settings.to_owned(),
            inputs,
            variables: recipe.variables.clone(),
            sha256: sha256.clone(),
            warnings: String::from_utf8_lossy(warnings).into_owned(),
            artifact: Placed::at(&artifact)?,
            trace: self.sidecar(&artifact).placed()?,
        };
        state.save(&self.state_file())?;
        Ok(self.built(bytes.len() as u64, sha256))
    }

    /// What an earlier build made of the same, here or in another clone; nothing if
    /// the entry is not one of ours.
    fn restore(
        &self,
        settings: &str,
        recipe: &Recipe<'_>,
        files: &Files,
        outside: Vec<Input>,
    ) -> Result<Option<Built>> {
        let Some(warnings) = files.get(WARNINGS) else { return Ok(None) };
        if !files.contains_key(COMPONENT) {
            return Ok(None);
        }
        self.show(&String::from_utf8_lossy(warnings));
        let world = self.component.world();
        let context = self.context(&world)?;
        // What editors read is there after every build.
        language::write_sdk(self.component.language, &world, &context.sdk)?;
        self.component.language.write_for_editors(&context)?;
        // It is of another build.
        let _ = std::fs::remove_file(self.stage_file("module"));
        let mut built = self.finish(settings, recipe, outside, files)?;
        built.cached = true;
        Ok(Some(built))
    }

    pub(super) fn context<'b>(&'b self, world: &'b World) -> Result<Context<'b>> {
        let private = language::private_folder(&self.component.path)?;
        let scratch = self.scratch();
        let made = fresh_folder(&scratch)?;
        Ok(Context {
            component: self.handler(),
            toolchain: self.toolchain,
            world,
            profile: self.profile,
            app: &self.app.path,
            sdk: language::sdk_folder(&private, self.component.language),
            scratch,
            made,
            cache: toolchain::Folders::of_user()?.cache().to_owned(),
            colour: self.report.colour(),
            warnings: Warnings::default(),
        })
    }

    fn handler(&self) -> Handler<'_> {
        self.app.handler(self.component)
    }

    /// Shows what tools printed although they succeeded, if they did. It may come
    /// from an earlier build, which had a terminal.
    pub(super) fn show(&self, printed: &str) {
        if printed.is_empty() {
            return;
        }
        let component = &self.component.name;
        match self.report.colour() {
            true => self.report.event(&Event::Output { component, text: printed }),
            false => {
                let text = &without_colours(printed);
                self.report.event(&Event::Output { component, text });
            }
        }
    }

    /// The artifact of the last build, put where it should be, if nothing changed since.
    fn unchanged(&self, settings: &str, sources: &[PathBuf]) -> Result<Option<Built>> {
        let Some(mut state) = State::load(&self.state_file()) else { return Ok(None) };
        let sdk = self.component.path.join(".isospin/sdk").join(self.component.language.name());
        if !state.is_current(settings, sources) || !sdk.is_dir() {
            return Ok(None);
        }
        let artifact = self.artifact();
        let sidecar = self.sidecar(&artifact);
        let stays = |placed: &Placed| sidecar.is_at(placed);
        if !state.artifact.is_at(&artifact) || !state.trace.as_ref().is_none_or(stays) {
            let Ok(bytes) = std::fs::read(self.stage_file("component")) else { return Ok(None) };
            if sha256(&bytes) != state.sha256 {
                return Ok(None);
            }
            sidecar.restore()?;
            if !files::has(&artifact, &bytes) {
                files::write_by_way_of(&self.scratch(), &artifact, &bytes)?;
            }
            state.artifact = Placed::at(&artifact)?;
            state.trace = sidecar.placed()?;
            state.save(&self.state_file())?;
        }
        self.show(&state.warnings);
        let mut built = self.built(state.artifact.size, state.sha256);
        built.unchanged = true;
        Ok(Some(built))
    }

    fn built(&self, size: u64, sha256: String) -> Built {
        Built {
            component: self.component.name.clone(),
            language: self.component.language.name(),
            path: self.artifact(),
            size,
            sha256,
            unchanged: false,
            cached: false,
            stages: Vec::new(),
        }
    }

    pub(super) fn subject(&self) -> String {
        format!("component `{}` ({})", self.component.name, self.component.path.display())
    }

    fn artifact(&self) -> PathBuf {
        self.out.join(format!("{}.wasm", self.component.name))
    }

    fn scratch(&self) -> PathBuf {
        scratch(self.app, self.component, self.profile)
    }

    pub(super) fn state_file(&self) -> PathBuf {
        state_file(self.app, self.component, self.profile)
    }

    fn sidecar(&self, artifact: &Path) -> Sidecar {
        Sidecar::new(&self.stage_file("component"), artifact)
    }

    pub(super) fn stage_file(&self, stage: &str) -> PathBuf {
        self.scratch().join(format!("{stage}.wasm"))
    }
}

/// A new folder in `scratch`, without what killed builds have left there.
fn fresh_folder(scratch: &Path) -> Result<tempfile::TempDir> {
    const PREFIX: &str = "made-";
    files::create_folder(scratch)?;
    let failed = |error: std::io::Error| Error::io("create", scratch, &error);
    for entry in std::fs::read_dir(scratch).map_err(failed)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
        if files::is_half_written(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    tempfile::Builder::new().prefix(PREFIX).tempdir_in(scratch).map_err(failed)
}

/// Where a component's stages and state are kept.
fn scratch(app: &App, component: &Component, profile: Profile) -> PathBuf {
    app.path.join(".isospin/build").join(&component.name).join(profile.name())
}

pub(super) fn state_file(app: &App, component: &Component, profile: Profile) -> PathBuf {
    scratch(app, component, profile).join("state.json")
}
