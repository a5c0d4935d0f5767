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
            let (response, is_head) = match incoming::request(request) {
                Some(request) => {
                    let is_head = request.method() == Method::HEAD;
                    let response = handler(request).await.unwrap_or_else(|error| {
                        logging::failure("the handler failed", &*error);
                        bare(StatusCode::INTERNAL_SERVER_ERROR)
                    });
                    (response, is_head)
                }
                None => {
                    logging::say(&["the request has a method or a URI that is none"]);
                    (bare(StatusCode::BAD_REQUEST), false)
                }
            };
            if let Some(sending) = outgoing::respond(response, is_head, out)
                && let Err(error) = sending.await
            {
                logging::failure("the response was cut", error.as_error());
            }
        },
        wait::look,
    );
    if finished.is_none() {
        panic!("the handler waits for something that can no longer happen");
    }
}

fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
