//! What a component or core module imports and exports, by name.

use wasmparser::{ComponentExternalKind, Parser, Payload};

/// The top-level imports and exports of a component.
#[derive(Default)]
pub(super) struct Names {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

impl Names {
    pub(super) fn read(component: &[u8]) -> anyhow::Result<Names> {
        let mut names = Names::default();
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        names.imports.push(import?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        let export = export?;
                        if matches!(
                            export.kind,
                            ComponentExternalKind::Instance | ComponentExternalKind::Func
                        ) {
                            names.exports.push(export.name.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(names)
    }
}

/// The names of the modules that a core module imports from, with repeats.
pub(super) fn module_imports(module: &[u8]) -> anyhow::Result<Vec<String>> {
    let imports = module_names(module)?.imports;
    Ok(imports.iter().filter_map(|name| Some(name.split_once('#')?.0.to_owned())).collect())
}

/// The imports (`module#name`) and exports of a core module.
pub(super) fn module_names(module: &[u8]) -> anyhow::Result<Names> {
    let mut names = Names::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    names.imports.push(format!("{}#{}", import.module, import.name));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    names.exports.push(export?.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}
