//! Artifacts on a socket: an app or a single file, until the user ends it.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use isospin_host::{Component as Mounted, Configuration, Kind, Limits, Route, Server, Source};

use crate::app::{App, Component};
use crate::pipeline;
use crate::process;
use crate::report::{Code, Error, Event, Manner, Report, Result};

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    pub listen: SocketAddr,
    pub limits: Limits,
    /// Requests per instance; 1 gives each a fresh one.
    pub reuse: u32,
}

impl Options {
    /// What the host is told, with compiled code kept in the user's cache.
    ///
    /// # Errors
    /// If the user's folders are not known.
    pub fn configuration(&self) -> Result<Configuration> {
        Ok(Configuration {
            listen: self.listen,
            limits: self.limits.clone(),
            reuse: self.reuse,
            cache: Some(crate::toolchain::Folders::of_user()?.cache().join("compiled")),
            ..Configuration::default()
        })
    }
}

/// An app's components as they were built, ready to be mounted.
///
/// # Errors
/// If one is not built.
pub fn mounted(app: &App) -> Result<Vec<Mounted>> {
    app.components.iter().map(|component| mount(app, component)).collect()
}

/// One of an app's components as it was built, ready to be mounted.
///
/// # Errors
/// If it is not built.
pub fn mount(app: &App, component: &Component) -> Result<Mounted> {
    let path = pipeline::artifact_path(app, component);
    if !path.is_file() {
        return Err(Error::new(
            Code::NotBuilt,
            format!("component `{}`: it is not built", component.name),
        )
        .cause(format!("{} does not exist", path.display()))
        .hint("Build it first with `isospin build`, or build and serve with `isospin up`."));
    }
    Ok(as_the_manifest_says(component, Source::File(path)))
}

/// A component with its route and all that the manifest gives it.
pub fn as_the_manifest_says(component: &Component, source: Source) -> Mounted {
    Mounted {
        route: component.route.clone(),
        environment: component.environment.clone().unwrap_or_default(),
        outbound: component.outbound.clone(),
        ..Mounted::alone(&component.name, source)
    }
}

/// One file, which answers every request.
pub fn single(
    path: &Path,
    environment: BTreeMap<String, String>,
    outbound: Vec<String>,
) -> Mounted {
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    let component = Mounted::alone(name, Source::File(path.to_owned()));
    Mounted { environment, outbound, ..component }
}

/// Serves until the user interrupts, then lets requests in flight finish.
///
/// # Errors
/// If a component cannot be loaded or the address not be listened on.
pub fn serve(components: &[Mounted], options: &Options, manner: Manner) -> Result<()> {
    let server =
        Server::start(options.configuration()?, components).map_err(|error| failure(&error))?;
    let routes = components.iter().map(|component| (component.name.as_str(), &component.route));
    announce(server.local_address(), routes, manner.report().as_ref());
    manner.say("serving; Ctrl-C ends it");
    while !process::interrupted() {
        std::thread::sleep(Duration::from_millis(50));
    }
    manner.say("finishing the requests in flight");
    if server.shutdown() {
        Ok(())
    } else {
        Err(Error::new(Code::ServeFailed, "some requests did not finish in time and were cut")
            .hint("The log shows what each component was doing; `--time` limits how long a request may take."))
    }
}

/// Where each component answers.
pub fn announce<'a>(
    address: SocketAddr,
    components: impl Iterator<Item = (&'a str, &'a Route)>,
    report: &dyn Report,
) {
    let address = address.to_string();
    for (component, route) in components {
        report.event(&Event::Serving { component, route: &route.to_string(), address: &address });
    }
}

fn code(kind: Kind) -> Code {
    match kind {
        Kind::Other => Code::ServeFailed,
        Kind::File(ErrorKind::NotFound) => Code::FileMissing,
        Kind::File(ErrorKind::PermissionDenied) => Code::NotPermitted,
        Kind::File(_) => Code::Io,
        Kind::NotWasm => Code::WasmInvalid,
        Kind::CoreModule => Code::CoreModule,
        Kind::NoHandler => Code::ExportMissing,
        Kind::OtherVersion => Code::WasiVersion,
        Kind::ForeignImport => Code::WorldMismatch,
        Kind::OtherTypes => Code::TypesDiffer,
        Kind::Memory => Code::MemoryLimit,
        Kind::Grant => Code::ManifestGrant,
        Kind::Address(ErrorKind::AddrInUse) => Code::AddressInUse,
        Kind::Address(ErrorKind::PermissionDenied) => Code::AddressDenied,
        Kind::Address(_) => Code::AddressUnavailable,
    }
}

/// A failure of the host as one of ours.
pub fn failure(error: &isospin_host::Error) -> Error {
    let mut failure = Error::new(code(error.kind), error.message.clone());
    for cause in &error.causes {
        failure = failure.cause(cause.clone());
    }
    match &error.hint {
        Some(hint) => failure.hint(hint.clone()),
        None => failure,
    }
}
