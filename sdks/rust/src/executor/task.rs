//! Tasks that run beside the handler.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Starts work beside the handler and gives a handle that can be awaited for
/// its output.
///
/// The work goes on when the handle is dropped, also after the response was
/// sent: the component is not done before all its tasks are. A task that waits
/// for something that can no longer happen is dropped.
pub fn spawn<F>(future: F) -> Task<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let shared =
        Arc::new(Mutex::new(Shared { output: None, cancelled: false, owner: None, job: None }));
    super::submit(Box::pin(Job { future: Box::pin(future), shared: shared.clone() }));
    Task { shared }
}

/// A task of [`spawn`]: await it for its output.
pub struct Task<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

struct Shared<T> {
    output: Option<T>,
    cancelled: bool,
    owner: Option<Waker>,
    job: Option<Waker>,
}

impl<T> Task<T> {
    /// Drops the task's future, wherever it is.
    pub fn cancel(self) {
        let mut shared = lock(&self.shared);
        shared.cancelled = true;
        if let Some(job) = shared.job.take() {
            job.wake();
        }
    }
}

impl<T> Future for Task<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut shared = lock(&self.shared);
        match shared.output.take() {
            Some(output) => Poll::Ready(output),
            None => {
                shared.owner = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// What the executor polls.
struct Job<F: Future> {
    future: Pin<Box<F>>,
    shared: Arc<Mutex<Shared<F::Output>>>,
}

impl<F: Future> Future for Job<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if lock(&self.shared).cancelled {
            return Poll::Ready(());
        }
        let result = self.future.as_mut().poll(context);
        let mut shared = lock(&self.shared);
        match result {
            Poll::Ready(output) => {
                shared.output = Some(output);
                if let Some(owner) = shared.owner.take() {
                    owner.wake();
                }
                Poll::Ready(())
            }
            Poll::Pending => {
                shared.job = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Nothing panics while it holds the lock, so a poisoned one is as good.
fn lock<T>(shared: &Mutex<Shared<T>>) -> MutexGuard<'_, Shared<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
