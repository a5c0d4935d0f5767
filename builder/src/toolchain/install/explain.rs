//! What package managers print when they fail, and what to do then.

use crate::process::{self, Command};
use crate::report::{Code, Error, Result};
use crate::toolchain::Tool;

/// Runs a package manager that installs `tool`.
///
/// # Errors
/// If it fails: with what it printed, and advice where the cause is known.
pub fn run(command: &Command, tool: &Tool) -> Result<()> {
    let failed = |cause: String| {
        Error::new(Code::SetupFailed, format!("{}: it could not be installed", tool.name))
            .cause(cause)
    };
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if process::interrupted() => return Err(error),
        Err(error) => {
            let cause = std::iter::once(error.message().to_owned());
            let causes: Vec<String> = cause.chain(error.causes().iter().cloned()).collect();
            return Err(failed(causes.join(": ")));
        }
    };
    if output.status.success() {
        return Ok(());
    }
    let printed = output.printed();
    let error = failed(format!("`{}` ended with {}", command.display(), output.status));
    let error = match advice(&printed) {
        Some((code, advice)) => {
            let message = error.message().to_owned();
            error.retitled(code, message).hint(advice)
        }
        None => error,
    };
    Err(error.output(shorten(&printed)))
}

/// The beginning and the end: npm adds all of its usage to what went wrong.
fn shorten(printed: &str) -> String {
    const FIRST: usize = 16;
    const LAST: usize = 8;
    let lines: Vec<&str> = printed.lines().collect();
    if lines.len() <= FIRST + LAST {
        return printed.to_owned();
    }
    let between = format!("[{} lines left out]", lines.len() - FIRST - LAST);
    let (first, last) = (&lines[..FIRST], &lines[lines.len() - LAST..]);
    [first, &[&between], last].concat().join("\n")
}

/// Signs that a registry could not be reached.
const UNREACHABLE: &[&str] = &[
    // Failed to establish a new connection: [Errno -3] Temporary failure in name resolution
    // npm error code ENOTFOUND
    // Could not resolve host: index
    "Failed to establish a new connection",
    "name resolution",
    "Network is unreachable",
    "Connection refused",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ERR_SOCKET_TIMEOUT",
    "Could not resolve host",
    "Couldn't resolve host",
    "Could not connect",
    "network error",
    "failed to download",
];

/// Whether a package manager says that it reached no registry.
pub fn unreachable(printed: &str) -> bool {
    UNREACHABLE.iter().any(|sign| printed.contains(sign))
}

/// Signs in what is printed, which failure they tell of, and what to do. The
/// first that fits counts.
const SIGNS: &[(&[&str], Code, &str)] = &[
    (
        // pip: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
        // npm: npm error code EINTEGRITY
        // cargo: checksum for `x` changed between lock files; failed to verify the checksum
        &["DO NOT MATCH THE HASHES", "EINTEGRITY", "failed to verify the checksum", "checksum for"],
        Code::DigestWrong,
        "What was downloaded is not what this version of Isospin was made with, so it was not \
         installed. Try again; if that does not help, a mirror or proxy changes packages.",
    ),
    (
        // OSError: [Errno 28] No space left on device; npm error code ENOSPC
        &["No space left on device", "ENOSPC"],
        Code::DiskFull,
        "Free some space on that disk, or set ISOSPIN_HOME to a folder on another one, and run \
         `isospin setup` again.",
    ),
    (
        // PermissionError: [Errno 13] Permission denied; npm error code EACCES
        &["Permission denied", "EACCES", "Read-only file system", "EROFS"],
        Code::NotPermitted,
        "Check who owns the folder that is named above, or set ISOSPIN_HOME to a folder that you \
         can write to.",
    ),
    (
        UNREACHABLE,
        Code::RegistryUnreachable,
        "The package registry could not be reached. Check the network connection and the proxy \
         settings, and run `isospin setup` again: what is already installed stays.",
    ),
    (
        // ERROR: Could not find a version that satisfies the requirement ziglang==0.17.1
        // ERROR: No matching distribution found for ziglang==0.17.1
        &["No matching distribution found", "Could not find a version that satisfies"],
        Code::PackageUnavailable,
        "The registry has no build of it for this machine (or an old pip does not see it: \
         `python3 -m pip install --upgrade pip`). A mirror may also lack it.",
    ),
    (
        // npm error code ETARGET / E404
        &["ETARGET", "npm error code E404"],
        Code::PackageUnavailable,
        "The registry that npm uses does not have it: see `npm config get registry`.",
    ),
    (
        // error: linker `cc` not found
        &["linker `cc` not found"],
        Code::SetupFailed,
        "Cargo needs a C compiler to link programs: install one (`apt install gcc`).",
    ),
    (
        // error: rustc 1.85.0 is not supported by the following package
        &["is not supported by the following package", "requires rustc"],
        Code::SetupFailed,
        "The Rust compiler is too old for it: run `rustup update`.",
    ),
];

fn advice(printed: &str) -> Option<(Code, &'static str)> {
    let fits = |signs: &[&str]| signs.iter().any(|sign| printed.contains(sign));
    let (_, code, advice) = SIGNS.iter().find(|(signs, _, _)| fits(signs))?;
    Some((*code, *advice))
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn a_flood_keeps_its_ends() {
        let flood: Vec<String> = (0..100).map(|line| line.to_string()).collect();
        let short = super::shorten(&flood.join("\n"));
        assert!(short.starts_with("0\n1\n") && short.ends_with("98\n99"), "{short}");
        assert!(short.contains("[76 lines left out]"), "{short}");
    }

    #[test]
    fn what_package_managers_print_leads_to_advice() {
        for (printed, expected) in [
            (
                "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
                "not what",
            ),
            (
                "npm error code EINTEGRITY\nnpm error sha512-... integrity checksum failed",
                "not what",
            ),
            (
                "WARNING: Retrying after connection broken by 'NewConnectionError(': Failed to establish \
                 a new connection: [Errno -3] Temporary failure in name resolution')'\n\
                 ERROR: Could not find a version that satisfies the requirement ziglang==0.17.1",
                "could not be reached",
            ),
            ("npm error code EAI_AGAIN", "could not be reached"),
            ("ERROR: No matching distribution found for ziglang==0.17.1", "for this machine"),
            (
                "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
                "Free",
            ),
        ] {
            let (_, given) = advice(printed).unwrap();
            assert!(given.contains(expected), "{printed}: {given}");
        }
        assert_eq!(advice("something else"), None);
    }
}
