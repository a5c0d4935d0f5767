//! Which files are code, and which are data that requests may read: templates, pages, tables.

use std::path::Path;

/// Endings of what is for compilers, editors and other interpreters.
const FOR_TOOLS: &[&str] = &["pyi", "pyc", "pyx", "pxd", "so", "pyd", "c", "h", "typed"];

/// Beginnings of the names of files that describe a project to people and tools.
const OF_PROJECTS: &[&str] = &[
    "CHANGELOG",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "Pipfile",
    "README",
    "mypy.ini",
    "pdm.lock",
    "poetry.lock",
    "pyproject.toml",
    "pyrightconfig.json",
    "pytest.ini",
    "requirements",
    "setup.cfg",
    "tox.ini",
    "uv.lock",
];

/// Whether a file is code.
pub fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}

/// Whether `path`, in the component's folder, is data of the handler.
pub fn is_own(path: &Path) -> bool {
    let of_project = || {
        let name = path.to_string_lossy();
        OF_PROJECTS.iter().any(|start| name.starts_with(start))
    };
    let is_top = path.components().count() == 1;
    is_data(path) && !(is_top && of_project())
}

/// Whether `path`, in the folder of the packages, is data of one of them.
pub fn is_packages(path: &Path) -> bool {
    let first = path.iter().next().map(|part| part.to_string_lossy());
    is_data(path) && !first.is_some_and(|first| first == "bin" || first.ends_with(".dist-info"))
}

fn is_data(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    !is_python(path) && !FOR_TOOLS.iter().any(|tool| ending == *tool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_handler_reads_is_data() {
        for path in ["templates/page.html", "static/README.md", "words.txt", "data/a", "a.toml"] {
            assert!(is_own(Path::new(path)), "{path}");
        }
        for path in ["handler.py", "requirements-dev.txt", "README.md", "uv.lock", "a/b.pyi"] {
            assert!(!is_own(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn what_packages_are_installed_with_is_none() {
        assert!(is_packages(Path::new("tzdata/zoneinfo/Europe/Berlin")));
        for path in ["flask-3.dist-info/METADATA", "bin/flask", "flask/py.typed", "x/_c.so"] {
            assert!(!is_packages(Path::new(path)), "{path}");
        }
    }
}
