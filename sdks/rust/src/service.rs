//! `tower` services as handlers.

use std::pin::Pin;

use tower_service::Service;

use crate::{BoxError, IntoResponse, Request, Response};

type Answering = Pin<Box<dyn Future<Output = Result<Response, BoxError>>>>;

/// A service whose type is no longer visible.
pub type ErasedService = Box<dyn Fn(Request) -> Answering>;

/// Makes a function of a service; each call uses a clone of it.
pub fn erase<S>(service: S) -> ErasedService
where
    S: Service<Request> + Clone + 'static,
    S::Response: IntoResponse,
    S::Error: Into<BoxError>,
{
    Box::new(move |request| {
        let mut service = service.clone();
        Box::pin(async move {
            std::future::poll_fn(|context| service.poll_ready(context))
                .await
                .map_err(Into::into)?;
            match service.call(request).await {
                Ok(response) => Ok(response.into_response()),
                Err(error) => Err(error.into()),
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;
    use crate::executor::run;
    use std::convert::Infallible;
    use std::task::{Context, Poll};

    #[derive(Clone)]
    struct Path;

    impl Service<Request> for Path {
        type Response = String;
        type Error = Infallible;
        type Future = std::future::Ready<Result<String, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request) -> Self::Future {
            std::future::ready(Ok(request.uri().path().to_owned()))
        }
    }

    #[test]
    fn a_service_answers() {
        let service = erase(Path);
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = http::Uri::from_static("/somewhere");
        let text = run(
            async { service(request).await.expect("it answers").into_body().text().await },
            |_| false,
        );
        assert_eq!(text.expect("it ends").expect("it is text"), "/somewhere");
    }
}
