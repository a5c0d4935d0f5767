//! The stages of one component: the pipeline itself.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::build_component::{COMPONENT, Job};
use super::cache::Files;
use super::compiling::Compiling;
use super::recipe::{Recipe, module_key};
use super::sidecar::separate;
use crate::component::{
    Checked, ComponentBytes, CoreModule, Startup, World, check, check_module, describe, encode,
    snapshot,
};
use crate::files;
use crate::language::{self, Context};
use crate::report::{Code, Error, Event, Result, Stage, StageTime};

/// What start-up printed, among the files of a module's entry in the cache.
const PRINTED: &str = "printed";

/// What the stages made of a component's sources.
pub(super) struct Outcome {
    pub checked: Checked,
    /// The places of its code, for a file beside it, if the compiler told them.
    pub trace: Option<Vec<u8>>,
    /// Files outside the component's folder that went into it.
    pub inputs: Vec<PathBuf>,
    /// What the tools printed although they succeeded.
    pub warnings: String,
}

impl Job<'_> {
    /// Sources -> core module -> initialised module -> component -> checked.
    pub(super) fn build(
        &self,
        recipe: &Recipe<'_>,
        stages: &mut Vec<StageTime>,
    ) -> Result<Outcome> {
        let world = self.component.world();
        // What is left of an earlier build no longer tells the truth.
        let _ = std::fs::remove_file(self.state_file());
        let context = self.context(&world)?;
        let language = self.component.language;
        let (compiled, trace) = self.timed(Stage::Compile, stages, || {
            language::write_sdk(language, &world, &context.sdk)?;
            let compiling = Compiling::begin(&context)?;
            let compiled = language.compile(&context);
            if recipe.is_untouched() {
                compiling.trust();
            }
            let compiled = compiled.map_err(|error| blame_cache(error, &context.cache))?;
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
        let (mut files, _) = self.cache.find(key, |_| Some(()))?;
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
