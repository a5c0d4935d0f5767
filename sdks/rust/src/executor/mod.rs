//! Runs a handler's future and the tasks beside it on the one thread that a
//! component has. It knows nothing of the world: what it waits for is behind
//! a function that its caller hands in.

mod task;

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

pub use task::{Task, spawn};

/// How the executor turns to the world when it has polled all it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Some task is ready: wake what else can go on, without waiting.
    Glance,
    /// No task is ready: wait until one can go on.
    Wait,
}

type Job = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Jobs that were spawned and are not yet with the executor.
    static SPAWNED: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
}

/// Runs `main` to its end, then the spawned jobs to theirs.
///
/// `look` wakes the tasks that can go on; it returns whether anything is being
/// waited for at all. Gives `None` if `main` waits for something that cannot
/// happen any more; jobs that do are dropped.
pub(crate) fn run<T>(
    main: impl Future<Output = T>,
    mut look: impl FnMut(Look) -> bool,
) -> Option<T> {
    let queue = Arc::new(Queue::default());
    let mut jobs = Jobs::default();
    let mut main = pin!(main);
    let main_signal = Signal::new(&queue);
    let main_waker = Waker::from(main_signal.clone());
    let mut output = None;
    main_signal.schedule();

    loop {
        // One round: what is woken during it waits for the next one, so that
        // a busy task cannot keep the others from the world's news.
        for signal in queue.take() {
            signal.scheduled.store(false, Ordering::Relaxed);
            if Arc::ptr_eq(&signal, &main_signal) {
                if output.is_none()
                    && let Poll::Ready(value) =
                        main.as_mut().poll(&mut Context::from_waker(&main_waker))
                {
                    output = Some(value);
                }
            } else {
                jobs.poll(signal);
            }
        }
        jobs.adopt(SPAWNED.take(), &queue);
        if output.is_some() && jobs.is_empty() {
            return output;
        }
        let next = if queue.is_empty() { Look::Wait } else { Look::Glance };
        if !look(next) && queue.is_empty() {
            return output;
        }
    }
}

pub(crate) fn submit(job: Job) {
    SPAWNED.with_borrow_mut(|spawned| spawned.push(job));
}

/// The tasks that were woken, in the order in which they were.
#[derive(Default)]
struct Queue {
    woken: Mutex<Vec<Arc<Signal>>>,
}

impl Queue {
    fn take(&self) -> Vec<Arc<Signal>> {
        std::mem::take(&mut *self.woken.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_empty(&self) -> bool {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn push(&self, signal: Arc<Signal>) {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).push(signal);
    }
}

/// Wakes one task: puts it into the queue unless it is there.
struct Signal {
    queue: Arc<Queue>,
    scheduled: AtomicBool,
}

impl Signal {
    fn new(queue: &Arc<Queue>) -> Arc<Signal> {
        Arc::new(Signal { queue: queue.clone(), scheduled: AtomicBool::new(false) })
    }

    fn schedule(self: &Arc<Self>) {
        if !self.scheduled.swap(true, Ordering::Relaxed) {
            self.queue.push(self.clone());
        }
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.schedule();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.schedule();
    }
}

/// The jobs that have not ended.
#[derive(Default)]
struct Jobs {
    running: Vec<(Arc<Signal>, Job)>,
}

impl Jobs {
    fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    fn adopt(&mut self, jobs: Vec<Job>, queue: &Arc<Queue>) {
        for job in jobs {
            let signal = Signal::new(queue);
            signal.schedule();
            self.running.push((signal, job));
        }
    }

    /// Polls the job that the signal belongs to, unless it has ended.
    fn poll(&mut self, signal: Arc<Signal>) {
        let Some(index) = self.running.iter().position(|(own, _)| Arc::ptr_eq(own, &signal)) else {
            return;
        };
        let waker = Waker::from(signal);
        let job = self.running[index].1.as_mut();
        if job.poll(&mut Context::from_waker(&waker)).is_ready() {
            drop(self.running.swap_remove(index));
        }
    }
}

#[cfg(test)]
mod tests;
