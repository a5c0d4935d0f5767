//! A compiler for handlers from the distribution's packages, in a folder of
//! its own: for machines that reach package archives and not rustup's server.
//!
//! The packages hold the compiler, its linker and the sources of the standard
//! library; the library for the target is compiled from these, once, and the
//! C library below it comes out of Zig.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{TARGET, tools};
use crate::files;
use crate::process::Command;
use crate::report::{Code, Error, Result};
use crate::toolchain::{Site, ZIG};

/// One line for each package: name, version, digest.
pub const PACKAGES: &str = include_str!("distribution.txt");

/// The compiler, within the folder that [`install`] fills.
pub const RUSTC: &str = "rustc";

/// Where the linker is, and where the compiler looks for it.
const LINKER: &str = "../../../llvm-22/bin/lld";
const LINKER_LINK: &str = "usr/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld";

const DOWNLOAD_LIMIT: Duration = Duration::from_secs(900);
const COMPILE_LIMIT: Duration = Duration::from_secs(1800);

/// Starts the compiler with its own libraries, wherever the folder is moved.
const WRAPPER: &str = r#"#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="$here/usr/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
exec "$here/usr/bin/rustc" "$@"
"#;

/// A package whose library is compiled for the target, and nothing besides.
const EMPTY_PACKAGE: &str = r#"[package]
name = "empty"
version = "0.0.0"
edition = "2024"

[workspace]

[lib]
path = "empty.rs"

[profile.release]
opt-level = "s"
codegen-units = 1
panic = "abort"
"#;

struct Package<'a> {
    name: &'a str,
    version: &'a str,
    digest: &'a str,
}

/// Fills the folder with a compiler and the library for [`TARGET`].
///
/// # Errors
/// If a package cannot be had or is not what it should be, or if the library
/// cannot be compiled.
pub fn install(site: &Site) -> Result<()> {
    let cargo = site.need(&tools::CARGO)?;
    let zig = site.need(&ZIG)?;
    for package in packages() {
        let archive = download(site, &package)?;
        site.say(&format!("unpacking {}", package.name));
        unpack(&archive, site.folder)?;
    }
    trim(site.folder)?;
    link_tools(site.folder)?;
    site.say("compiling the standard library");
    compile_library(site, &cargo)?;
    site.say("compiling the C library");
    compile_c_library(site, &zig)
}

fn packages() -> impl Iterator<Item = Package<'static>> {
    PACKAGES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split(' ');
        Some(Package { name: words.next()?, version: words.next()?, digest: words.next()? })
    })
}

/// The package's archive, of the right digest. It stays in the cache, so that
/// an interrupted installation goes on where it was.
fn download(site: &Site, package: &Package) -> Result<PathBuf> {
    let kept = site.finder.folders().cache().join("packages");
    let archive = kept.join(format!("{}-{}.deb", package.name, &package.digest[..12]));
    if digest(&archive).is_some_and(|found| found == package.digest) {
        return Ok(archive);
    }
    site.say(&format!("downloading {} {}", package.name, package.version));
    let folder = site.scratch.join(package.name);
    files::create_folder(&folder)?;
    let client = which::which("apt-get").map_err(|_| {
        Error::new(Code::SetupFailed, "apt-get: it is not here, and rustup has no target")
            .hint(format!("Install Rust with rustup, then run `rustup target add {TARGET}`."))
    })?;
    Command::new(client)
        .args(["download", "--quiet"])
        .arg(format!("{}={}", package.name, package.version))
        .folder(&folder)
        .limit(DOWNLOAD_LIMIT)
        .run(Code::SetupFailed)
        .map_err(|error| {
            error.hint(
                "These packages are in Debian 12's security archive for amd64. Elsewhere, \
                 install Rust with rustup. `apt-get update` may be needed.",
            )
        })?;
    let downloaded = files::files_below(&folder)?.into_iter().next();
    let Some(downloaded) = downloaded else {
        return Err(Error::new(
            Code::SetupFailed,
            format!("{}: apt-get downloaded nothing", package.name),
        ));
    };
    if digest(&downloaded).as_deref() != Some(package.digest) {
        return Err(Error::new(
            Code::DigestWrong,
            format!("{} {}: its digest is not {}", package.name, package.version, package.digest),
        )
        .hint("The archive or its mirror is damaged; nothing of it was used."));
    }
    files::create_folder(&kept)?;
    move_file(&downloaded, &archive)?;
    Ok(archive)
}

