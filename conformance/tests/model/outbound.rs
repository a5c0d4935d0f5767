//! The model's own requests.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::http::{HeaderMap, HeaderValue, Method, Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::mutation::Mutation;
use crate::pieces::{Answer, Asked, collect, nothing, pairs, streamed, text, whole, write};
use crate::server::Surroundings;
use crate::tls;

/// What a request is sent over: plain TCP, or TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

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
    let mutation = around.mutation;
    let stream: Box<dyn Stream> = match uri.scheme_str() {
        Some("https") if mutation == Mutation::NeverTls => {
            return Err("tls-protocol-error".to_owned());
        }
        Some("https") if mutation != Mutation::TlsInTheClear => {
            Box::new(tls::connect(stream, uri.host().unwrap_or_default(), mutation).await?)
        }
        _ => Box::new(stream),
    };
    let broken = |_| "http-protocol-error".to_owned();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(connection);
    request.headers_mut().insert("host", HeaderValue::from_str(&authority).unwrap());
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let target = format!("/{}", target.strip_prefix('/').unwrap_or(target));
    *request.uri_mut() = match around.mutation {
        Mutation::FetchDecodesTarget => target.replace("%2F", "/").parse().unwrap(),
        Mutation::FetchDropsQuery => uri.path().parse().unwrap(),
        Mutation::FetchSendsFragment => {
            let fragment = url.split_once('#').map_or("", |(_, fragment)| fragment);
            format!("{target}%23{fragment}").parse().unwrap()
        }
        _ => target.parse().unwrap(),
    };
    let response = sender.send_request(request).await.map_err(broken)?;
    match mutation {
        Mutation::AskBeforeTrust if uri.scheme_str() == Some("https") => {
            Err("tls-certificate-error".to_owned())
        }
        _ => Ok(response),
    }
}

pub async fn fetch(incoming: Request<Asked>, query: &str, around: &Surroundings) -> Answer {
    let Some(mut url) = urls(query).into_iter().next() else { return text(404, "no such route\n") };
    let (head, body) = incoming.into_parts();
    let body = match head.method {
        Method::GET | Method::HEAD if around.mutation != Mutation::FetchAddsBody => nothing(),
        Method::GET => streamed().1,
        _ => passed_on(body, around.mutation).await,
    };
    let mut request = Request::new(body);
    if around.mutation != Mutation::FetchAlwaysGet {
        *request.method_mut() = head.method;
    }
    for (name, value) in &head.headers {
        if name == "content-type"
            || (name.as_str().starts_with("x-") && around.mutation != Mutation::FetchDropsFields)
        {
            request.headers_mut().append(name.clone(), altered(value, around.mutation));
        }
    }
    if around.mutation == Mutation::FetchAddsBody {
        request.headers_mut().insert("transfer-encoding", HeaderValue::from_static("chunked"));
    }
    if around.mutation == Mutation::FetchDropsEmpty {
        request.headers_mut().remove("x-empty");
    }
    let limit = pairs(query).into_iter().find(|(name, _)| name == "ms");
    let limit = limit.filter(|_| around.mutation != Mutation::NeverGivesUp);
    let limit =
        limit.map_or(u64::MAX >> 32, |(_, ms)| String::from_utf8(ms).unwrap().parse().unwrap());
    let sending = send(&url, request, around);
    let Ok(mut result) = tokio::time::timeout(Duration::from_millis(limit), sending).await else {
        return text(504, "timed out\n");
    };
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

/// The value as it is sent on.
fn altered(value: &HeaderValue, mutation: Mutation) -> HeaderValue {
    match mutation {
        Mutation::FetchLossyValues => {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            HeaderValue::from_bytes(text.as_bytes()).unwrap()
        }
        Mutation::ShortValues => {
            HeaderValue::from_bytes(&value.as_bytes()[..value.len().min(4096)]).unwrap()
        }
        _ => value.clone(),
    }
}

/// The body of the incoming request as that of the outgoing one.
async fn passed_on(body: Asked, mutation: Mutation) -> Body {
    match mutation {
        Mutation::FetchBuffersRequest => whole(collect(body).await),
        Mutation::FetchEndsCutRequest => ended(body),
        _ => body.map_err(std::io::Error::other).boxed(),
    }
}

/// A body that is passed on as if it were whole even if it breaks off.
fn ended(mut body: Asked) -> Body {
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

async fn answered(response: Response<Incoming>, mutation: Mutation) -> Answer {
    let (mut head, body) = response.into_parts();
    for name in ["connection", "keep-alive", "transfer-encoding", "content-length", "date"] {
        head.headers.remove(name);
    }
    match mutation {
        Mutation::FetchAlwaysFine => head.status = hyper::http::StatusCode::OK,
        Mutation::FetchDropsAnswerFields => head.headers.clear(),
        Mutation::FewFields => {
            let names: Vec<_> = head.headers.keys().skip(64).cloned().collect();
            names.into_iter().for_each(|name| drop(head.headers.remove(name)));
        }
        _ => {}
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
        Mutation::FetchEndsWhatIsCut => ended(body.map_err(std::io::Error::other).boxed()),
        Mutation::FetchLosesEnd => {
            let mut bytes = collect(body).await;
            bytes.pop();
            whole(bytes)
        }
        Mutation::FetchTextBodies => {
            whole(String::from_utf8_lossy(&collect(body).await).into_owned())
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
                match response.into_body().collect().await {
                    Ok(body) => format!("{status} {}\n", body.to_bytes().len()),
                    Err(_) if around.mutation == Mutation::GatherTakesHalves => {
                        format!("{status} 4\n")
                    }
                    Err(_) => "http-response-incomplete\n".to_owned(),
                }
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
    if around.mutation == Mutation::GatherNeedsOne && lines.is_empty() {
        return text(500, "");
    }
    if around.mutation == Mutation::GatherOutOfOrder {
        lines.sort();
    }
    text(200, lines.concat())
}
