//! How a trace shows the paths of sources.

use std::path::{Path, PathBuf};

use crate::paths::{normal, relative};
use crate::toolchain::Toolchain;

/// The folders that are not shown in full.
pub struct Folders<'a> {
    component: PathBuf,
    app: PathBuf,
    /// Names and folders of tools, which bring libraries in.
    tools: Vec<(String, PathBuf)>,
    library: LibraryTraces<'a>,
}

/// What is known of a language's own library.
pub struct LibraryTraces<'a> {
    /// What a compiler calls a file of it in a way of its own -> how it is shown.
    pub path: &'a dyn Fn(&str) -> Option<String>,
    /// Whether a function of it is left out of traces.
    pub is_left_out: &'a dyn Fn(&str) -> bool,
}

impl Folders<'_> {
    pub fn new<'a>(
        component: &Path,
        app: &Path,
        toolchain: &Toolchain,
        library: LibraryTraces<'a>,
    ) -> Folders<'a> {
        let tools = toolchain.tools.iter().filter_map(|found| {
            // A link on `PATH` leads to where the tool and its libraries are.
            let path = found.path.canonicalize().unwrap_or_else(|_| found.path.clone());
            Some((found.tool.name.to_owned(), path.parent()?.to_owned()))
        });
        let tools = tools.collect();
        Folders { component: component.to_owned(), app: app.to_owned(), tools, library }
    }

    /// Whether traces leave a function out.
    pub fn leaves_out(&self, function: &str) -> bool {
        (self.library.is_left_out)(function)
    }

    /// A path relative to the component's folder, if it is in that or elsewhere in
    /// the app; the name of a tool and the path in its folder, if it is in that.
    /// Thus a trace has the same text wherever the component was built.
    pub fn show(&self, path: &str) -> String {
        if let Some(shown) = (self.library.path)(path) {
            return shown;
        }
        let path = normal(Path::new(path));
        let shown = |path: &Path| path.display().to_string();
        if path.starts_with(&self.component) || path.starts_with(&self.app) {
            return shown(&relative(&path, &self.component));
        }
        for (tool, folder) in &self.tools {
            if let Ok(inside) = path.strip_prefix(folder) {
                return format!("{tool}/{}", inside.display());
            }
        }
        shown(&path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_component() {
        let folders = Folders {
            component: "/home/me/app/words".into(),
            app: "/home/me/app".into(),
            tools: vec![("zig".to_owned(), "/opt/zig".into())],
            library: LibraryTraces {
                path: &|path| path.strip_prefix("/built/").map(|path| format!("std/{path}")),
                is_left_out: &|_| false,
            },
        };
        for (path, shown) in [
            ("/home/me/app/words/src/./main.c", "src/main.c"),
            ("src/lib.rs", "src/lib.rs"),
            ("./handler.c", "handler.c"),
            ("/home/me/app/shared/table.h", "../shared/table.h"),
            ("/home/me/app/words/../table.h", "../table.h"),
            ("/opt/zig/lib/std/debug.zig", "zig/lib/std/debug.zig"),
            ("/usr/include/stdio.h", "/usr/include/stdio.h"),
            ("../x.c", "../x.c"),
            ("/built/vec.rs", "std/vec.rs"),
        ] {
            assert_eq!(folders.show(path), shown);
        }
    }
}
