//! Names and places that cannot be.

use libtest_mimic::Trial;

use super::support::{fail, names, read, succeed, tree, write};
use super::{always, needs};

pub fn tests() -> Vec<Trial> {
    vec![
        always("names that cannot be are refused with one that can", bad_names),
        always("reserved names become packages of another name", reserved_names),
        always("what is there already is not touched", taken),
        always("an empty folder is filled", empty_folder),
        always("a path leads to the place of the app", path),
        needs(no_mounts(), "a place that cannot be written stays empty", unwritable),
    ]
}

fn bad_names() {
    let folder = tempfile::tempdir().unwrap();
    for (name, near) in [
        ("Hello", "`hello`"),
        ("my app", "`my-app`"),
        ("my_app", "`my-app`"),
        ("Café Zürich", "`caf-z-rich`"),
        ("日本", "such as `hello`"),
        ("-x", "`x`"),
        ("x-", "`x`"),
        ("..", "such as `hello`"),
        (".", "such as `hello`"),
        ("a/..", "`a`"),
        ("/", "such as `hello`"),
        (&"x".repeat(65), "would do"),
    ] {
        let said = fail(folder.path(), &["new", "--language", "c", "--", name], 2, "E0801");
        assert!(said.contains(near), "{name}: {said}");
        assert!(names(folder.path()).is_empty(), "{name}");
    }
}

fn reserved_names() {
    let folder = tempfile::tempdir().unwrap();
    for (language, name, file, wanted) in [
        ("rust", "async", "Cargo.toml", "name = \"async-handler\""),
        ("rust", "3d", "Cargo.toml", "name = \"handler-3d\""),
        ("rust", "isospin", "Cargo.toml", "name = \"isospin-handler\""),
        ("go", "main", "go.mod", "module main-handler"),
        ("zig", "fn", "build.zig.zon", ".name = .fn_handler"),
        (
            "zig",
            "a-very-long-name-of-a-zig-component",
            "build.zig.zon",
            ".a_very_long_name_of_a_zig_compon,",
        ),
        ("javascript", "hono", "package.json", "\"name\": \"hono-handler\""),
        ("python", "starlette", "pyproject.toml", "name = \"starlette-handler\""),
    ] {
        let place = tempfile::tempdir_in(folder.path()).unwrap();
        succeed(place.path(), &["new", name, "--language", language]);
        let text = read(&place.path().join(name), file);
        assert!(text.contains(wanted), "{text}");
        // The app and its component are called as they were asked for.
        let manifest = read(&place.path().join(name), "isospin.toml");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{manifest}");
    }
}

fn taken() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "full/Cargo.toml", "mine");
    write(folder.path(), "file", "mine");
    std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
    for name in ["full", "file", "link"] {
        let said = fail(folder.path(), &["new", name, "--language", "rust"], 1, "E07");
        assert!(said.contains(name), "{said}");
        assert_eq!(names(folder.path()), ["file", "full", "link"]);
    }
    assert_eq!(tree(&folder.path().join("full")), [("Cargo.toml".into(), b"mine".to_vec())].into());
    assert_eq!(read(folder.path(), "file"), "mine");
    let said = fail(folder.path(), &["new", "full", "--language", "rust"], 1, "E0708");
    assert!(said.contains("Choose another name"), "{said}");
    fail(folder.path(), &["new", "missing/hello", "--language", "rust"], 1, "E0705");
}

fn empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("hello")).unwrap();
    succeed(folder.path(), &["new", "hello", "--language", "c"]);
    assert!(folder.path().join("hello/isospin.toml").is_file());
    assert_eq!(names(folder.path()), ["hello"]);
}

fn path() {
    let folder = tempfile::tempdir().unwrap();
    let outer = folder.path().join("with space é");
    std::fs::create_dir(&outer).unwrap();
    succeed(folder.path(), &["new", "with space é/hello", "--language", "c"]);
    assert!(read(&outer, "hello/isospin.toml").contains("[component.hello]"));
    succeed(&outer, &["new", "../beside", "--language", "c"]);
    assert!(folder.path().join("beside/isospin.toml").is_file());
}

/// Mounts in a namespace of its own, of which nothing is left.
fn mounting(script: &str) -> std::process::Command {
    let mut command = std::process::Command::new("unshare");
    if !rustix::process::getuid().is_root() {
        command.arg("--map-root-user");
    }
    command.args(["--mount", "sh", "-c", script]);
    command
}

fn no_mounts() -> Option<String> {
    let tried = mounting("mount -t tmpfs tmpfs /mnt").output();
    let can = tried.is_ok_and(|output| output.status.success());
    (!can).then(|| "a small file system cannot be mounted here".to_owned())
}

fn unwritable() {
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_isospin");
    let new = format!("'{program}' new hello --language c 2>&1; echo ended $?; ls -A");
    for (options, code) in [("ro", "E0703"), ("size=64k", "E0704")] {
        let script = format!("mount -t tmpfs -o {options} tmpfs . && cd \"$PWD\" && {new}");
        let output = mounting(&script).current_dir(folder.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(code), "{said}");
        assert!(said.ends_with("ended 1\n"), "{options}: something is left: {said}");
    }
}
