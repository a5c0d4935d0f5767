//! Which files change: folders are watched one by one, so that build output and
//! downloaded packages cost nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::app::App;
use crate::language::{Profile, may_hold_sources, source_folders};
use crate::pipeline;
use crate::report::{Code, Error, Result};

/// An edit is over when nothing more has changed for so long: an editor may
/// write several files, or one in several steps.
const QUIET: Duration = Duration::from_millis(20);
/// A folder in which something changes all the time is looked at so often.
const LONGEST: Duration = Duration::from_millis(300);

pub struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<notify::Event>>,
    /// Device and number of each folder when its watching began: another folder
    /// that takes its place has to be watched anew.
    watched: BTreeMap<PathBuf, (u64, u64)>,
    followed: Followed,
}

/// What is followed.
#[derive(Debug, Default)]
pub struct Followed {
    /// In which something may change.
    folders: BTreeSet<PathBuf>,
    /// What matters in them: everything below these,
    roots: BTreeSet<PathBuf>,
    /// and these files.
    files: BTreeSet<PathBuf>,
}

/// What has changed since it was last asked.
#[derive(Debug)]
pub struct Changes {
    pub paths: BTreeSet<PathBuf>,
    /// Some changes were lost: anything may have changed.
    pub anything: bool,
    /// When the first of them was seen.
    pub since: Instant,
}

impl Changes {
    pub fn add(&mut self, more: Changes) {
        self.paths.extend(more.paths);
        self.anything |= more.anything;
    }
}

impl Watch {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// If the system offers no way to watch files.
    pub fn start() -> Result<Watch> {
        let (send, events) = channel();
        let watcher = notify::recommended_watcher(send).map_err(|error| failure(None, &error))?;
        let followed = Followed::default();
        Ok(Watch { watcher, events, watched: BTreeMap::new(), followed })
    }

    /// From now on follows this and nothing else. Folders that are not there are
    /// left out.
    ///
    /// # Errors
    /// If the system watches no more folders.
    pub fn follow(&mut self, followed: Followed) -> Result<()> {
        self.followed = followed;
        let mut there: BTreeMap<PathBuf, (u64, u64)> = BTreeMap::new();
        for folder in &self.followed.folders {
            if let Ok(metadata) = std::fs::metadata(folder) {
                there.insert(folder.clone(), (metadata.dev(), metadata.ino()));
            }
        }
        let stale: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(path, identity)| there.get(*path) != Some(identity))
            .map(|(path, _)| path.clone())
            .collect();
        for path in stale {
            // The system has forgotten a folder that was deleted.
            let _ = self.watcher.unwatch(&path);
            self.watched.remove(&path);
        }
        for (path, identity) in there {
            if self.watched.contains_key(&path) {
                continue;
            }
            match self.watcher.watch(&path, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(path, identity);
                }
                // It went away just now; the folder above it tells when it returns.
                Err(_) if !path.is_dir() => {}
                Err(error) => return Err(failure(Some(&path), &error)),
            }
        }
        Ok(())
    }

    /// What changed, once it is over; nothing if nothing does within `patience`.
    pub fn changes(&mut self, patience: Duration) -> Option<Changes> {
        let begun = Instant::now();
        let mut changes: Option<Changes> = None;
        loop {
            let wait = match &changes {
                None => patience.checked_sub(begun.elapsed())?,
                Some(changes) if changes.since.elapsed() < LONGEST => QUIET,
                Some(_) => return changes,
            };
            match self.events.recv_timeout(wait) {
                Ok(event) => self.note(event, &mut changes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return changes,
            }
        }
    }

    fn note(&mut self, event: notify::Result<notify::Event>, changes: &mut Option<Changes>) {
        let (paths, anything) = match event {
            Ok(event) if event.need_rescan() => (Vec::new(), true),
            Ok(event) if is_edit(event.kind) => (event.paths, false),
            Ok(_) => return,
            Err(_) => (Vec::new(), true),
        };
        let matters = |path: &PathBuf| self.followed.matters(path) && !is_temporary(path);
        let paths: Vec<PathBuf> = paths.into_iter().filter(matters).collect();
        if paths.is_empty() && !anything {
            return;
        }
        for path in &paths {
            if !path.exists() && self.watched.remove(path).is_some() {
                let _ = self.watcher.unwatch(path);
            }
        }
        let changes = changes.get_or_insert_with(|| Changes {
            paths: BTreeSet::new(),
            anything: false,
            since: Instant::now(),
        });
        changes.paths.extend(paths);
        changes.anything |= anything;
    }
}

