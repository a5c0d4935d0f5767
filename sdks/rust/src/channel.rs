//! A body that is written from one end while it is sent from the other.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;

use crate::{BoxError, Error, Result};

/// The writing end of [`Body::channel`](crate::Body::channel). The body ends
/// when the sender is dropped, and is cut by [`Sender::abort`].
#[derive(Debug)]
pub struct Sender {
    shared: Arc<Mutex<Shared>>,
}

/// The reading end, which is inside of a body.
pub(crate) struct Channel {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// At most one frame waits, so that a slow reader holds the writer back.
    frame: Option<Frame<Bytes>>,
    /// Comes after the frame.
    failure: Option<Error>,
    /// The reader wants a frame: the writer may produce the next one.
    wanted: bool,
    sender_gone: bool,
    body_gone: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// The body is no longer read: the other side has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the body is no longer read")
    }
}

impl std::error::Error for Closed {}

pub(crate) fn channel() -> (Sender, Channel) {
    let shared = Arc::new(Mutex::new(Shared::default()));
    (Sender { shared: shared.clone() }, Channel { shared })
}

impl Sender {
    /// Sends a chunk, as soon as the one before it has been taken.
    ///
    /// # Errors
    /// [`Closed`] if the body was dropped, for instance because the client left.
    pub async fn send(&mut self, chunk: impl Into<Bytes>) -> Result<(), Closed> {
        self.put(Frame::data(chunk.into())).await
    }

    /// Ends the body with trailers.
    ///
    /// # Errors
    /// [`Closed`] if the body was dropped.
    pub async fn trailers(mut self, trailers: HeaderMap) -> Result<(), Closed> {
        self.put(Frame::trailers(trailers)).await
    }

    /// Cuts the body: who reads it sees that its end is missing. The error
    /// goes to the log.
    pub fn abort(self, error: impl Into<BoxError>) {
        self.handle().fail(Error::from_box(error.into()));
    }

    /// Something that can still cut the body when the sender is gone.
    pub(crate) fn handle(&self) -> Handle {
        Handle { shared: self.shared.clone() }
    }

    async fn put(&mut self, frame: Frame<Bytes>) -> Result<(), Closed> {
        std::future::poll_fn(|context| self.poll_wanted(context)).await?;
        let mut shared = lock(&self.shared);
        shared.frame = Some(frame);
        shared.wanted = false;
        wake(&mut shared.reader);
        Ok(())
    }

    fn poll_wanted(&self, context: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        let mut shared = lock(&self.shared);
        if shared.body_gone {
            Poll::Ready(Err(Closed))
        } else if shared.wanted && shared.frame.is_none() {
            Poll::Ready(Ok(()))
        } else {
            shared.writer = Some(context.waker().clone());
            Poll::Pending
        }
    }
}

/// See [`Sender::handle`].
pub(crate) struct Handle {
    shared: Arc<Mutex<Shared>>,
}

impl Handle {
    pub(crate) fn fail(&self, error: Error) {
        let mut shared = lock(&self.shared);
        shared.failure = Some(error);
        wake(&mut shared.reader);
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let mut shared = lock(&self.shared);
        shared.sender_gone = true;
        wake(&mut shared.reader);
    }
}

impl Channel {
    pub(crate) fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>>>> {
        let mut shared = lock(&self.shared);
        if let Some(frame) = shared.frame.take() {
            return Poll::Ready(Some(Ok(frame)));
        }
        if let Some(error) = shared.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if shared.sender_gone {
            return Poll::Ready(None);
        }
        shared.wanted = true;
        shared.reader = Some(context.waker().clone());
        wake(&mut shared.writer);
        Poll::Pending
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        let mut shared = lock(&self.shared);
        shared.body_gone = true;
        wake(&mut shared.writer);
    }
}

/// Nothing panics while it holds the lock, so a poisoned one is as good.
fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;
    use crate::executor::{run, spawn};

    fn complete<T>(future: impl Future<Output = T>) -> T {
        run(future, |_| false).expect("nothing has to be waited for")
    }

    #[test]
    fn chunks_and_trailers_come_out_in_order() {
        let seen = complete(async {
            let (mut sender, mut body) = Body::channel();
            spawn(async move {
                sender.send("one").await.expect("the body is read");
                sender.send("two").await.expect("the body is read");
                let mut trailers = HeaderMap::new();
                trailers.insert("x-last", "yes".parse().expect("a value"));
                sender.trailers(trailers).await.expect("the body is read");
            });
            let mut seen = Vec::new();
            while let Some(frame) = body.frame().await {
                match frame.expect("the sender does not abort").into_data() {
                    Ok(data) => seen.push(String::from_utf8_lossy(&data).into_owned()),
                    Err(frame) => seen.push(format!("{:?}", frame.trailers_ref())),
                }
            }
            seen
        });
        assert_eq!(seen[..2], ["one", "two"]);
        assert_eq!(seen[2], "Some({\"x-last\": \"yes\"})");
    }

    #[test]
    fn a_sender_waits_until_the_next_chunk_is_wanted() {
        let (sent, read) = complete(async {
            let (mut sender, mut body) = Body::channel();
            let sent = Arc::new(Mutex::new(0));
            let count = sent.clone();
            spawn(async move {
                while sender.send(vec![0; 10]).await.is_ok() {
                    *count.lock().expect("no panic") += 1;
                }
            });
            let mut read = 0;
            for _ in 0..3 {
                let chunk = body.chunk().await.expect("no error").expect("no end");
                read += chunk.len();
            }
            let sent = *sent.lock().expect("no panic");
            drop(body);
            (sent, read)
        });
        assert_eq!(read, 30);
        assert_eq!(sent, 3);
    }

    #[test]
    fn an_aborted_body_ends_in_the_error() {
        let error = complete(async {
            let (sender, mut body) = Body::channel();
            sender.abort("enough");
            body.chunk().await.expect_err("the body was aborted")
        });
        assert_eq!(error.to_string(), "enough");
    }

    #[test]
    fn a_producer_that_fails_cuts_the_body_after_what_it_sent() {
        let (chunk, error) = complete(async {
            let mut body = Body::produce(|mut sender| async move {
                sender.send("begun").await?;
                Err(Error::message("too bad"))
            });
            let chunk = body.chunk().await.expect("no error yet").expect("no end yet");
            (chunk, body.chunk().await.expect_err("the producer failed"))
        });
        assert_eq!(chunk, "begun");
        assert_eq!(error.to_string(), "too bad");
    }

    #[test]
    fn sending_into_a_dropped_body_fails() {
        let (mut sender, body) = Body::channel();
        drop(body);
        assert_eq!(complete(sender.send("late")), Err(Closed));
    }
}
