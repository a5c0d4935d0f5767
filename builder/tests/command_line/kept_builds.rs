//! Builds that are kept for later: what is taken from them, and what never is.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::Value;
use tempfile::TempDir;

use super::surroundings::{HANDLER, Watched, artifacts, hello, isospin, stderr, stdout};
use super::{always, needs};

pub fn tests() -> Vec<Trial> {
    let mut tests = vec![
        needs("c", "a build after clean is taken from an earlier one", after_clean),
        needs("c", "a build after switching back is taken from an earlier one", switched_back),
        needs("c", "an edit that leaves the module alone stops there", cut_off),
        needs("c", "files outside of the component decide too", outside),
        needs("c", "a header above the component decides too", above),
        needs("c", "a folder that is named in a source is not any other", named_place),
        needs("c", "a build with damaged entries is as good as without", damaged),
        needs("c", "the limit holds", limited),
        needs("c", "clean --cache removes what is kept, and says how much", emptied),
        needs("c", "builds that cannot be kept are built all the same", not_kept),
        needs("c", "doctor tells how much is kept", told_by_doctor),
        always("a limit that is no size is refused", wrong_limit),
    ];
    for language in isospin_builder::language::LANGUAGES {
        let name = language.name();
        let test = move || another_clone(name);
        tests.push(needs(name, "another clone takes what one has built", test));
    }
    tests
}

/// Builds that are kept in a folder of this test's own.
pub struct Kept {
    folder: TempDir,
}

impl Kept {
    pub fn new() -> Kept {
        Kept { folder: tempfile::tempdir().unwrap() }
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("builds")
    }

    /// The same command, with these builds.
    pub fn with(&self, mut command: Command) -> Command {
        command.env("ISOSPIN_BUILD_CACHE", self.folder()).env_remove("ISOSPIN_BUILD_CACHE_LIMIT");
        command
    }

    pub fn isospin(&self, folder: &Path) -> Command {
        self.with(isospin(folder))
    }

    /// Builds the app in `folder`; gives its events.
    fn build(&self, folder: &Path) -> Vec<Value> {
        events(self.isospin(folder).args(["build", "--json"]))
    }

    pub fn files(&self) -> Vec<PathBuf> {
        isospin_builder::files::files_below(&self.folder()).unwrap()
    }
}

fn events(command: &mut Command) -> Vec<Value> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The stages that were gone through, and whether each was done before.
fn stages(events: &[Value]) -> Vec<(String, bool)> {
    let stages = events.iter().filter(|event| event["event"] == "stage");
    let name = |event: &Value| event["stage"].as_str().unwrap().to_owned();
    stages.map(|event| (name(event), event["cached"].as_bool().unwrap())).collect()
}

fn built(events: &[Value]) -> &Value {
    events.iter().find(|event| event["event"] == "built").unwrap()
}

/// Whether all of it was taken, and no compiler was started.
fn is_taken(events: &[Value]) -> bool {
    stages(events).is_empty() && built(events)["cached"] == true
}

/// What `doctor` says of them.
fn told_by_doctor() {
    let (kept, folder) = (Kept::new(), hello());
    kept.build(folder.path());
    let size: u64 = kept.files().iter().map(|file| file.metadata().unwrap().len()).sum();
    let told = events(kept.isospin(folder.path()).args(["doctor", "--json"]));
    let told = &told.last().unwrap()["kept_builds"];
    assert!(size > 0);
    assert_eq!(told["size"], size);
    assert_eq!(told["path"], kept.folder().to_str().unwrap());
    let output = kept.isospin(folder.path()).arg("doctor").output().unwrap();
    assert!(stdout(&output).contains("kept builds: "), "{}", stdout(&output));
}

fn artifact(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("dist").join(&artifacts(folder)[0])).unwrap()
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn after_clean() {
    let (kept, folder, zig) = (Kept::new(), hello(), Watched::zig(""));
    write(folder.path(), "handler.c", &HANDLER.replace("(void)request;", "int forgotten;"));
    let build = || events(kept.with(zig.isospin(folder.path())).args(["build", "--json"]));
    let first = build();
    assert!(!is_taken(&first));
    let (bytes, starts) = (artifact(folder.path()), zig.starts());
    std::fs::remove_dir_all(folder.path().join(".isospin")).unwrap();
    std::fs::remove_dir_all(folder.path().join("dist")).unwrap();
    std::fs::remove_file(folder.path().join("compile_commands.json")).unwrap();
    let second = build();
    assert!(is_taken(&second), "{second:?}");
    assert_eq!(zig.starts(), starts, "a tool was started");
    assert_eq!(artifact(folder.path()), bytes);
    // Warnings are a part of it, and what editors read.
    let warned = |events: &[Value]| events.iter().any(|event| event["event"] == "output");
    assert!(warned(&first) && warned(&second));
    assert!(folder.path().join("compile_commands.json").is_file());
    assert!(folder.path().join(".isospin/sdk/c/include/isospin.h").is_file());
    // And the next build sees that nothing changed.
    assert_eq!(built(&build())["unchanged"], true);
    // Another compiler of the same version may be anything.
    let other = Watched::zig("");
    std::fs::remove_dir_all(folder.path().join(".isospin")).unwrap();
    let third = events(kept.with(other.isospin(folder.path())).args(["build", "--json"]));
    assert!(!is_taken(&third));
    assert!(other.starts() > 0);
    // Nor is one profile the other.
    let debug = events(kept.with(zig.isospin(folder.path())).args(["build", "--json", "--debug"]));
    assert!(!is_taken(&debug));
}

