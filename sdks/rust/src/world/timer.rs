//! A moment to wait for.

use std::task::{Context, Poll};
use std::time::Duration;

use wasip2::clocks::monotonic_clock::{now, subscribe_instant};

use super::wait::Wait;

/// Ready once its duration is over, counted from the first poll.
pub(crate) struct Timer {
    wait: Wait,
    duration: Duration,
    over: bool,
}

impl Timer {
    pub(crate) fn new(duration: Duration) -> Timer {
        Timer { wait: Wait::default(), duration, over: false }
    }

    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.over {
            return Poll::Ready(());
        }
        let duration = nanoseconds(self.duration);
        let polled = self.wait.poll(context, &|| subscribe_instant(now().saturating_add(duration)));
        self.over = polled.is_ready();
        polled
    }
}

pub(crate) fn monotonic() -> Duration {
    Duration::from_nanos(now())
}

/// Five centuries and more are all the same.
pub(super) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
