//! From a save to the new answer, under `isospin dev`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::apps::{App, isospin};
use crate::building::{RUST, cargo_alone, edits_of_cargo};
use crate::subject::Result;
use crate::table::{Cell, Table};

/// The most that an edit may take, by language; of cargo's own time for Rust.
const GOALS: &[(&str, Duration)] = &[
    ("c", Duration::from_secs(1)),
    ("zig", Duration::from_secs(1)),
    ("javascript", Duration::from_secs(1)),
    ("go", Duration::from_secs(3)),
    ("python", Duration::from_secs(9)),
];
const RUST_TO_CARGO: f64 = 1.3;

/// An edit that is not answered by then never will be.
const PATIENCE: Duration = Duration::from_secs(180);

/// Each component of `app`, edited while it is served.
///
/// # Errors
/// If one does not build, or never answers.
pub fn edits(app: &App) -> Result<Table> {
    let columns = &["component", "edit to answer", "goal", "of goal"];
    let mut table = Table::new("isospin dev, one-line edit", columns);
    // It writes the SDK, which cargo needs too.
    app.build_one(RUST)?;
    cargo_alone(app)?;
    let cargo = edits_of_cargo(app)?;
    let served = Served::start(app)?;
    for component in &served.components {
        let goal = GOALS.iter().find(|(language, _)| component.name.ends_with(language));
        let goal = goal.map_or(cargo.mul_f64(RUST_TO_CARGO), |(_, goal)| *goal);
        let mut last = served.differs(component, "")?;
        let time = app.edits(&component.name, || {
            last = served.differs(component, &last)?;
            Ok(())
        })?;
        // The original text, which is put back, is an edit too.
        served.differs(component, &last)?;
        table.row([
            Cell::text(&*component.name),
            Cell::Time(time),
            Cell::Time(goal),
            Cell::Ratio(time.as_secs_f64() / goal.as_secs_f64()),
        ]);
    }
    Ok(table)
}

/// `isospin dev` while it runs.
struct Served {
    process: Child,
    address: SocketAddr,
    components: Vec<Component>,
}

struct Component {
    name: String,
    route: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Served {
    fn start(app: &App) -> Result<Served> {
        let mut process = isospin()?
            .args(["dev", "--json", "--listen", "127.0.0.1:0", "--dashboard", "127.0.0.1:0"])
            .arg(&app.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut served = Served { process, address: nowhere, components: Vec::new() };
        served.listen(output)?;
        Ok(served)
    }

    /// Reads what is served; what is told later, nobody reads.
    fn listen(&mut self, output: ChildStdout) -> Result<()> {
        for line in BufReader::new(output).lines() {
            let event: Value = serde_json::from_str(&line?)?;
            let word = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
            match event["event"].as_str() {
                Some("serving") => {
                    self.address = word("address").parse()?;
                    let (name, route) = (word("component"), word("route"));
                    self.components.push(Component { name, route });
                }
                Some("dashboard") => return Ok(()),
                _ => {}
            }
        }
        Err("isospin dev: it ended".into())
    }

    /// Asks until a component answers something else than `last`; gives it.
    fn differs(&self, component: &Component, last: &str) -> Result<String> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let answer = self.ask(&component.route)?;
            if let Some(("HTTP/1.1 200 OK", rest)) = answer.split_once("\r\n")
                && let Some((_, body)) = rest.split_once("\r\n\r\n")
                && body != last
            {
                return Ok(body.to_owned());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(format!("{}: no new answer", component.name).into())
    }

    fn ask(&self, route: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        let head = format!("GET {route} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
