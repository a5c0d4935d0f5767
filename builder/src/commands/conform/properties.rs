//! `isospin conform --properties`: generated requests that all guests must answer alike.

use std::path::PathBuf;

use clap::Args;
use isospin_conformance::case::{Mode, Serve};
use isospin_conformance::property::{Difference, KINDS, Party, Plan, Tried, run};
use isospin_conformance::{GuestBuild, Host, Served, Serving};
use serde_json::json;

use crate::files;
use crate::report::table::{Cell, Table, Tone, width_of_stdout};
use crate::report::{Code, Error, Manner, Result, print_data};
use crate::suite::{choose_hosts, failed, greet_at};

#[derive(Debug, Args)]
pub struct Properties {
    /// Send generated requests to all guests at once instead of cases: they must answer alike
    #[arg(long, conflicts_with_all = ["url", "case", "mode", "expectations", "junit", "html"])]
    properties: bool,
    /// What requests are generated; the same number gives the same ones [default: another each time]
    #[arg(long, value_name = "N", requires = "properties")]
    seed: Option<u64>,
    /// How many of each kind
    #[arg(long, value_name = "N", requires = "properties", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Where to save the smallest requests that are not answered alike, as cases: a folder, or a file for the first
    #[arg(long, value_name = "PATH", requires = "properties")]
    save_case: Option<PathBuf>,
}

impl Properties {
    pub fn are_wanted(&self) -> bool {
        self.properties
    }

    /// # Errors
    /// If guests differ, or one cannot be served.
    pub fn run(&self, guests: &[GuestBuild], hosts: &[String], manner: Manner) -> Result<()> {
        if guests.len() < 2 {
            return Err(Error::new(
                Code::Usage,
                "--properties: one guest has nobody to agree with",
            )
            .hint("Name no language or several, or give `--component` more than once."));
        }
        let host = choose_hosts(hosts, &|note| manner.say(note))?.swap_remove(0);
        let served: Vec<Box<dyn Served>> =
            guests.iter().map(|guest| serve(host.as_ref(), guest)).collect::<Result<_>>()?;
        for (guest, served) in guests.iter().zip(&served) {
            greet_at(served.address(), host.as_ref(), guest)?;
        }
        let party = |(guest, served): (&GuestBuild, &dyn Served)| Party {
            name: guest.language.clone(),
            address: served.address(),
        };
        let parties: Vec<Party> =
            guests.iter().zip(served.iter().map(AsRef::as_ref)).map(party).collect();
        let plan = Plan { seed: self.seed.unwrap_or_else(from_clock), count: self.count };
        let mut all = Vec::new();
        for kind in KINDS {
            manner.say(kind.rule);
            all.push(run(kind, &parties, &plan, crate::process::interrupted));
        }
        if crate::process::interrupted() {
            return Err(crate::process::interruption());
        }
        print(&plan, &all, manner);
        self.save(&all, manner)?;
        let differences = all.iter().filter(|tried| tried.difference.is_some()).count();
        if differences == 0 {
            return Ok(());
        }
        let what = format!("the suite: guests differ in {differences} kinds of requests");
        Err(Error::new(Code::ConformFailed, what)
            .hint(format!("`--seed {}` gives the same requests again.", plan.seed)))
    }

    fn save(&self, all: &[Tried], manner: Manner) -> Result<()> {
        let Some(path) = &self.save_case else { return Ok(()) };
        let is_file = path.extension().is_some_and(|extension| extension == "toml");
        let differences = all.iter().filter_map(|tried| tried.difference.as_ref());
        for difference in differences.take(if is_file { 1 } else { usize::MAX }) {
            let name = difference.kind.name;
            let file = if is_file { path.clone() } else { path.join(format!("{name}.toml")) };
            let text = difference.case(&format!("found/{name}")).map_err(failed)?;
            files::write(&file, text.as_bytes())?;
            manner.say(&format!("{}: the case", file.display()));
        }
        Ok(())
    }
}

fn serve(host: &dyn Host, guest: &GuestBuild) -> Result<Box<dyn Served>> {
    let mode = host.modes().first().copied().unwrap_or(Mode::Fresh);
    let serving = Serving { component: &guest.component, mode, serve: &Serve::default() };
    host.serve(&serving).map_err(failed)
}

/// A number that is another one each time.
fn from_clock() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map(|time| u64::from(time.subsec_nanos())).unwrap_or_default()
}

fn print(plan: &Plan, all: &[Tried], manner: Manner) {
    if manner.json {
        for tried in all {
            print_data(&as_json(plan, tried).to_string());
        }
        return;
    }
    let mut table = Table::new(&["requests", "tried", "guests"]);
    for tried in all {
        let verdict = match tried.difference {
            None => Cell::new("agree", Tone::Good),
            Some(_) => Cell::new("differ", Tone::Bad),
        };
        table.row([tried.kind.name.into(), tried.requests.to_string().as_str().into(), verdict]);
    }
    let mut text = table.render(width_of_stdout());
    for difference in all.iter().filter_map(|tried| tried.difference.as_ref()) {
        text.push_str(&format!("\n\n{}", explain(difference)));
    }
    print_data(&format!("{text}\nseed {}", plan.seed));
}

/// The smallest request, and who answers what.
fn explain(difference: &Difference) -> String {
    let mut text = format!("{}\n", difference.kind.rule);
    for line in request_lines(difference) {
        text.push_str(&format!("  > {line}\n"));
    }
    for (names, answer) in &difference.answers {
        text.push_str(&format!("  {}\n", names.join(", ")));
        answer.lines().iter().for_each(|line| text.push_str(&format!("    < {line}\n")));
    }
    text.trim_end().to_owned()
}

fn request_lines(difference: &Difference) -> Vec<String> {
    let bytes = difference.request_bytes();
    let line = |line: &[u8]| isospin_conformance::data::show(line);
    bytes.split_inclusive(|byte| *byte == b'\n').map(line).collect()
}

fn as_json(plan: &Plan, tried: &Tried) -> serde_json::Value {
    let answers = |difference: &Difference| {
        let answer = |(names, answer): &(Vec<String>, isospin_conformance::property::Answer)| json!({ "guests": names, "answer": answer.lines() });
        difference.answers.iter().map(answer).collect::<Vec<_>>()
    };
    json!({
        "event": "property",
        "kind": tried.kind.name,
        "rule": tried.kind.rule,
        "seed": plan.seed,
        "tried": tried.requests,
        "agree": tried.difference.is_none(),
        "request": tried.difference.as_ref().map(request_lines),
        "answers": tried.difference.as_ref().map(answers),
    })
}
