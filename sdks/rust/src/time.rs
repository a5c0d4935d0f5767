//! Waiting. The time itself is in `std::time`.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::world::Timer;

/// The host's monotonic clock: the time since a moment that the host chose, to
/// be compared with what this gives later. Other than `std::time::Instant` it
/// can be printed and sent about.
pub fn monotonic() -> Duration {
    crate::world::monotonic()
}

/// Waits for as long as `duration`; other tasks go on meanwhile.
pub fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
    let mut timer = Timer::new(duration);
    std::future::poll_fn(move |context| timer.poll(context))
}

/// Gives `future` up after `duration`.
///
/// # Errors
/// [`Elapsed`] if the time has come before the future's end.
pub fn timeout<F: IntoFuture>(duration: Duration, future: F) -> Timeout<F::IntoFuture> {
    Timeout { future: Box::pin(future.into_future()), timer: Timer::new(duration) }
}

/// The future of [`timeout`].
pub struct Timeout<F> {
    future: Pin<Box<F>>,
    timer: Timer,
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        self.timer.poll(context).map(|()| Err(Elapsed))
    }
}

/// The time was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the time was up")
    }
}

impl std::error::Error for Elapsed {}
