//! Builds that are killed at any moment, and builds at the same time: what comes
//! after them is right.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use isospin_builder::files::{files_below, is_half_written};
use libtest_mimic::Trial;
use rustix::process::Signal;

use super::interruption::{end, signal};
use super::kept_builds::Kept;
use super::needs;
use super::surroundings::{HANDLER, Watched, artifacts, hello, isospin, stderr, stdout, succeed};

pub fn tests() -> Vec<Trial> {
    vec![
        needs("c", "a build after killed ones is right", killed),
        needs("c", "what a compiler kept counts only after a quiet end", distrusted),
        needs("c", "builds of several apps at once are right", at_once),
        needs("c", "a folder that goes while it is built is told", gone),
    ]
}

/// How many texts a handler answers in turn.
const VARIANTS: usize = 4;

fn write(folder: &Path, variant: usize) {
    let text = HANDLER.replace("hello", &format!("hello {variant}"));
    std::fs::write(folder.join("handler.c"), text).unwrap();
}

fn artifact(folder: &Path) -> Vec<u8> {
    let names = artifacts(folder);
    assert_eq!(names.len(), 1, "{names:?}");
    std::fs::read(folder.join("dist").join(&names[0])).unwrap()
}

/// What a build from nothing makes of each variant.
fn expected() -> Vec<Vec<u8>> {
    let folder = hello();
    let build = |variant| {
        write(folder.path(), variant);
        succeed(folder.path(), &["build"]);
        artifact(folder.path())
    };
    let made: Vec<Vec<u8>> = (0..VARIANTS).map(build).collect();
    assert!(made.windows(2).all(|pair| pair[0] != pair[1]));
    made
}

/// What a build says; hidden, so that it is no source.
fn said(folder: &Path) -> std::path::PathBuf {
    folder.join(".said")
}

fn start(kept: &Kept, folder: &Path) -> Child {
    let mut command = kept.isospin(folder);
    let file = std::fs::File::create(said(folder)).unwrap();
    command.arg("build").stdout(Stdio::null()).stderr(file).spawn().unwrap()
}

/// Kills a build with SIGKILL again and again, after a time that is different each
/// time, with an edit between; its compiler may outlive it. Each fourth build may end.
fn killed() {
    let expected = expected();
    let (kept, folder) = (Kept::new(), hello());
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    println!("seed {seed}");
    let mut random = seed | 1;
    let mut cut = 0;
    for round in 0..40 {
        let variant = round % VARIANTS;
        write(folder.path(), variant);
        // A build of the same app that went through is forgotten now and then.
        if round % 5 == 0 {
            succeed(folder.path(), &["clean"]);
            let _ = std::fs::remove_dir_all(kept.folder());
        }
        let child = start(&kept, folder.path());
        if round % 4 != 3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            std::thread::sleep(Duration::from_millis(random % 400));
            signal(&child, Signal::KILL);
        }
        match end(child) {
            Some(0) => assert!(artifact(folder.path()) == expected[variant], "round {round}"),
            Some(code) => {
                let said = std::fs::read_to_string(said(folder.path())).unwrap();
                panic!("round {round}: exit code {code}: {said}");
            }
            None => cut += 1,
        }
    }
    assert!(cut > 0, "no build was killed");
    println!("{cut} builds were killed");
    for round in 0..2 * VARIANTS {
        let variant = round % VARIANTS;
        write(folder.path(), variant);
        let output = kept.isospin(folder.path()).arg("build").output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(artifact(folder.path()) == expected[variant], "{variant} after kills");
    }
    let kept = files_below(&folder.path().join(".isospin/build")).unwrap();
    let left: Vec<_> = kept.iter().filter(|path| is_half_written(path)).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What Zig keeps of a component: after a build that was killed, or whose source was
