//! The tools that several languages, the hosts or the installation share, and
//! those that are installed from a registry; one row each.

use std::path::PathBuf;

use super::tool::{Install, Place, Switch, Tool, Version};

/// Compiles C, C++ and Zig, and carries a libc for WASI.
pub static ZIG: Tool = Tool {
    name: "zig",
    purpose: "compiles Zig, C and C++ to WebAssembly",
    requirement: ">=0.17.1, <0.18",
    places: &[Place::Variable("ISOSPIN_ZIG"), Place::Managed("ziglang/zig"), Place::Path("zig")],
    version: Version::Arguments(&["version"]),
    install: Install::Pip { requirements: include_str!("pins/zig.txt") },
};

/// The standard Go toolchain.
pub static GO: Tool = Tool {
    name: "go",
    purpose: "compiles Go to WebAssembly",
    requirement: ">=1.25",
    places: &[Place::Variable("ISOSPIN_GO"), Place::Path("go"), Place::Managed("go/bin/go")],
    version: Version::Arguments(&["version"]),
    install: Install::Pip { requirements: include_str!("pins/go.txt") },
};

/// Compiles Go to small modules. From 0.34 on it knows `//go:wasmexport` and
/// libraries (`-buildmode=c-shared`).
pub static TINYGO: Tool = Tool {
    name: "tinygo",
    purpose: "compiles Go to WebAssembly where `toolchain = \"tinygo\"` asks for it",
    requirement: ">=0.34",
    places: &[Place::Variable("ISOSPIN_TINYGO"), Place::Path("tinygo")],
    version: Version::Arguments(&["version"]),
    install: Install::Person(
        "Install TinyGo 0.34 or newer as its site says: no package registry carries it. \
         Without the line `toolchain = \"tinygo\"` the component is built by Go's own toolchain.",
    ),
};

/// The sources of the JavaScript engine; the path is their folder.
pub static QUICKJS: Tool = Tool {
    name: "quickjs-ng",
    purpose: "is the JavaScript engine, as sources",
    requirement: "=0.17.0",
    places: &[Place::Variable("ISOSPIN_QUICKJS"), Place::Managed("quickjs-ng")],
    version: Version::Wheel("quickjs_ng"),
    install: Install::PipSource { requirements: include_str!("pins/quickjs-ng.txt") },
};

/// The sources of the URL parser; the path is their folder.
pub static ADA: Tool = Tool {
    name: "ada-url",
    purpose: "parses URLs in JavaScript, as sources",
    requirement: "=4.0.0",
    places: &[Place::Variable("ISOSPIN_ADA"), Place::Managed("ada-url")],
    version: Version::Wheel("ada_url"),
    install: Install::PipSource { requirements: include_str!("pins/ada-url.txt") },
};

/// Bundles JavaScript and TypeScript: a program of its own, which needs no Node.
pub static ESBUILD: Tool = Tool {
    name: "esbuild",
    purpose: "bundles JavaScript and TypeScript",
    requirement: ">=0.28, <0.29",
    places: &[
        Place::Variable("ISOSPIN_ESBUILD"),
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        Place::Managed("node_modules/@esbuild/linux-x64/bin/esbuild"),
        #[cfg(all(target_os = "linux", target_arch = "aarch64"))]
        Place::Managed("node_modules/@esbuild/linux-arm64/bin/esbuild"),
        #[cfg(all(target_os = "macos", target_arch = "x86_64"))]
        Place::Managed("node_modules/@esbuild/darwin-x64/bin/esbuild"),
        #[cfg(all(target_os = "macos", target_arch = "aarch64"))]
        Place::Managed("node_modules/@esbuild/darwin-arm64/bin/esbuild"),
        Place::Path("esbuild"),
    ],
    version: Version::Arguments(&["--version"]),
    install: Install::Npm {
        package: include_str!("pins/esbuild/package.json"),
        lock: include_str!("pins/esbuild/package-lock.json"),
    },
};

/// Streams for JavaScript; the path is its module.
pub static WEB_STREAMS: Tool = Tool {
    name: "web-streams-polyfill",
    purpose: "gives JavaScript its streams",
    requirement: "=4.3.0",
    places: &[
        Place::Variable("ISOSPIN_WEB_STREAMS"),
        Place::Managed("node_modules/web-streams-polyfill/dist/ponyfill.mjs"),
    ],
    version: Version::Package("../package.json"),
    install: Install::Npm {
        package: include_str!("pins/web-streams/package.json"),
        lock: include_str!("pins/web-streams/package-lock.json"),
    },
};

/// Checks TypeScript: a program of its own since version 7.
pub static TYPESCRIPT: Tool = Tool {
    name: "typescript",
    purpose: "checks the types of TypeScript",
    requirement: ">=7, <8",
    places: &[
        Place::Variable("ISOSPIN_TSC"),
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        Place::Managed("node_modules/@typescript/typescript-linux-x64/lib/tsc"),
        #[cfg(all(target_os = "linux", target_arch = "aarch64"))]
        Place::Managed("node_modules/@typescript/typescript-linux-arm64/lib/tsc"),
        #[cfg(all(target_os = "macos", target_arch = "x86_64"))]
        Place::Managed("node_modules/@typescript/typescript-darwin-x64/lib/tsc"),
        #[cfg(all(target_os = "macos", target_arch = "aarch64"))]
        Place::Managed("node_modules/@typescript/typescript-darwin-arm64/lib/tsc"),
        Place::Path("tsc"),
    ],
    version: Version::Arguments(&["--version"]),
    install: Install::Npm {
        package: include_str!("pins/typescript/package.json"),
        lock: include_str!("pins/typescript/package-lock.json"),
    },
};

