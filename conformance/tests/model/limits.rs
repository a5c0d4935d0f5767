//! What the model's host allows a request, and the place that it takes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::mutation::Mutation;
use crate::pieces::{Answer, Asked, text};
use crate::server::Surroundings;

/// How long a request may take where that is not limited.
const LONG: Duration = Duration::from_secs(3600);

/// As many places as there may be requests at once.
pub fn places(concurrent: Option<u64>, mutation: Mutation) -> Arc<Semaphore> {
    let all = concurrent.map_or(Semaphore::MAX_PERMITS, |count| count as usize);
    Arc::new(Semaphore::new(if mutation == Mutation::OneAtATime { 1 } else { all }))
}

/// When a request that begins now is ended.
pub fn deadline(around: &Surroundings) -> Instant {
    let limit = around.limits.milliseconds.filter(|_| around.mutation != Mutation::IgnoreLimits);
    Instant::now() + limit.map_or(LONG, Duration::from_millis)
}

/// The answer, or 504 when there is no more time for it. It keeps its place
/// until its body is sent or nobody wants it any more.
pub async fn in_time(
    answering: impl Future<Output = Answer>,
    around: &Surroundings,
    place: OwnedSemaphorePermit,
) -> Answer {
    let answer = tokio::time::timeout_at(deadline(around), answering).await;
    let answer = answer.unwrap_or_else(|_| text(504, ""));
    if around.mutation == Mutation::KeepsPlace {
        place.forget();
        return answer;
    }
    answer.map(|inner| BodyExt::boxed(Placed { inner, _place: place }))
}

struct Placed<B> {
    inner: B,
    _place: OwnedSemaphorePermit,
}

impl<B: Body<Data = Bytes> + Unpin> Body for Placed<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.inner.size_hint()
    }
}

/// How many bytes a response's body may have.
pub fn response_body(around: &Surroundings) -> usize {
    let limit = around.limits.response_body.filter(|_| around.mutation != Mutation::IgnoreLimits);
    limit.map_or(usize::MAX, |limit| limit as usize)
}

/// The whole body, if it is not too large.
pub async fn collect(body: Asked, around: &Surroundings) -> Option<Vec<u8>> {
    let limit = around.limits.request_body.filter(|_| around.mutation != Mutation::IgnoreLimits);
    let body = crate::pieces::collect(body).await;
    (body.len() as u64 <= limit.unwrap_or(u64::MAX)).then_some(body)
}
