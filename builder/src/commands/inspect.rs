use std::path::{Path, PathBuf};

use clap::Args;

use crate::component::{Inspection, inspect};
use crate::files;
use crate::report::{Code, Error, Manner, Result, human, print_data};

/// Show what is inside a WebAssembly file
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  isospin inspect dist/hello.wasm --json\n  isospin inspect dist/hello.wasm --trace wasmtime.log"
)]
pub struct Inspect {
    /// A component or core module
    file: PathBuf,

    /// Name the places in the sources for a trace that another host has printed of
    /// the file, kept in LOG
    #[arg(long, value_name = "LOG")]
    trace: Option<PathBuf>,
}

impl Inspect {
    /// # Errors
    /// If the file cannot be read or is not WebAssembly.
    pub fn run(self, manner: Manner) -> Result<()> {
        let bytes = files::read(&self.file)?;
        if let Some(log) = &self.trace {
            return trace(&self.file, &bytes, log, manner);
        }
        let inspection = inspect(&bytes, &self.file.display().to_string())?;
        if manner.json {
            print_data(&serde_json::to_string(&inspection).unwrap_or_default());
        } else {
            print_data(&text(&inspection));
        }
        Ok(())
    }
}

fn trace(file: &Path, component: &[u8], log: &Path, manner: Manner) -> Result<()> {
    let text = String::from_utf8_lossy(&files::read(log)?).into_owned();
    let placed = isospin_host::place_trace(file, component, &text).map_err(|why| {
        Error::new(Code::TraceUnplaced, format!("{}: the trace has no places", log.display()))
            .cause(why)
            .hint("The trace must be of this very file, and what `isospin build` wrote beside it must be there still.")
    })?;
    match manner.json {
        true => {
            let lines: Vec<&str> = placed.lines().collect();
            print_data(&serde_json::json!({ "trace": lines }).to_string());
        }
        false => print_data(placed.trim_end()),
    }
    Ok(())
}

fn text(inspection: &Inspection) -> String {
    let mut lines = vec![
        format!("kind      {}", inspection.kind),
        format!("size      {}", human::size(inspection.size)),
        format!("memory    {} at the start", human::size(inspection.initial_memory)),
    ];
    lines.push(match &inspection.world {
        Ok(capabilities) if capabilities.is_empty() => "world     matches".to_owned(),
        Ok(capabilities) => {
            let names: Vec<&str> = capabilities.iter().map(|c| c.name()).collect();
            format!("world     matches, with {}", names.join(", "))
        }
        Err(why) => format!("world     does not match: {why}"),
    });
    if let Some(language) = &inspection.language {
        lines.push(format!("language  {language}"));
    }
    for (title, items) in [("imports", &inspection.imports), ("exports", &inspection.exports)] {
        lines.push(format!("\n{title}"));
        for item in items {
            let version = item.version.as_deref().unwrap_or("");
            lines.push(format!("  {} {version}", item.name).trim_end().to_owned());
        }
    }
    lines.push("\nmade by".to_owned());
    for producer in &inspection.producers {
        lines.push(format!("  {} {} {}", producer.field, producer.tool, producer.version));
    }
    lines.push("\nsections".to_owned());
    for section in &inspection.sections {
        lines.push(format!("  {:>10}  {}", human::size(section.size), section.name));
    }
    lines.join("\n")
}
