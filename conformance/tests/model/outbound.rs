//! The model's own requests.

use std::sync::Arc;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::http::{HeaderMap, HeaderValue, Request, Response, Uri};
use hyper_util::rt::TokioIo;

use crate::mutation::Mutation;
use crate::pieces::{Answer, Asked, collect, nothing, pairs, streamed, text, whole, write};
use crate::server::Surroundings;

type Body = http_body_util::combinators::BoxBody<Bytes, std::io::Error>;

/// The addresses in a query.
fn urls(query: &str) -> Vec<String> {
    let all = pairs(query).into_iter().filter(|(name, _)| name == "url");
    all.map(|(_, value)| String::from_utf8_lossy(&value).into_owned()).collect()
}

/// Sends a request; the name of the error if there is no answer.
async fn send(
    url: &str,
    mut request: Request<Body>,
    around: &Surroundings,
) -> Result<Response<Incoming>, String> {
    if !around.outbound && around.mutation != Mutation::IgnoreDenial {
        return Err("http-request-denied".to_owned());
    }
    let uri: Uri = url.parse().map_err(|_| "http-request-uri-invalid".to_owned())?;
    let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
    let refused = if around.mutation == Mutation::WrongErrorName {
        "internal-error"
    } else {
        "connection-refused"
    };
    let stream =
        tokio::net::TcpStream::connect(&authority).await.map_err(|_| refused.to_owned())?;
    let _ = stream.set_nodelay(true);
    let broken = |_| "http-protocol-error".to_owned();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(connection);
    request.headers_mut().insert("host", HeaderValue::from_str(&authority).unwrap());
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    *request.uri_mut() = match around.mutation {
        Mutation::FetchDecodesTarget => target.replace("%2F", "/").parse().unwrap(),
        _ => target.parse().unwrap(),
    };
    sender.send_request(request).await.map_err(broken)
}

pub async fn fetch(incoming: Request<Asked>, query: &str, around: &Surroundings) -> Answer {
    let Some(mut url) = urls(query).into_iter().next() else { return text(404, "no such route\n") };
    let (head, body) = incoming.into_parts();
    let mut request = Request::new(passed_on(body, around.mutation).await);
    if around.mutation != Mutation::FetchAlwaysGet {
        *request.method_mut() = head.method;
    }
    for (name, value) in &head.headers {
        if name == "content-type"
            || (name.as_str().starts_with("x-") && around.mutation != Mutation::FetchDropsFields)
        {
            request.headers_mut().append(name.clone(), value.clone());
        }
    }
    let mut result = send(&url, request, around).await;
    if let (Ok(response), Mutation::FollowRedirect) = (&result, around.mutation)
        && let Some(location) = response.headers().get("location")
    {
        url = location.to_str().unwrap().to_owned();
        result = send(&url, Request::new(nothing()), around).await;
    }
    match result {
        Ok(response) => answered(response, around.mutation).await,
        Err(name) => text(
            if around.mutation == Mutation::ErrorStatus { 500 } else { 502 },
            format!("{name}\n"),
        ),
    }
}

/// The body of the incoming request as that of the outgoing one.
async fn passed_on(body: Asked, mutation: Mutation) -> Body {
    match mutation {
        Mutation::FetchBuffersRequest => whole(collect(body).await),
        _ => body.map_err(std::io::Error::other).boxed(),
    }
}

async fn answered(response: Response<Incoming>, mutation: Mutation) -> Answer {
    let (mut head, mut body) = response.into_parts();
    for name in ["connection", "keep-alive", "transfer-encoding", "content-length", "date"] {
        head.headers.remove(name);
    }
    if mutation == Mutation::FetchCollapsesAnswer {
        let mut collapsed = HeaderMap::new();
        for (name, value) in &head.headers {
            collapsed.insert(name.clone(), value.clone());
        }
        head.headers = collapsed;
    }
    let body = match mutation {
        Mutation::FetchBuffersAnswer => whole(collect(body).await),
        Mutation::FetchEndsWhatIsCut => {
            let (writer, reader) = streamed();
            tokio::spawn(async move {
                while let Some(Ok(frame)) = body.frame().await {
                    if let Ok(data) = frame.into_data() {
                        write(&writer, data).await;
                    }
                }
            });
            reader
        }
        _ => body.map_err(std::io::Error::other).boxed(),
    };
    Response::from_parts(head, body)
}

pub async fn gather(query: &str, around: &Arc<Surroundings>) -> Answer {
    let one = |url: String, around: Arc<Surroundings>| async move {
        match send(&url, Request::new(nothing()), &around).await {
            Ok(response) => {
                let status = response.status().as_u16();
                format!("{status} {}\n", collect(response.into_body()).await.len())
            }
            Err(name) => format!("{name}\n"),
        }
    };
    let mut lines = Vec::new();
    if around.mutation == Mutation::GatherOneByOne {
        for url in urls(query) {
            lines.push(one(url, Arc::clone(around)).await);
        }
    } else {
        let tasks: Vec<_> =
            urls(query).into_iter().map(|url| tokio::spawn(one(url, Arc::clone(around)))).collect();
        for task in tasks {
            lines.push(task.await.unwrap());
        }
    }
    if around.mutation == Mutation::GatherOutOfOrder {
        lines.sort();
    }
    text(200, lines.concat())
}
