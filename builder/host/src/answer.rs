//! One request: who answers it, whether there is room, and what comes back.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use arc_swap::ArcSwap;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, Version, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use wasmtime_wasi_http::WasiBody;

use crate::Limits;
use crate::body::{GuestBody, Progress, RequestBody, ResponseBody};
use crate::failure::Failure;
use crate::guest::{self, Exchange};
use crate::mounted::{Mounted, Target};
use crate::observe::{ObservedBody, Observer, Record};
use crate::route::Routes;

/// What all connections of a server share.
pub(crate) struct Shared {
    pub routes: ArcSwap<Routes<Target>>,
    pub limits: Limits,
    pub places: Arc<Semaphore>,
    pub waiting: AtomicUsize,
    pub observer: Option<Arc<dyn Observer>>,
}

impl Shared {
    pub async fn answer(&self, request: Request<Incoming>) -> Response<ObservedBody> {
        let observer = self.observer.clone();
        let mut record = observer.map(|observer| Box::new(Record::begin(observer, &request)));
        let response = match self.try_answer(request, record.as_deref_mut()).await {
            Ok(response) => response,
            Err(status) => {
                let mut response = Response::new(ResponseBody::Empty);
                *response.status_mut() = status;
                response
            }
        };
        ObservedBody::new(response, record)
    }

    async fn try_answer(
        &self,
        request: Request<Incoming>,
        mut record: Option<&mut Record>,
    ) -> Result<Response<ResponseBody>, StatusCode> {
        let (mut head, body) = request.into_parts();
        complete_target(&mut head)?;
        let target =
            self.routes.load().choose(head.uri.path()).cloned().ok_or(StatusCode::NOT_FOUND)?;
        if let Some(record) = &mut record {
            record.chosen(&target.name);
        }
        if let Some(response) = target.responder.as_ref().and_then(|first| first.respond(&head)) {
            return Ok(response.map(ResponseBody::Own));
        }
        let mounted = target.guest.clone().ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
        let announced = length(head.headers.get(header::CONTENT_LENGTH));
        if announced.is_some_and(|length| length > self.limits.request_body) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let place = self.place().await?;
        let exchange = Arc::new(Exchange::default());
        if let Some(record) = record {
            record.entered(&exchange);
        }
        let request = Request::from_parts(head, body);
        self.serve(mounted, request, exchange, place).await.map_err(|failure| failure.status())
    }

    /// A place among the requests in guests; waits for one if the queue has room.
    async fn place(&self) -> Result<OwnedSemaphorePermit, StatusCode> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let queued = Queued::enter(&self.waiting, self.limits.queue)
            .ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
        let place = self.places.clone().acquire_owned();
        let place = tokio::time::timeout(self.limits.time, place).await;
        drop(queued);
        match place {
            Ok(Ok(place)) => Ok(place),
            _ => Err(StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    /// The guest runs in this very task until its response begins: a guest that
    /// answers at once never leaves the thread. If it has more to do then, it
    /// goes on in a task of its own.
    async fn serve(
        &self,
        mounted: Arc<Mounted>,
        request: Request<Incoming>,
        exchange: Arc<Exchange>,
        place: OwnedSemaphorePermit,
    ) -> Result<Response<ResponseBody>, Failure> {
        let head_only = *request.method() == Method::HEAD;
        let limit = self.limits.request_body;
        let request =
            request.map(|body| RequestBody::new(body, limit, exchange.clone()).boxed_unsync());
        let (sender, mut receiver) = oneshot::channel();
        let time = self.limits.time;
        let running = guest::run(mounted.clone(), request, sender, exchange.clone(), time, place);
        let mut running = Box::pin(running);
        let mut ended = None;
        let head = poll_fn(|context| {
            if ended.is_none()
                && let Poll::Ready(result) = running.as_mut().poll(context)
            {
                ended = Some(result);
            }
            match receiver.try_recv() {
                Ok(head) => Poll::Ready(Some(head)),
                Err(_) if ended.is_some() => Poll::Ready(None),
                // Only the guest itself sends the head, and it is polled here.
                Err(_) => Poll::Pending,
            }
        })
        .await;
        let complain = |failure: Failure| {
            mounted.complain(&failure);
            failure
        };
        let response = match (head, &ended) {
            // What the guest did not see is no response to it.
            (_, Some(Err(Failure::BodyTooLarge))) => return Err(Failure::BodyTooLarge),
            (Some(Ok(response)), _) => response,
            (Some(Err(code)), _) => return Err(complain(Failure::Refused(code))),
            (None, Some(Err(_))) => {
                return Err(ended.and_then(Result::err).unwrap_or(Failure::Silence));
            }
            (None, _) => return Err(complain(Failure::Silence)),
        };
        let promised = length(response.headers().get(header::CONTENT_LENGTH));
        if promised.is_some_and(|length| length > self.limits.response_body) {
            return Err(complain(Failure::ResponseTooLarge));
        }
        let task = ended.is_none().then(|| tokio::spawn(running).abort_handle());
        if head_only || bodiless(response.status()) {
            return Ok(withhold(response));
        }
        Ok(response.map(|inner| {
            ResponseBody::Guest(Box::new(GuestBody {
                inner,
                exchange,
                journal: mounted.journal.clone(),
                task,
                left: self.limits.response_body,
                promised,
                progress: Progress::Open,
            }))
        }))
    }
}

/// A request that waits for a place.
struct Queued<'a>(&'a AtomicUsize);

impl<'a> Queued<'a> {
    fn enter(waiting: &'a AtomicUsize, room: usize) -> Option<Queued<'a>> {
        let entered = waiting.fetch_add(1, Ordering::Relaxed) < room;
        let queued = Queued(waiting);
        entered.then_some(queued)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The guest still writes a body as it would for GET; nobody reads it.
fn withhold(response: Response<WasiBody>) -> Response<ResponseBody> {
    response.map(|body| {
        tokio::spawn(body.collect());
        ResponseBody::Withheld
    })
}

fn bodiless(status: StatusCode) -> bool {
    status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED
}

fn length(value: Option<&HeaderValue>) -> Option<u64> {
    value?.to_str().ok()?.parse().ok()
}

/// Gives the request a full target, with scheme and authority, from its `Host`
/// field; a request that has none, or several, is bad (RFC 9112, 3.2).
fn complete_target(request: &mut Parts) -> Result<(), StatusCode> {
    let mut hosts = request.headers.get_all(header::HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(StatusCode::BAD_REQUEST);
    }
    if request.uri.authority().is_some() {
        return Ok(());
    }
    let authority = match host {
        Some(host) => Authority::try_from(host.as_bytes()).map_err(|_| StatusCode::BAD_REQUEST)?,
        None if request.version == Version::HTTP_10 => Authority::from_static("localhost"),
        None => return Err(StatusCode::BAD_REQUEST),
    };
    let mut parts = std::mem::take(&mut request.uri).into_parts();
    // `OPTIONS *` has no place in a full target; the guest sees no path then.
    parts.scheme = Some(http::uri::Scheme::HTTP);
    parts.authority = Some(authority);
    request.uri = Uri::from_parts(parts).map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok(())
}
