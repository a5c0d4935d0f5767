//! A session from its first build to Ctrl-C: what is edited is built and swapped in.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::options::Options;
use super::site::Site;
use super::watch::{Changes, Followed, Watch, concerns};
use crate::app::{self, App, Component};
use crate::language::Profile;
use crate::pipeline;
use crate::process;
use crate::report::{Code, Error, Event, Manner, Report, Result, render, without_colours};
use crate::serving;

/// Serves `app` and follows its sources until the user interrupts.
///
/// # Errors
/// If an address cannot be listened on, or the files cannot be watched.
pub fn run(app: App, options: Options, manner: Manner) -> Result<()> {
    let report: Arc<dyn Report> = Arc::from(manner.report());
    let site = Site::open(&app, &options, report)?;
    let mut session = Session {
        manifest: app.manifest.clone(),
        site,
        watch: Watch::start()?,
        profile: options.profile,
        trouble: None,
        app,
    };
    session.begin(manner)?;
    while !process::interrupted() {
        if let Some(changes) = session.watch.changes(Duration::from_millis(50)) {
            session.react(changes);
        }
    }
    let report = session.site.report.clone();
    report.clear();
    report.event(&Event::Note { text: "finishing the requests in flight" });
    if !session.site.close() {
        report.event(&Event::Note { text: "some did not finish in time and were cut" });
    }
    Ok(())
}

/// How long an app that cannot be read may take to become whole.
const SETTLING: Duration = Duration::from_millis(150);

struct Session {
    /// What is read again after each change, if the app has a manifest.
    manifest: Option<PathBuf>,
    site: Site,
    watch: Watch,
    profile: Profile,
    /// The app as it was when it was last read without an error.
    app: App,
    /// Why it could not be read since, as it was told.
    trouble: Option<String>,
}

impl Session {
    fn begin(&mut self, manner: Manner) -> Result<()> {
        self.site.arrange(&self.app)?;
        self.watch.follow(Followed::of(&self.app, self.profile))?;
        self.announce(|_| true);
        let dashboard = self.site.dashboard();
        self.site.report.event(&Event::Dashboard { address: &dashboard });
        manner.say("an edit is built and swapped in; Ctrl-C ends it");
        self.build(|_| true, Instant::now());
        // Only a build tells which files outside its folder a component includes.
        self.follow();
        Ok(())
    }

    /// Says where those components answer that are wanted.
    fn announce(&self, wanted: impl Fn(&Component) -> bool) {
        let components = self.app.components.iter().filter(|component| wanted(component));
        let routes = components.map(|component| (component.name.as_str(), &component.route));
        serving::announce(self.site.address(), routes, self.site.report.as_ref());
    }

    /// Follows the app's files after they have changed.
    fn react(&mut self, mut changes: Changes) {
        let mut read = self.read();
        // An editor may be between two steps, with a file moved away.
        if read.is_err()
            && let Some(more) = self.watch.changes(SETTLING)
        {
            changes.add(more);
            read = self.read();
        }
        match read {
            Err(error) => self.refuse(&error),
            Ok(app) => {
                let recovered = self.trouble.take().is_some();
                if recovered {
                    self.site.board.trouble(None);
                    let read = self.manifest.as_ref().unwrap_or(&self.app.path);
                    self.note(&format!("{}: it can be read again", read.display()));
                }
                let known = std::mem::replace(&mut self.app, app);
                if recovered || known.components != self.app.components {
                    self.arrange(&known);
                }
                let (app, profile) = (self.app.clone(), self.profile);
                self.build(
                    |component| {
                        recovered
                            || !known.components.contains(component)
                            || concerns(&changes, &app, component, profile)
                    },
                    changes.since,
                );
            }
        }
        self.follow();
    }

    /// The app as its files are now.
    fn read(&self) -> Result<App> {
        app::load(Some(self.manifest.as_ref().unwrap_or(&self.app.path)))
    }

    /// The app cannot be read: what was mounted before goes on answering.
    fn refuse(&mut self, error: &Error) {
        let text = without_colours(&render(error, false));
        if self.trouble.as_ref() == Some(&text) {
            return;
        }
        self.site.board.trouble(Some(error));
        self.site.report.event(&Event::Failed { component: "", error });
        self.note("what was built before goes on answering until this is mended");
        self.trouble = Some(text);
    }

    /// The manifest was edited: routes, variables, grants, components.
    fn arrange(&mut self, known: &App) {
        let names = |app: &App| -> Vec<String> {
            app.components.iter().map(|component| component.name.clone()).collect()
        };
        let (old, new) = (names(known), names(&self.app));
        if let Err(error) = self.site.arrange(&self.app) {
            return self.refuse(&error);
        }
        for name in old.iter().filter(|name| !new.contains(name)) {
            self.note(&format!("{name}: it is no part of the app any more"));
        }
        self.announce(|component| !known.components.contains(component));
    }

    /// Builds those components that are wanted; each is swapped in when it is built.
    fn build(&self, wanted: impl Fn(&Component) -> bool, since: Instant) {
        let mut app = self.app.clone();
        app.components.retain(wanted);
        self.build_all(&app, since);
    }

    fn build_all(&self, app: &App, since: Instant) {
        if app.components.is_empty() {
            return;
        }
        let options = pipeline::Options { profile: self.profile, ..pipeline::Options::default() };
        let builds = Builds { app, site: &self.site, since };
        match pipeline::build_each(app, &options, &builds) {
            Ok(outcomes) => {
                if let [(name, Err(error))] = outcomes.as_slice() {
                    builds.failed(name, error);
                }
            }
            // Something stands in the way of all; one by one shows in whose.
            Err(_) if app.components.len() > 1 => {
                for component in &app.components {
                    let components = vec![component.clone()];
                    self.build_all(&App { components, ..app.clone() }, since);
                }
            }
            Err(error) => {
                for component in &app.components {
                    builds.failed(&component.name, &error);
                }
            }
        }
    }

    /// Watches what the app consists of now.
    fn follow(&mut self) {
        if let Err(error) = self.watch.follow(Followed::of(&self.app, self.profile)) {
            self.site.report.event(&Event::Failed { component: "", error: &error });
        }
    }

    fn note(&self, text: &str) {
        self.site.report.event(&Event::Note { text });
    }
}

/// What a build tells, and what follows from it.
struct Builds<'a> {
    app: &'a App,
    site: &'a Site,
    since: Instant,
}

impl Builds<'_> {
    fn failed(&self, component: &str, error: &Error) {
        if error.code() != Code::Interrupted {
            self.site.fail(component, error, self.since);
        }
    }
}

impl Report for Builds<'_> {
    fn event(&self, event: &Event) {
        match event {
            Event::Built(built) => {
                let mut components = self.app.components.iter();
                let Some(component) = components.find(|one| one.name == built.component) else {
                    return;
                };
                if let Err(error) = self.site.swap(component, built, self.since) {
                    self.failed(&component.name, &error);
                }
                return;
            }
            Event::Failed { component, error } => return self.failed(component, error),
            Event::Stage { component, stage, .. } => self.site.board.stage(component, *stage),
            Event::Output { component, text } => {
                for line in without_colours(text).lines() {
                    self.site.board.log(component, "build", line);
                }
            }
            _ => {}
        }
        self.site.report.event(event);
    }

    fn colour(&self) -> bool {
        self.site.report.colour()
    }
}