/// Files are read by builds too: that is no edit.
fn is_edit(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// What editors write beside a file while they save it.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let endings = ["~", ".swp", ".swx", ".tmp", ".bak", "___jb_tmp___", "___jb_old___"];
    endings.iter().any(|ending| name.ends_with(ending))
        || name.starts_with(".#")
        || name.starts_with(".goutputstream-")
        || (name.starts_with('#') && name.ends_with('#'))
        // Vim asks by this file whether it may write in the folder.
        || name == "4913"
}

impl Followed {
    /// All that concerns the app: its folder, those of its components and what
    /// they include from elsewhere; and the folders above them, which tell when
    /// they go and return.
    pub fn of(app: &App, profile: Profile) -> Followed {
        let mut followed = Followed::default();
        followed.root(&app.path);
        for component in &app.components {
            followed.root(&component.path);
            followed.folders.extend(source_folders(&app.handler(component)));
            let outside = pipeline::outside_inputs(app, component, profile);
            followed.folders.extend(outside.iter().filter_map(|path| Some(path.parent()?.into())));
            followed.files.extend(outside);
        }
        followed
    }

    fn root(&mut self, folder: &Path) {
        let above = folder.ancestors().skip(1).find(|above| above.is_dir());
        self.folders.extend(above.map(Path::to_owned));
        self.folders.insert(folder.to_owned());
        self.roots.insert(folder.to_owned());
    }

    /// Much else may happen in the folder above an app.
    fn matters(&self, path: &Path) -> bool {
        let near = |root: &PathBuf| path.starts_with(root) || root.starts_with(path);
        self.files.contains(path) || self.roots.iter().any(near)
    }
}

/// Whether a change of these files may change what a component is built to.
pub fn concerns(
    changes: &Changes,
    app: &App,
    component: &crate::app::Component,
    profile: Profile,
) -> bool {
    let inside = |path: &PathBuf| {
        // A folder above it may have been put in its place.
        component.path.starts_with(path) && *path != app.path
            || may_hold_sources(path, &app.handler(component))
    };
    changes.anything || changes.paths.iter().any(inside) || {
        let outside = pipeline::outside_inputs(app, component, profile);
        outside.iter().any(|path| changes.paths.contains(path))
    }
}

fn failure(folder: Option<&Path>, error: &notify::Error) -> Error {
    let subject = folder.map_or("the files".to_owned(), |folder| folder.display().to_string());
    let failure =
        Error::new(Code::Io, format!("{subject}: it cannot be watched")).cause(error.to_string());
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => failure.hint(
            "Let the system watch more folders: `sudo sysctl fs.inotify.max_user_watches=524288`.",
        ),
        _ => failure.hint("Edits below it are not seen: save another file, or start again."),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test may write files as editors do")]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_beside_a_file_is_no_edit() {
        for name in ["handler.c~", ".handler.c.swp", "4913", "#handler.c#", ".#handler.c", "a.tmp"]
        {
            assert!(is_temporary(Path::new(name)), "{name}");
        }
        for name in ["handler.c", "491.c", "49", "tmp.go", "#a"] {
            assert!(!is_temporary(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_folder_that_returns_is_watched_anew() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        let mut watch = Watch::start().unwrap();
        let followed = || Followed {
            folders: BTreeSet::from([folder.path().to_owned(), inner.clone()]),
            roots: BTreeSet::from([inner.clone()]),
            files: BTreeSet::new(),
        };
        let file = inner.join("file");
        for round in 0..3 {
            std::fs::create_dir(&inner).unwrap();
            watch.follow(followed()).unwrap();
            while watch.changes(Duration::from_millis(100)).is_some() {}
            std::fs::write(&file, round.to_string()).unwrap();
            let changes = watch.changes(Duration::from_secs(10)).unwrap();
            assert!(changes.paths.contains(&file), "{round}: {changes:?}");
            std::fs::remove_dir_all(&inner).unwrap();
            let changes = watch.changes(Duration::from_secs(10)).unwrap();
            assert!(changes.paths.contains(&inner), "{round}: {changes:?}");
        }
    }

    #[test]
    fn reading_is_no_edit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "text").unwrap();
        let mut watch = Watch::start().unwrap();
        let mut followed = Followed::default();
        followed.root(folder.path());
        watch.follow(followed).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "text");
        assert!(watch.changes(Duration::from_millis(200)).is_none());
    }
}
