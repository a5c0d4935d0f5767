//! Paths by their text alone: nothing here looks at a disk.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// The path without `.`, and without `..` where that does not lead out of it. This is
/// the same file as long as no link stands before a `..`.
pub fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match (part, normal.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(normal.pop()),
            (part, _) => normal.push(part),
        }
    }
    normal
}

/// The path as seen from a folder, which may be beside or below it. Both are
/// absolute and normal.
pub fn relative(path: &Path, folder: &Path) -> PathBuf {
    let shared = path.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}

/// The user's folder of one kind, as the XDG base directory specification gives it: what
/// the variable `name` says, else `below_home` in the home folder. `variable` reads one.
pub fn user_folder(
    variable: impl Fn(&str) -> Option<OsString>,
    name: &str,
    below_home: &str,
) -> Option<PathBuf> {
    // The specification says: a relative path in these variables is ignored.
    let set = variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set.or_else(|| Some(PathBuf::from(variable("HOME")?).join(below_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_taken_out_of_paths() {
        assert_eq!(normal(Path::new("/a/b/../c/./d/../../e")), Path::new("/a/e"));
        assert_eq!(normal(Path::new("/../a")), Path::new("/a"));
        assert_eq!(normal(Path::new("../../a/./b/../c")), Path::new("../../a/c"));
    }

    #[test]
    fn sources_have_one_name_wherever_the_app_lies() {
        for root in ["/a", "/home/me/work"] {
            let folder = Path::new(root).join("app/hello");
            let shown = |path: &str| relative(&Path::new(root).join(path), &folder);
            assert_eq!(shown("app/hello/src/x.ts"), Path::new("src/x.ts"));
            assert_eq!(shown("app/node_modules/zod/v.js"), Path::new("../node_modules/zod/v.js"));
            assert_eq!(shown("node_modules/zod/v.js"), Path::new("../../node_modules/zod/v.js"));
        }
    }
}