/// written meanwhile, it may be of another text than Zig believes.
fn distrusted() {
    let (kept, folder) = (Kept::new(), hello());
    let path = folder.path();
    let build = |variant, zig: Option<&Watched>| {
        write(path, variant);
        let mut command = kept.isospin(path);
        if let Some(zig) = zig {
            command.env("ISOSPIN_ZIG", zig.path());
        }
        let output = command.arg("build").output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    };
    build(0, None);
    let components = path.join(".isospin/build");
    let component = std::fs::read_dir(components).unwrap().next().unwrap().unwrap().path();
    let (mark, cache) = (component.join("release/compiling"), component.join("release/zig-cache"));
    let planted = cache.join("planted");
    let plant = || std::fs::write(&planted, "").unwrap();
    plant();
    build(1, None);
    std::fs::write(path.join("handler.c"), "int broken(").unwrap();
    assert_eq!(kept.isospin(path).arg("build").output().unwrap().status.code(), Some(1));
    build(2, None);
    assert!(planted.exists() && !mark.exists(), "it was put away without need");
    // Written meanwhile.
    let touching = Watched::zig(&format!("touch '{}'", path.join("handler.c").display()));
    build(3, Some(&touching));
    build(4, None);
    assert!(!planted.exists() && !mark.exists(), "a source was written meanwhile");
    // Killed.
    plant();
    write(path, 5);
    let zig = Watched::zig("sleep 1");
    let mut command = kept.isospin(path);
    let file = std::fs::File::create(said(path)).unwrap();
    command.env("ISOSPIN_ZIG", zig.path()).arg("build").stdout(Stdio::null()).stderr(file);
    let child = command.spawn().unwrap();
    while !mark.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&child, Signal::KILL);
    assert_eq!(end(child), None);
    build(6, None);
    assert!(!planted.exists() && !mark.exists(), "the build was killed");
}

/// Four copies of an app, edited and built at the same time, all with the same
/// kept builds, while these are emptied and damaged.
fn at_once() {
    let expected = &expected();
    let kept = &Kept::new();
    std::thread::scope(|scope| {
        for copy in 0..4 {
            scope.spawn(move || {
                let folder = hello();
                for round in 0..6 {
                    let variant = (copy + round) % VARIANTS;
                    write(folder.path(), variant);
                    let output = kept.isospin(folder.path()).arg("build").output().unwrap();
                    assert!(output.status.success(), "{}", stderr(&output));
                    assert!(artifact(folder.path()) == expected[variant], "{copy}, {round}");
                }
            });
        }
        scope.spawn(move || {
            for round in 0..12 {
                std::thread::sleep(Duration::from_millis(150));
                if round % 4 == 3 {
                    let output = kept.isospin(Path::new("/")).args(["clean", "--cache"]).output();
                    let output = output.unwrap();
                    assert!(output.status.success(), "{}", stderr(&output));
                }
                let files = files_below(&kept.folder());
                for file in files.unwrap_or_default().into_iter().step_by(3) {
                    let _ = std::fs::OpenOptions::new()
                        .write(true)
                        .open(file)
                        .and_then(|file| file.set_len(10));
                }
            }
        });
    });
}

fn gone() {
    let folder = tempfile::tempdir().unwrap();
    let component = folder.path().join("one");
    std::fs::create_dir(&component).unwrap();
    std::fs::write(component.join("handler.c"), HANDLER).unwrap();
    let manifest = "[app]\nname = \"gone\"\n[component.one]\nroute = \"/...\"\n";
    std::fs::write(folder.path().join("isospin.toml"), manifest).unwrap();
    let zig = Watched::zig(&format!("rm -r '{}'", component.display()));
    let output = zig.isospin(folder.path()).arg("build").output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("one") && !said.contains("panicked"), "{said}{}", stdout(&output));
    assert!(artifacts(folder.path()).is_empty());
    // It is there again, and all is well.
    std::fs::create_dir(&component).unwrap();
    std::fs::write(component.join("handler.c"), HANDLER).unwrap();
    let output = isospin(folder.path()).arg("build").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}