fn switched_back() {
    let (kept, folder) = (Kept::new(), hello());
    kept.build(folder.path());
    let first = artifact(folder.path());
    write(folder.path(), "handler.c", &HANDLER.replace("hello", "other"));
    assert!(!is_taken(&kept.build(folder.path())));
    assert_ne!(artifact(folder.path()), first);
    write(folder.path(), "handler.c", HANDLER);
    assert!(is_taken(&kept.build(folder.path())));
    assert_eq!(artifact(folder.path()), first);
    // A file more is another component, even an empty one.
    write(folder.path(), "other.c", "\n");
    assert!(!is_taken(&kept.build(folder.path())));
    // And the same text in a file of another name.
    std::fs::rename(folder.path().join("other.c"), folder.path().join("another.c")).unwrap();
    assert!(!is_taken(&kept.build(folder.path())));
}

fn cut_off() {
    let (kept, folder) = (Kept::new(), hello());
    kept.build(folder.path());
    let first = artifact(folder.path());
    write(folder.path(), "handler.c", &format!("// A remark.\n{HANDLER}"));
    let events = kept.build(folder.path());
    let expected = [("compile", false), ("componentize", true), ("check", true)];
    assert_eq!(stages(&events), expected.map(|(stage, known)| (stage.to_owned(), known)));
    assert_eq!(artifact(folder.path()), first);
    let told = built(&events)["stages"].as_array().unwrap();
    assert_eq!(told.iter().filter(|stage| stage["cached"] == true).count(), 2, "{told:?}");
    // People are told too.
    write(folder.path(), "handler.c", &format!("// Another.\n{HANDLER}"));
    let said = stderr(&kept.isospin(folder.path()).arg("build").output().unwrap());
    assert!(said.contains("then as before"), "{said}");
}

/// An app with a component that includes a file of the app beside it.
fn with_header(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "isospin.toml",
        "[app]\nname = \"shared\"\n[component.one]\nroute = \"/...\"\n",
    );
    let source =
        HANDLER.replace("#include <isospin.h>", "#include <isospin.h>\n#include \"text.h\"");
    write(folder.path(), "one/handler.c", &source.replace("\"hello\\n\"", "TEXT"));
    write(folder.path(), "one/compile_flags.txt", "-I../shared\n");
    write(folder.path(), "shared/text.h", &format!("#define TEXT \"{text}\"\n"));
    folder
}

