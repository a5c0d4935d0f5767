//! One component, from its sources to its artifact: the pipeline itself.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use super::sidecar::{Sidecar, separate};
use super::state::{Input, State, sha256};
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

impl Job<'_> {
    /// Builds the component unless nothing changed.
    ///
    /// # Errors
    /// What stands in the way; the old artifact is then as it was.
    pub fn run(&self) -> Result<Built> {
        let artifact = self.out.join(format!("{}.wasm", self.component.name));
        let settings = self.settings()?;
        let sources = self.handler().sources()?;
        if let Some(built) = self.unchanged(&artifact, &settings, &sources)? {
            return Ok(built);
        }
        // Read before the compiler does: a source that is edited while it runs
        // then differs from its state, and the next build sees it.
        let mut inputs =
            sources.iter().map(|path| Input::read(path)).collect::<Result<Vec<_>>>()?;
        let mut stages = Vec::new();
        let Outcome { checked, trace, inputs: others, warnings } = self.build(&mut stages)?;
        for path in others {
            inputs.push(Input::read(&path)?);
        }
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        inputs.dedup_by(|a, b| a.path == b.path);
        let digest = sha256(checked.bytes());
        files::write(&self.stage_file("component"), checked.bytes())?;
        self.sidecar(&artifact).save(trace.as_deref())?;
        files::write(&artifact, checked.bytes())?;
        State { settings, inputs, sha256: digest.clone(), warnings }.save(&self.state_file())?;
        Ok(self.built(artifact, checked.bytes().len(), digest, stages))
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
            let compiled = language.compile(&context)?;
            separate(compiled, &context).map_err(|error| self.no_component(&error))
        })?;
        let warnings = context.warnings.take();
        self.show(&warnings);
        let component = match compiled.code {
            language::Code::Module(bytes) => self.finish(CoreModule(bytes), &world, stages)?,
            language::Code::Unstarted(bytes, startup) => {
                let module = CoreModule(bytes);
                let started = self.timed(Stage::Snapshot, stages, || {
                    self.snapshot(&module, &startup, &context)
                })?;
                self.finish(started, &world, stages)?
            }
            language::Code::Component(bytes) => ComponentBytes(bytes),
        };
        let component = describe(&component, self.component.language.title())
            .map_err(|error| self.no_component(&error))?;
        let subject = self.subject();
        let checked = self.timed(Stage::Check, stages, || check(component, &world, &subject))?;
        Ok(Outcome { checked, trace, inputs: compiled.inputs, warnings })
    }

    fn context<'b>(&'b self, world: &'b World) -> Result<Context<'b>> {
        let private = language::private_folder(&self.component.path)?;
        let scratch = self.scratch();
        files::create_folder(&scratch)?;
        Ok(Context {
            component: self.handler(),
            toolchain: self.toolchain,
            world,
            profile: self.profile,
            app: &self.app.path,
            sdk: language::sdk_folder(&private, self.component.language),
            scratch,
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
        Ok(done.module)
    }

    /// Core module -> component.
    fn finish(
        &self,
        module: CoreModule,
        world: &World,
        stages: &mut Vec<StageTime>,
    ) -> Result<ComponentBytes> {
        files::write(&self.stage_file("module"), &module.0)?;
        self.timed(Stage::Componentize, stages, || self.componentize(&module, world))
    }

    fn componentize(&self, module: &CoreModule, world: &World) -> Result<ComponentBytes> {
        check_module(&module.0, world, &self.subject())?;
        encode(&module.0, world).map(ComponentBytes).map_err(|error| self.no_component(&error))
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
        self.report.event(&Event::Stage { component: &self.component.name, stage });
        let start = Instant::now();
        let result = work()?;
        stages.push(StageTime { stage, duration: start.elapsed() });
        Ok(result)
    }

    /// The artifact of the last build, put where it should be, if nothing changed since.
    fn unchanged(
        &self,
        artifact: &Path,
        settings: &str,
        sources: &[PathBuf],
    ) -> Result<Option<Built>> {
        let Some(state) = State::load(&self.state_file()) else { return Ok(None) };
        let sdk = self.component.path.join(".isospin/sdk").join(self.component.language.name());
        if !state.is_current(settings, sources) || !sdk.is_dir() {
            return Ok(None);
        }
        let Ok(bytes) = std::fs::read(self.stage_file("component")) else { return Ok(None) };
        files::write_if_different(artifact, &bytes)?;
        self.sidecar(artifact).restore()?;
        self.show(&state.warnings);
        let mut built = self.built(artifact.to_owned(), bytes.len(), state.sha256, Vec::new());
        built.unchanged = true;
        Ok(Some(built))
    }

    fn built(&self, path: PathBuf, size: usize, sha256: String, stages: Vec<StageTime>) -> Built {
        Built {
            component: self.component.name.clone(),
            language: self.component.language.name(),
            path,
            size: size as u64,
            sha256,
            unchanged: false,
            stages,
        }
    }

    /// Digest of all that is not a file of the component.
    fn settings(&self) -> Result<String> {
        #[derive(Serialize)]
        struct Settings<'a> {
            builder: String,
            language: &'a str,
            profile: Profile,
            capabilities: Vec<&'a str>,
            tools: Vec<(&'a str, &'a Path, &'a str)>,
        }
        let settings = Settings {
            builder: builder_identity()?,
            language: self.component.language.name(),
            profile: self.profile,
            capabilities: self.component.capabilities().iter().map(|c| c.name()).collect(),
            tools: self
                .toolchain
                .tools
                .iter()
                .map(|found| (found.tool.name, found.path.as_path(), found.version.as_str()))
                .collect(),
        };
        Ok(sha256(&serde_json::to_vec(&settings).unwrap_or_default()))
    }

    fn subject(&self) -> String {
        format!("component `{}` ({})", self.component.name, self.component.path.display())
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

/// Where a component's stages and state are kept.
fn scratch(app: &App, component: &Component, profile: Profile) -> PathBuf {
    app.path.join(".isospin/build").join(&component.name).join(profile.name())
}

pub(super) fn state_file(app: &App, component: &Component, profile: Profile) -> PathBuf {
    scratch(app, component, profile).join("state.json")
}

/// What tells this builder from another: SDKs, world and adapters are inside
/// the program, so another program means another build.
fn builder_identity() -> Result<String> {
    let program =
        std::env::current_exe().map_err(|error| Error::io("find", Path::new("isospin"), &error))?;
    let metadata =
        std::fs::metadata(&program).map_err(|error| Error::io("read", &program, &error))?;
    let modified = metadata.modified().ok().map(|time| format!("{time:?}"));
    Ok(format!("{} {} {modified:?}", env!("CARGO_PKG_VERSION"), metadata.len()))
}