/// The Python package that makes components of CPython; the path is the package's
/// folder, to be run as `python3 -m componentize_py` with its parent in `PYTHONPATH`.
pub static COMPONENTIZE_PY: Tool = Tool {
    name: "componentize-py",
    purpose: "makes components of Python code",
    requirement: ">=0.25.1, <0.26",
    places: &[Place::Variable("ISOSPIN_COMPONENTIZE_PY"), Place::Managed("componentize_py")],
    version: Version::Wheel("componentize_py"),
    install: Install::Pip { requirements: include_str!("pins/componentize-py.txt") },
};

/// The Python that runs what is written in Python.
pub static PYTHON: Tool = Tool {
    name: "python3",
    purpose: "runs the tools that are written in Python",
    requirement: ">=3.10",
    places: &[Place::Variable("ISOSPIN_PYTHON"), Place::Path("python3")],
    version: Version::Switched { arguments: &["--version"], by: PYENV },
    install: Install::Person("Install Python 3.10 or newer (`apt install python3`)."),
};

/// pip, by the path of the Python that has it.
pub static PIP: Tool = Tool {
    name: "pip",
    purpose: "installs tools from the Python registry",
    requirement: ">=21",
    places: &[Place::Variable("ISOSPIN_PYTHON"), Place::Path("python3")],
    version: Version::Switched { arguments: &["-m", "pip", "--version"], by: PYENV },
    install: Install::Person(
        "Install Python 3 with pip (`apt install python3-pip`, or `python3 -m ensurepip`).",
    ),
};

/// Where pyenv is, `python3` is a small program that stands before many.
const PYENV: &[Switch] =
    &[Switch::Variable("PYENV_VERSION"), Switch::Below("PYENV_ROOT", ".pyenv", "version")];

pub static NPM: Tool = Tool {
    name: "npm",
    purpose: "installs tools from the JavaScript registry",
    requirement: ">=8",
    places: &[Place::Path("npm")],
    version: Version::Arguments(&["--version"]),
    install: Install::Person("Install Node.js 20 or newer with npm (`apt install nodejs npm`)."),
};

pub static NODE: Tool = Tool {
    name: "node",
    purpose: "runs the host jco",
    requirement: ">=20",
    places: &[Place::Variable("ISOSPIN_NODE"), Place::Path("node")],
    version: Version::Arguments(&["--version"]),
    install: Install::Person("Install Node.js 20 or newer (`apt install nodejs`)."),
};

/// The cargo with which hosts are compiled.
pub static CARGO: Tool = Tool {
    name: "cargo",
    purpose: "builds Rust packages",
    requirement: ">=1.91",
    places: &[Place::Variable("ISOSPIN_CARGO"), Place::Path("cargo"), Place::Search(rustup_cargo)],
    version: Version::Switched { arguments: &["--version"], by: RUSTUP },
    install: Install::Person(
        "Install Rust with rustup, or with your distribution's package manager.",
    ),
};

/// What decides which version rustup's programs stand for.
pub const RUSTUP: &[Switch] = &[
    Switch::Variable("RUSTUP_TOOLCHAIN"),
    Switch::Below("RUSTUP_HOME", ".rustup", "settings.toml"),
];

/// Where rustup puts it, for shells that do not have that folder on their `PATH`.
fn rustup_cargo() -> Option<PathBuf> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".cargo"),
    };
    let cargo = home.join("bin/cargo");
    cargo.is_file().then_some(cargo)
}

/// The host that is not Wasmtime; a script for [`NODE`].
pub static JCO: Tool = Tool {
    name: "jco",
    purpose: "is the host of the suite that runs components in V8",
    requirement: ">=1.35, <2",
    places: &[
        Place::Variable("ISOSPIN_JCO"),
        Place::Managed("node_modules/@bytecodealliance/jco/dist/jco.js"),
        Place::Path("jco"),
    ],
    version: Version::Package("../package.json"),
    install: Install::Npm {
        package: include_str!("pins/jco/package.json"),
        lock: include_str!("pins/jco/package-lock.json"),
    },
};

/// The stock host.
pub static WASMTIME: Tool = Tool {
    name: "wasmtime",
    purpose: "is the host that users have (`wasmtime serve`)",
    requirement: ">=48.0.8, <49",
    places: &[
        Place::Variable("ISOSPIN_WASMTIME"),
        Place::Managed("bin/wasmtime"),
        Place::Path("wasmtime"),
    ],
    version: Version::Arguments(&["--version"]),
    install: Install::Cargo {
        package: "wasmtime-cli",
        version: "48.0.8",
        // What `serve` uses in the stock program, without the commands beside it.
        features: &[
            "run",
            "serve",
            "cranelift",
            "wat",
            "cache",
            "logging",
            "demangle",
            "addr2line",
            "backtrace",
            "coredump",
            "parallel-compilation",
            "pooling-allocator",
            "component-model",
            "component-model-async",
            "threads",
            "gc",
            "gc-copying",
            "gc-drc",
            "gc-null",
        ],
    },
};

/// The hosts that the suite can run beside ours, with what they need.
pub static HOSTS: &[&Tool] = &[&NODE, &JCO, &WASMTIME];
