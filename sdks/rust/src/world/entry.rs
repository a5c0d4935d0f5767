//! What happens when the world hands over a request.

use http::{Method, Response, StatusCode};
use wasip2::http::types::{IncomingRequest, ResponseOutparam};

use super::{incoming, outgoing, wait};
use crate::{Body, BoxError, Request, executor, logging};

/// Answers one request with the handler, and stays until the response is sent
/// and the handler's tasks are done.
pub fn run<F>(request: IncomingRequest, out: ResponseOutparam, handler: impl FnOnce(Request) -> F)
where
    F: Future<Output = Result<Response<Body>, BoxError>>,
{
    logging::install();
    let finished = executor::run(
        async move {
            let request = match incoming::request(request) {
                Ok(request) => request,
                Err(error) => {
                    crate::log!("a request that cannot be read: {error}");
                    return send(bare(StatusCode::BAD_REQUEST), false, out).await;
                }
            };
            let is_head = request.method() == Method::HEAD;
            let response = handler(request).await.unwrap_or_else(|error| {
                logging::failure("the handler failed", &*error);
                bare(StatusCode::INTERNAL_SERVER_ERROR)
            });
            send(response, is_head, out).await;
        },
        wait::look,
    );
    if finished.is_none() {
        panic!("the handler waits for something that can no longer happen");
    }
}

async fn send(response: Response<Body>, is_head: bool, out: ResponseOutparam) {
    if let Err(error) = outgoing::respond(response, is_head, out).await {
        logging::failure("the response was cut", error.as_error());
    }
}

fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