fn outside() {
    let kept = Kept::new();
    let (one, same, other) = (with_header("one"), with_header("one"), with_header("other"));
    assert!(!is_taken(&kept.build(one.path())));
    assert!(is_taken(&kept.build(same.path())), "it is in the app of another clone, and the same");
    assert!(!is_taken(&kept.build(other.path())), "a header differs");
    let says = |app: &TempDir, text: &str| {
        let bytes = artifact(app.path());
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert!(says(&one, "one") && says(&same, "one") && says(&other, "other"));
    // The header of one clone is no matter of the other, whichever was first.
    write(one.path(), "shared/text.h", "#define TEXT \"other\"\n");
    assert!(is_taken(&kept.build(one.path())));
    assert!(says(&one, "other"));
    std::fs::remove_file(same.path().join("shared/text.h")).unwrap();
    let output = kept.isospin(same.path()).arg("build").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

/// As [`outside`], but no flags lead there.
fn above() {
    let kept = Kept::new();
    let app = |text: &str| {
        let folder = with_header(text);
        std::fs::remove_file(folder.path().join("one/compile_flags.txt")).unwrap();
        let source = std::fs::read_to_string(folder.path().join("one/handler.c")).unwrap();
        write(
            folder.path(),
            "one/handler.c",
            &source.replace("\"text.h\"", "\"../shared/text.h\""),
        );
        folder
    };
    assert!(!is_taken(&kept.build(app("one").path())));
    assert!(is_taken(&kept.build(app("one").path())));
    let other = app("other");
    assert!(!is_taken(&kept.build(other.path())));
    write(other.path(), "shared/text.h", "#define TEXT \"third\"\n");
    assert!(!is_taken(&kept.build(other.path())), "the edit is not seen");
}

fn named_place() {
    let kept = Kept::new();
    let shared = tempfile::tempdir().unwrap();
    write(shared.path(), "text.h", "#define TEXT \"one\"\n");
    // By a path of this machine, and outside of the app.
    let app = || {
        let folder = with_header("unused");
        let flags = format!("-I{}\n", shared.path().display());
        write(folder.path(), "one/compile_flags.txt", &flags);
        folder
    };
    let (one, other) = (app(), app());
    kept.build(one.path());
    assert!(!is_taken(&kept.build(other.path())), "it is not known what it would read there");
    std::fs::remove_dir_all(one.path().join(".isospin")).unwrap();
    assert!(is_taken(&kept.build(one.path())), "at its own place it is");
}

fn damaged() {
    let (kept, folder) = (Kept::new(), hello());
    kept.build(folder.path());
    let first = artifact(folder.path());
    for file in kept.files() {
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        std::fs::write(&file, bytes).unwrap();
    }
    std::fs::remove_dir_all(folder.path().join(".isospin")).unwrap();
    assert!(!is_taken(&kept.build(folder.path())));
    assert_eq!(artifact(folder.path()), first);
    std::fs::remove_dir_all(folder.path().join(".isospin")).unwrap();
    assert!(is_taken(&kept.build(folder.path())), "what was damaged is whole again");
}

fn limited() {
    const LIMIT: u64 = 40_000;
    let (kept, folder) = (Kept::new(), hello());
    let size = || -> u64 { kept.files().iter().map(|file| file.metadata().unwrap().len()).sum() };
    for round in 0..8 {
        write(folder.path(), "handler.c", &HANDLER.replace("hello", &format!("hello {round}")));
        let mut command = kept.isospin(folder.path());
        let limit = LIMIT.to_string();
        events(command.args(["build", "--json"]).env("ISOSPIN_BUILD_CACHE_LIMIT", limit));
        assert!(size() <= LIMIT, "{}", size());
    }
    assert!(size() > LIMIT / 3, "{}: nearly nothing is kept", size());
    std::fs::remove_dir_all(folder.path().join(".isospin")).unwrap();
    assert!(is_taken(&kept.build(folder.path())), "the newest is kept");
}

fn emptied() {
    let (kept, folder) = (Kept::new(), hello());
    kept.build(folder.path());
    let size: u64 = kept.files().iter().map(|file| file.metadata().unwrap().len()).sum();
    let clean = || events(kept.isospin(folder.path()).args(["clean", "--cache", "--json"]));
    let told = clean();
    assert_eq!(told[0]["event"], "cleaned");
    assert_eq!(told[0]["size"], size);
    assert_eq!(kept.files(), Vec::<PathBuf>::new());
    assert_eq!(clean()[0]["size"], 0);
    // The app is as it was.
    assert_eq!(built(&kept.build(folder.path()))["unchanged"], true);
}

fn not_kept() {
    let folder = hello();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let mut command = isospin(folder.path());
    command.env("ISOSPIN_BUILD_CACHE", file.join("builds")).env_remove("ISOSPIN_BUILD_CACHE_LIMIT");
    let output = command.arg("build").output().unwrap();
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("builds are not kept for later").count(), 1, "{said}");
    assert!(said.contains("a-file"), "{said}");
    assert_eq!(artifacts(folder.path()).len(), 1);
}

/// Zig itself needs a cache; what it says must lead to what can be done.
fn wrong_limit() {
    let folder = hello();
    let mut command = isospin(folder.path());
    let output = command.arg("build").env("ISOSPIN_BUILD_CACHE_LIMIT", "plenty").output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("ISOSPIN_BUILD_CACHE_LIMIT: `plenty` is no size"), "{said}");
}

/// Copies of the smallest example in two places of other depth.
fn another_clone(language: &str) {
    let kept = Kept::new();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let other = other.path().join("in a/deeper folder");
    let name = format!("../examples/hello/hello-{language}");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    for to in [one.path(), &other] {
        for file in ignore::WalkBuilder::new(&from).build().map(Result::unwrap) {
            if file.file_type().is_some_and(|kind| kind.is_file()) {
                let to = to.join(file.path().strip_prefix(&from).unwrap());
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                std::fs::copy(file.path(), to).unwrap();
            }
        }
    }
    assert!(!is_taken(&kept.build(one.path())));
    let events = kept.build(&other);
    assert!(is_taken(&events), "{events:?}");
    assert_eq!(artifact(&other), artifact(one.path()));
    assert_eq!(built(&kept.build(&other))["unchanged"], true);
    // What was taken can be edited and built like what was compiled here.
    std::fs::remove_dir_all(kept.folder()).unwrap();
    std::fs::remove_dir_all(other.join(".isospin/build")).unwrap();
    assert!(!is_taken(&kept.build(&other)));
    assert_eq!(artifact(&other), artifact(one.path()), "the same sources give the same bytes");
}
