//! Bodies of requests and responses.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use crate::channel::Channel;
use crate::world::IncomingBody;
use crate::{BoxError, Error, Result, Sender};

/// The body of a request or a response: whole, streamed, or both in turn.
///
/// It implements [`http_body::Body`], so that `http-body-util` and the like
/// work on it. What is read is not asked for before it is wanted, and what is
/// sent is not produced before it can be sent.
pub struct Body {
    kind: Kind,
}

enum Kind {
    Whole(Bytes),
    Incoming(IncomingBody),
    Channel(Channel),
    Other(Pin<Box<dyn http_body::Body<Data = Bytes, Error = Error> + Send>>),
}

impl Body {
    /// A body without a byte.
    pub fn empty() -> Body {
        Body::from(Bytes::new())
    }

    /// A body that gives what `body` gives.
    pub fn new<B>(body: B) -> Body
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<BoxError>,
    {
        // A body of our own need not be wrapped once more.
        let mut body = Some(body);
        if let Some(own) = (&mut body as &mut dyn Any).downcast_mut::<Option<Body>>()
            && let Some(own) = own.take()
        {
            return own;
        }
        match body {
            Some(body) => Body { kind: Kind::Other(Box::pin(Foreign { body: Box::pin(body) })) },
            None => Body::empty(),
        }
    }

    /// A body of the chunks of a stream. An error in it cuts the message.
    pub fn from_stream<S, T, E>(stream: S) -> Body
    where
        S: Stream<Item = std::result::Result<T, E>> + Send + 'static,
        T: Into<Bytes>,
        E: Into<BoxError>,
    {
        Body { kind: Kind::Other(Box::pin(Streamed { stream: Box::pin(stream) })) }
    }

    /// A body that `producer` writes while it is sent. If it fails, the body is
    /// cut and the error logged.
    ///
    /// ```no_run
    /// # use isospin::Body;
    /// let body = Body::produce(|mut sender| async move {
    ///     for line in 1..=3 {
    ///         sender.send(format!("{line}\n")).await?;
    ///     }
    ///     Ok(())
    /// });
    /// ```
    pub fn produce<F, P>(producer: F) -> Body
    where
        F: FnOnce(Sender) -> P,
        P: Future<Output = Result<()>> + 'static,
    {
        let (sender, body) = Body::channel();
        let handle = sender.handle();
        let producing = producer(sender);
        crate::spawn(async move {
            if let Err(error) = producing.await {
                handle.fail(error);
            }
        });
        body
    }

    /// A body that is written while it is sent: what goes into the sender, in
    /// a task of [`spawn`](crate::spawn), comes out of the body. Where that
    /// task may fail, [`Body::produce`] is the better choice.
    pub fn channel() -> (Sender, Body) {
        let (sender, channel) = crate::channel::channel();
        (sender, Body { kind: Kind::Channel(channel) })
    }

    /// The next data or trailers, or `None` at the end.
    pub async fn frame(&mut self) -> Option<Result<Frame<Bytes>>> {
        std::future::poll_fn(|context| http_body::Body::poll_frame(Pin::new(self), context)).await
    }

    /// The next piece of data, or `None` at the end; trailers are skipped.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        while let Some(frame) = self.frame().await {
            if let Ok(data) = frame?.into_data() {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }

    /// All the data up to the end.
    pub async fn bytes(mut self) -> Result<Bytes> {
        let Some(first) = self.chunk().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.chunk().await? else {
            return Ok(first);
        };
        let mut all = Vec::with_capacity(first.len() + second.len());
        all.extend_from_slice(&first);
        all.extend_from_slice(&second);
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.into())
    }

    /// All the data up to the end, which must be UTF-8.
    pub async fn text(self) -> Result<String> {
        Ok(String::from_utf8(self.bytes().await?.into())?)
    }

    pub(crate) fn incoming(body: IncomingBody) -> Body {
        Body { kind: Kind::Incoming(body) }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>>>> {
        match &mut self.kind {
            Kind::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Incoming(body) => {
                body.poll_frame(context).map(|frame| frame.map(|frame| frame.map_err(Error::from)))
            }
            Kind::Channel(channel) => channel.poll_frame(context),
            Kind::Other(body) => body.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Whole(bytes) => bytes.is_empty(),
            Kind::Incoming(body) => body.is_end(),
            Kind::Channel(_) => false,
            Kind::Other(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Incoming(body) => match body.remaining() {
                Some(length) => SizeHint::with_exact(length),
                None => SizeHint::default(),
            },
            Kind::Channel(_) => SizeHint::default(),
            Kind::Other(body) => body.size_hint(),
        }
    }
}

impl Default for Body {
    fn default() -> Body {
        Body::empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Body").finish_non_exhaustive()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Body {
        Body { kind: Kind::Whole(bytes) }
    }
}

/// `From` for what becomes `Bytes` without more ado.
macro_rules! whole_bodies {
    ($($type:ty),*) => {$(
        impl From<$type> for Body {
            fn from(value: $type) -> Body {
                Body::from(Bytes::from(value))
            }
        }
    )*};
}

whole_bodies!(&'static str, &'static [u8], String, Vec<u8>);

impl From<()> for Body {
    fn from((): ()) -> Body {
        Body::empty()
    }
}

/// A body of another crate, its data as [`Bytes`] and its errors as [`Error`].
struct Foreign<B> {
    body: Pin<Box<B>>,
}

impl<B> http_body::Body for Foreign<B>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>>>> {
        self.body.as_mut().poll_frame(context).map(|frame| {
            frame.map(|frame| match frame {
                Ok(frame) => Ok(frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))),
                Err(error) => Err(Error::from_box(error.into())),
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream of chunks as a body.
struct Streamed<S> {
    stream: Pin<Box<S>>,
}

impl<S, T, E> http_body::Body for Streamed<S>
where
    S: Stream<Item = std::result::Result<T, E>>,
    T: Into<Bytes>,
    E: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>>>> {
        self.stream.as_mut().poll_next(context).map(|item| {
            item.map(|chunk| match chunk {
                Ok(chunk) => Ok(Frame::data(chunk.into())),
                Err(error) => Err(Error::from_box(error.into())),
            })
        })
    }
}
