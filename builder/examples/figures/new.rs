//! From an empty folder to the first answer: `isospin new`, then `isospin up`.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use isospin_builder::language::LANGUAGES;

use crate::apps::{isospin, run};
use crate::subject::{Result, Subject};
use crate::table::{Cell, Table};

/// What it may take, in seconds, with the toolchain there and nothing of the app.
const LIMITS: &[(&str, u64)] =
    &[("rust", 60), ("go", 30), ("zig", 5), ("c", 5), ("javascript", 5), ("python", 25)];

/// Makes, builds, serves and asks a new app in each language: with the caches of
/// its tools empty, and after `setup` has filled empty ones.
///
/// # Errors
/// If one does not answer.
pub fn first_answers(folder: &Path) -> Result<Table> {
    let columns = &["language", "new", "caches empty", "setup", "first answer", "at most"];
    let mut table = Table::new("From `isospin new` to the first answer", columns);
    for language in LANGUAGES {
        let name = language.name();
        let (empty, caches) = (tempfile::tempdir_in(folder)?, tempfile::tempdir_in(folder)?);
        let (made, cold) = first_answer(folder, &format!("cold-{name}"), name, empty.path())?;
        let start = Instant::now();
        let prepare = ["setup", name, "--quiet"];
        run(isospin()?.args(prepare).env("XDG_CACHE_HOME", caches.path()))?;
        let prepared = start.elapsed();
        let (_, first) = first_answer(folder, &format!("first-{name}"), name, caches.path())?;
        let limit = LIMITS.iter().find(|(known, _)| *known == name);
        table.row([
            Cell::text(name),
            Cell::Time(made),
            Cell::Time(cold),
            Cell::Time(prepared),
            Cell::Time(first),
            limit.map_or(Cell::text(""), |(_, limit)| Cell::Time(Duration::from_secs(*limit))),
        ]);
    }
    Ok(table)
}

/// The times until the app is there, and until it answers.
fn first_answer(
    folder: &Path,
    app: &str,
    language: &str,
    caches: &Path,
) -> Result<(Duration, Duration)> {
    let start = Instant::now();
    let new = &["new", app, "--language", language];
    run(isospin()?.args(new).current_dir(folder).env("XDG_CACHE_HOME", caches))?;
    let made = start.elapsed();
    let mut command = isospin()?;
    command.args(["up", "--json", "--quiet", "--listen", "127.0.0.1:0"]).arg(folder.join(app));
    let subject = Subject::telling(app, command.env("XDG_CACHE_HOME", caches))?;
    ask(subject.address)?;
    Ok((made, start.elapsed()))
}

/// Sends one request and expects a good answer.
fn ask(address: SocketAddr) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /there HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("You asked for /there\n") {
        true => Ok(()),
        false => Err(format!("the answer is {answer:?}").into()),
    }
}
