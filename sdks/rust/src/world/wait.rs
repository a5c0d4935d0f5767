//! What the component's tasks wait for: pollables, each with the task to wake.

use std::cell::RefCell;
use std::task::{Context, Poll, Waker};

use wasip2::io::poll::{Pollable, poll};

use crate::executor::Look;

/// One thing that a task waits for, once at a time. Where it is a field, it
/// stands before the resource that it watches: the world wants children to be
/// dropped before their parents.
#[derive(Default)]
pub(crate) struct Wait {
    key: Option<usize>,
}

struct Entry {
    pollable: Pollable,
    /// None once the pollable was ready.
    waker: Option<Waker>,
}

thread_local! {
    static ENTRIES: RefCell<Vec<Option<Entry>>> = const { RefCell::new(Vec::new()) };
}

impl Wait {
    /// Ready once the pollable is that `subscribe` gives; it is asked for one
    /// when a wait begins, and the pollable is dropped at its end.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        subscribe: &dyn Fn() -> Pollable,
    ) -> Poll<()> {
        let Some(key) = self.key else {
            self.key =
                Some(insert(Entry { pollable: subscribe(), waker: Some(context.waker().clone()) }));
            return Poll::Pending;
        };
        let ready = ENTRIES.with_borrow_mut(|entries| match entries[key].as_mut() {
            Some(Entry { waker: Some(waker), .. }) => {
                waker.clone_from(context.waker());
                false
            }
            _ => true,
        });
        if ready {
            self.stop();
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// Whether a wait has begun and not ended.
    pub(crate) fn is_waiting(&self) -> bool {
        self.key.is_some()
    }

    fn stop(&mut self) {
        if let Some(key) = self.key.take() {
            ENTRIES.with_borrow_mut(|entries| {
                entries[key] = None;
            });
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.stop();
    }
}

fn insert(entry: Entry) -> usize {
    ENTRIES.with_borrow_mut(|entries| {
        let free = entries.iter().position(Option::is_none);
        match free {
            Some(key) => {
                entries[key] = Some(entry);
                key
            }
            None => {
                entries.push(Some(entry));
                entries.len() - 1
            }
        }
    })
}

/// Wakes the tasks whose pollables are ready; see [`crate::executor::run`].
pub(super) fn look(look: Look) -> bool {
    let wakers = ENTRIES.with_borrow_mut(|entries| {
        let mut waiting: Vec<&mut Entry> =
            entries.iter_mut().flatten().filter(|entry| entry.waker.is_some()).collect();
        if waiting.is_empty() {
            return None;
        }
        let ready: Vec<u32> = match look {
            Look::Wait => {
                let pollables: Vec<&Pollable> =
                    waiting.iter().map(|entry| &entry.pollable).collect();
                poll(&pollables)
            }
            Look::Glance => (0..waiting.len() as u32)
                .filter(|index| waiting[*index as usize].pollable.ready())
                .collect(),
        };
        let wakers: Vec<Waker> =
            ready.into_iter().filter_map(|index| waiting[index as usize].waker.take()).collect();
        Some(wakers)
    });
    let Some(wakers) = wakers else {
        return false;
    };
    wakers.into_iter().for_each(Waker::wake);
    true
}