fn digest(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    Some(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unpack(archive: &Path, folder: &Path) -> Result<()> {
    Command::new("dpkg-deb")
        .arg("--extract")
        .arg(archive)
        .arg(folder)
        .limit(DOWNLOAD_LIMIT)
        .run(Code::SetupFailed)
        .map(drop)
}

/// Of what the packages bring, documentation and the compiler's own sources go.
fn trim(folder: &Path) -> Result<()> {
    let mut superfluous =
        vec![folder.join("usr/share"), folder.join("usr/bin/rustdoc"), folder.join("usr/libexec")];
    for sources in entries(&folder.join("usr/src"))? {
        superfluous
            .extend(entries(&sources)?.into_iter().filter(|entry| !entry.ends_with("library")));
        superfluous.push(sources.join("library/vendor"));
    }
    for path in superfluous {
        let removed = match path.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => std::fs::remove_dir_all(&path),
            Ok(_) => std::fs::remove_file(&path),
            Err(_) => continue,
        };
        removed.map_err(|error| Error::io("remove", &path, &error))?;
    }
    Ok(())
}

/// The compiler's entry and its linker, by paths that may be moved.
fn link_tools(folder: &Path) -> Result<()> {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let rustc = folder.join(RUSTC);
    files::write(&rustc, WRAPPER.as_bytes())?;
    std::fs::set_permissions(&rustc, std::fs::Permissions::from_mode(0o755))
        .map_err(|error| Error::io("make executable", &rustc, &error))?;
    let link = folder.join(LINKER_LINK);
    if let Some(parent) = link.parent() {
        files::create_folder(parent)?;
    }
    let _ = std::fs::remove_file(&link);
    symlink(LINKER, &link).map_err(|error| Error::io("create", &link, &error))
}

/// Compiles `std` for the target and puts it where the compiler looks for it.
fn compile_library(site: &Site, cargo: &Path) -> Result<()> {
    let package = site.scratch.join("library");
    files::write(&package.join("Cargo.toml"), EMPTY_PACKAGE.as_bytes())?;
    files::write(&package.join("empty.rs"), b"")?;
    let target = package.join("target");
    let sources = site.folder.join("usr/src");
    Command::new(cargo)
        .args(["build", "--release", "-Zbuild-std=std,panic_abort", "--target", TARGET])
        .arg("--target-dir")
        .arg(&target)
        .folder(&package)
        .env("RUSTC", site.folder.join(RUSTC))
        // The options above are not for everybody's use; the compiler's own
        // distribution is built with them.
        .env("RUSTC_BOOTSTRAP", "1")
        .env(
            "RUSTFLAGS",
            format!(
                "-Cembed-bitcode=yes --remap-path-prefix={}=/rustc --remap-path-prefix={}=/rustc",
                sources.display(),
                site.folder.join("usr/lib/rustlib/src").display(),
            ),
        )
        .limit(COMPILE_LIMIT)
        .run(Code::SetupFailed)?;
    let library = library(site.folder);
    files::create_folder(&library)?;
    for file in entries(&target.join(TARGET).join("release/deps"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            move_file(&file, &library.join(name))?;
        }
    }
    Ok(())
}

/// Lets Zig make its C library for WASI, and takes it over from its cache.
fn compile_c_library(site: &Site, zig: &Path) -> Result<()> {
    let folder = site.scratch.join("c");
    files::write(&folder.join("empty.c"), b"void handler(void) {}\n")?;
    let output = Command::new(zig)
        .args(["cc", "-Os", "-g0", "-target", "wasm32-wasi", "-mexec-model=reactor", "--verbose"])
        .args(["empty.c", "-o", "empty.wasm"])
        .folder(&folder)
        .env("ZIG_GLOBAL_CACHE_DIR", folder.join("cache"))
        .limit(COMPILE_LIMIT)
        .run(Code::SetupFailed)?;
    let printed = output.printed();
    let linked = |name: &str| {
        let line = printed.lines().find(|line| line.starts_with("wasm-ld "))?;
        let path = line.split(' ').find(|word| Path::new(word).ends_with(name))?;
        Some(folder.join(path))
    };
    let (Some(start), Some(c)) = (linked("crt1-reactor.o"), linked("libc.a")) else {
        return Err(Error::new(
            Code::SetupFailed,
            format!("{}: it links no C library for WASI", zig.display()),
        )
        .output(printed));
    };
    let target = library(site.folder).join("self-contained");
    files::create_folder(&target)?;
    move_file(&start, &target.join("crt1-reactor.o"))?;
    // Zig keeps parts of the C library in archives of their own; they become one.
    let archives = [Some(c), linked("libzigc.a"), linked("libcompiler_rt.a")];
    Command::new(zig)
        .args(["ar", "qcDL"])
        .arg(target.join("libc.a"))
        .args(archives.into_iter().flatten())
        .limit(COMPILE_LIMIT)
        .run(Code::SetupFailed)
        .map(drop)
}

/// Where the compiler in `folder` looks for the target's library.
fn library(folder: &Path) -> PathBuf {
    folder.join("usr/lib/rustlib").join(TARGET).join("lib")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error: std::io::Error| Error::io("list", folder, &error);
    std::fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()).map_err(failed))
        .collect()
}

/// Moves a file, also to another disk.
fn move_file(from: &Path, to: &Path) -> Result<()> {
    if std::fs::rename(from, to).is_ok() {
        return Ok(());
    }
    let partial = to.with_extension("partial");
    std::fs::copy(from, &partial)
        .and_then(|_| std::fs::rename(&partial, to))
        .map_err(|error| Error::io("write", to, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned() {
        assert_eq!(packages().count(), 7);
        for package in packages() {
            assert_eq!(package.digest.len(), 64, "{}", package.name);
            assert!(package.version.contains("deb12"), "{}", package.name);
        }
    }
}
