//! One component, from its sources to its artifact: the pipeline itself.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::cache::{Cache, Files};
use super::recipe::{Recipe, module_key};
use super::sidecar::{Sidecar, separate};
use super::state::{Input, Placed, State, sha256};
use crate::app::{App, Component};
use crate::component::{
    Checked, ComponentBytes, CoreModule, Startup, World, check, check_module, describe, encode,
    snapshot,
};
use crate::files;
use crate::language::{self, Context, Handler, Profile, Warnings};
use crate::report::{Built, Code, Error, Event, Report, Result, Stage, StageTime, without_colours};
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

/// What the stages made of a component's sources.
struct Outcome {
    checked: Checked,
    /// The places of its code, for a file beside it, if the compiler told them.
    trace: Option<Vec<u8>>,
    /// Files outside the component's folder that went into it.
    inputs: Vec<PathBuf>,
    /// What the tools printed although they succeeded.
    warnings: String,
}

/// Names of an entry's files in the cache.
const COMPONENT: &str = "component";
const WARNINGS: &str = "warnings";
const TRACE: &str = "trace";
/// What start-up printed.
const PRINTED: &str = "printed";

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
        let outcome = self.build(&mut stages)?;
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
        files::write(&artifact, bytes)?;
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

    /// Sources -> core module -> initialised module -> component -> checked.
    fn build(&self, stages: &mut Vec<StageTime>) -> Result<Outcome> {
        let world = self.component.world();
        // What is left of an earlier build no longer tells the truth.
        let _ = std::fs::remove_file(self.state_file());
        let context = self.context(&world)?;
        let language = self.component.language;
        let (compiled, trace) = self.timed(Stage::Compile, stages, || {
            language::write_sdk(language, &world, &context.sdk)?;
            let compiled =
                language.compile(&context).map_err(|error| blame_cache(error, &context.cache))?;
            separate(compiled, &context).map_err(|error| self.no_component(&error))
        })?;
        let warnings = context.warnings.take();
        self.show(&warnings);
        // An edit that leaves the module as it was stops here, though it may move places.
        let key = module_key(self.builder, language, &world, &compiled.code);
        let checked = match self.known(&key, &compiled.code, stages) {
            Some(checked) => checked,
            None => {
                let (checked, printed) = self.assemble(compiled.code, &world, &context, stages)?;
                let files = Files::from([
                    (COMPONENT.to_owned(), checked.bytes().to_vec()),
                    (PRINTED.to_owned(), printed.into_bytes()),
                ]);
                self.cache.keep(&key, &[], &files, self.report);
                checked
            }
        };
        Ok(Outcome { checked, trace, inputs: compiled.inputs, warnings })
    }

    /// What became of the same module before.
    fn known(
        &self,
        key: &str,
        code: &language::Code,
        stages: &mut Vec<StageTime>,
    ) -> Option<Checked> {
        let (mut files, _) = self.cache.find(key, |_| true)?;
        let (bytes, printed) = (files.remove(COMPONENT)?, files.remove(PRINTED)?);
        let skipped: &[Stage] = match code {
            language::Code::Module(_) => &[Stage::Componentize, Stage::Check],
            language::Code::Unstarted(..) => &[Stage::Snapshot, Stage::Componentize, Stage::Check],
            language::Code::Component(_) => &[Stage::Check],
        };
        for stage in skipped.iter().copied() {
            let component = &self.component.name;
            self.report.event(&Event::Stage { component, stage, cached: true });
            stages.push(StageTime { stage, duration: Duration::ZERO, cached: true });
        }
        let _ = std::fs::remove_file(self.stage_file("module"));
        self.show(&String::from_utf8_lossy(&printed));
        Some(Checked::known(bytes))
    }

    /// What a compiler made -> checked component, and what start-up printed.
    fn assemble(
        &self,
        code: language::Code,
        world: &World,
        context: &Context,
        stages: &mut Vec<StageTime>,
    ) -> Result<(Checked, String)> {
        let mut printed = String::new();
        let component = match code {
            language::Code::Module(bytes) => self.encode(&CoreModule(bytes), world, stages)?,
            language::Code::Unstarted(bytes, startup) => {
                let module = CoreModule(bytes);
                let started = self.timed(Stage::Snapshot, stages, || {
                    self.snapshot(&module, &startup, context, &mut printed)
                })?;
                self.encode(&started, world, stages)?
            }
            language::Code::Component(bytes) => ComponentBytes(bytes),
        };
        let component = describe(&component, self.component.language.title())
            .map_err(|error| self.no_component(&error))?;
        let subject = self.subject();
        let checked = self.timed(Stage::Check, stages, || check(component, world, &subject))?;
        Ok((checked, printed))
    }

    fn context<'b>(&'b self, world: &'b World) -> Result<Context<'b>> {
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
    fn show(&self, printed: &str) {
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

    fn snapshot(
        &self,
        module: &CoreModule,
        startup: &Startup,
        context: &Context,
        printed: &mut String,
    ) -> Result<CoreModule> {
        let language = self.component.language;
        let done = snapshot(module, startup, &self.subject()).map_err(|error| {
            let told = error.tool_output().unwrap_or_default();
            let advice = language.explain(told);
            let shown = language.translate_trace(context, told);
            let error = if shown.is_empty() { error } else { error.output(shown) };
            let Some(advice) = advice else { return error };
            match advice.code {
                Some(code) => error.retitled(code, context.headline(code)),
                None => error,
            }
            .hint(advice.text)
        })?;
        self.show(&done.printed);
        *printed = done.printed;
        Ok(done.module)
    }

    /// Core module -> component.
    fn encode(
        &self,
        module: &CoreModule,
        world: &World,
        stages: &mut Vec<StageTime>,
    ) -> Result<ComponentBytes> {
        files::write(&self.stage_file("module"), &module.0)?;
        self.timed(Stage::Componentize, stages, || {
            check_module(&module.0, world, &self.subject())?;
            encode(&module.0, world).map(ComponentBytes).map_err(|error| self.no_component(&error))
        })
    }

    fn no_component(&self, error: &anyhow::Error) -> Error {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        let failure = Error::new(
            Code::ModuleInvalid,
            format!("{}: its core module cannot become a component", self.subject()),
        );
        failure.cause(causes.join("\n"))
    }

    fn timed<T>(
        &self,
        stage: Stage,
        stages: &mut Vec<StageTime>,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        if crate::process::interrupted() {
            return Err(crate::process::interruption());
        }
        let component = &self.component.name;
        self.report.event(&Event::Stage { component, stage, cached: false });
        let start = Instant::now();
        let result = work()?;
        stages.push(StageTime { stage, duration: start.elapsed(), cached: false });
        Ok(result)
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
            files::write_if_different(&artifact, &bytes)?;
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

    fn subject(&self) -> String {
        format!("component `{}` ({})", self.component.name, self.component.path.display())
    }

    fn artifact(&self) -> PathBuf {
        self.out.join(format!("{}.wasm", self.component.name))
    }

    fn scratch(&self) -> PathBuf {
        scratch(self.app, self.component, self.profile)
    }

    fn state_file(&self) -> PathBuf {
        state_file(self.app, self.component, self.profile)
    }

    fn sidecar(&self, artifact: &Path) -> Sidecar {
        Sidecar::new(&self.stage_file("component"), artifact)
    }

    fn stage_file(&self, stage: &str) -> PathBuf {
        self.scratch().join(format!("{stage}.wasm"))
    }
}

/// A compiler that cannot write its cache says so in words of its own. The error is
/// then that of the folder; else it stays as it is.
fn blame_cache(error: Error, cache: &Path) -> Error {
    let written = std::fs::create_dir_all(cache).and_then(|()| tempfile::tempfile_in(cache));
    match written {
        Err(cause) if error.code() != Code::Interrupted => {
            let printed = error.tool_output().unwrap_or_default().to_owned();
            Error::io("write", cache, &cause).output(printed).hint(
                "Compilers keep there what they make once: set XDG_CACHE_HOME to a folder that \
                 can be written.",
            )
        }
        _ => error,
    }
}

/// A new folder in `scratch`, without those that killed builds have left there.
fn fresh_folder(scratch: &Path) -> Result<tempfile::TempDir> {
    const PREFIX: &str = "made-";
    files::create_folder(scratch)?;
    let failed = |error: std::io::Error| Error::io("create", scratch, &error);
    for entry in std::fs::read_dir(scratch).map_err(failed)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let _ = std::fs::remove_dir_all(entry.path());
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
