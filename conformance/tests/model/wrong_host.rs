//! What a wrong host does to requests before the guest gets them, and to its answers.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use isospin_conformance::data::unescape;
use tokio::sync::oneshot;

use crate::fault::Fault;
use crate::limits;
use crate::pieces::{Answer, Asked, collect, nothing, streamed, text, whole};
use crate::routes;
use crate::server::Surroundings;

/// Answers as the guest does on a host with the fault.
pub async fn answer(request: Request<Incoming>, around: Arc<Surroundings>) -> Answer {
    let fault = around.fault;
    if matches!(fault, Fault::DieOfLeaversUploading | Fault::DieOfLeaversDownloading) {
        // The host has seen that somebody left.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let number = around.asked.fetch_add(1, Ordering::SeqCst);
    if around.dead.load(Ordering::SeqCst) || fault == Fault::RefuseSome && number % 40 == 39 {
        return text(503, "");
    }
    let (head, body) = request.into_parts();
    let mut request = Request::from_parts(head, body.map_err(std::io::Error::other).boxed());
    if let Some(refusal) = bend_head(&mut request, fault) {
        return refusal;
    }
    let is_panic = ["/panic", "/recurse", "/allocate"].contains(&request.uri().path());
    let (request, ended) = bend_body(request, &around).await;
    // A crash of the handler ends this task alone.
    let inside = Arc::clone(&around);
    let task = tokio::spawn(async move {
        let place = Arc::clone(&inside.places).acquire_owned().await.unwrap();
        let answering = routes::answer(request, Arc::clone(&inside));
        limits::in_time(answering, &inside, place).await
    });
    let answer = task.await.unwrap_or_else(|_| text(500, ""));
    match fault {
        Fault::DieOfPanics if is_panic => around.dead.store(true, Ordering::SeqCst),
        Fault::PanicsAreBadGateways if is_panic => return text(502, ""),
        Fault::AnswerAfterRequest => {
            let _ = ended.await;
        }
        _ => {}
    }
    bend_answer(answer, around).await
}

/// Method, target and fields; an answer if the host refuses.
fn bend_head(request: &mut Request<Asked>, fault: Fault) -> Option<Answer> {
    let method = request.method().as_str().to_owned();
    let mut path = request.uri().path().to_owned();
    let mut query = request.uri().query().map(str::to_owned);
    match fault {
        Fault::UpperCaseMethods => *request.method_mut() = method.to_uppercase().parse().unwrap(),
        Fault::RefuseUnknownMethods
            if !["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
                .contains(&method.as_str()) =>
        {
            return Some(text(501, ""));
        }
        Fault::DecodePaths => {
            let decoded = unescape(&path).unwrap_or_else(|_| path.clone().into());
            let visible = decoded.iter().all(u8::is_ascii_graphic);
            path = if visible { String::from_utf8(decoded).unwrap() } else { path };
        }
        Fault::NormalisePaths => path = path.replace("/./", "/").replace("//", "/"),
        Fault::DropEmptyQueries => query = query.filter(|query| !query.is_empty()),
        Fault::CutTargets => {
            path.truncate(1000);
            query.iter_mut().for_each(|query| query.truncate(1000));
        }
        Fault::EncodeTargets => path = path.replace(',', "%2C").replace("%E2", "%e2"),
        Fault::AnswerOptions if method == "OPTIONS" => return Some(text(204, "")),
        Fault::DropBodiesOfGet if method == "GET" => {
            *request.body_mut() = nothing();
        }
        Fault::DropEmptyRequestValues => {
            let fields = std::mem::take(request.headers_mut());
            let all = fields.iter().filter(|(_, value)| !value.is_empty());
            request.headers_mut().extend(all.map(|(name, value)| (name.clone(), value.clone())));
        }
        Fault::RecodeRequestValues => recode(request.headers_mut()),
        Fault::JoinRequestRepeats | Fault::ReverseRequestRepeats | Fault::LastOfRequestRepeats => {
            let how = match fault {
                Fault::JoinRequestRepeats => Repeats::Joined,
                Fault::ReverseRequestRepeats => Repeats::Reversed,
                _ => Repeats::Last,
            };
            rearrange(request.headers_mut(), how);
        }
        _ => {}
    }
    let target = query.map_or(path.clone(), |query| format!("{path}?{query}"));
    if let Ok(target) = target.parse() {
        *request.uri_mut() = target;
    }
    None
}

/// The body; also a signal that the host has received all of it.
async fn bend_body(
    request: Request<Asked>,
    around: &Arc<Surroundings>,
) -> (Request<Asked>, oneshot::Receiver<()>) {
    let (end, ended) = oneshot::channel();
    let (head, mut body) = request.into_parts();
    let body = match around.fault {
        Fault::BufferRequests => whole(collect(body).await),
        Fault::LoseLastByte | Fault::LeaveBodyForNext => {
            let mut bytes = collect(body).await;
            if around.fault == Fault::LoseLastByte {
                bytes.pop();
            } else {
                let mut left = around.left.lock().unwrap();
                std::mem::swap(&mut bytes, &mut left);
            }
            whole(bytes)
        }
        Fault::DropRequestTrailers | Fault::AnswerAfterRequest | Fault::DieOfLeaversUploading => {
            let around = Arc::clone(around);
            let (writer, reader) = streamed();
            tokio::spawn(async move {
                while let Some(frame) = body.frame().await {
                    let dies = around.fault == Fault::DieOfLeaversUploading && frame.is_err();
                    if dies {
                        around.dead.store(true, Ordering::SeqCst);
                    }
                    let is_trailer = frame.as_ref().is_ok_and(Frame::is_trailers);
                    if around.fault != Fault::DropRequestTrailers || !is_trailer {
                        let _ = writer.send(frame).await;
                    }
                }
                let _ = end.send(());
            });
            reader
        }
        _ => body,
    };
    (Request::from_parts(head, body), ended)
}

/// Status, fields, body and trailers of an answer.
async fn bend_answer(answer: Answer, around: Arc<Surroundings>) -> Answer {
    let (mut head, mut body) = answer.into_parts();
    match around.fault {
        Fault::JoinAnswerRepeats => rearrange(&mut head.headers, Repeats::Joined),
        Fault::ReverseAnswerRepeats => rearrange(&mut head.headers, Repeats::Reversed),
        Fault::LastOfAnswerRepeats => rearrange(&mut head.headers, Repeats::Last),
        Fault::RecodeAnswerValues => recode(&mut head.headers),
        Fault::AddContentType => {
            let html = HeaderValue::from_static("text/html");
            head.headers.entry("content-type").or_insert(html);
        }
        Fault::DropContentType => drop(head.headers.remove("content-type")),
        Fault::TellErrors if head.status == 500 => body = whole("guest: deliberate error"),
        Fault::RoundStatuses => {
            let status = head.status.as_u16();
            head.status = StatusCode::from_u16(status / 10 * 10).unwrap();
        }
        Fault::BufferAnswers => match body.collect().await {
            Ok(collected) => body = collected.map_err(|never| match never {}).boxed(),
            Err(_) => return text(502, ""),
        },
        Fault::TrailersAmongFields => {
            let Ok(collected) = body.collect().await else { return text(502, "") };
            head.headers.extend(collected.trailers().cloned().unwrap_or_default());
            body = whole(collected.to_bytes());
        }
        Fault::DropAnswerTrailers
        | Fault::DropLastTrailer
        | Fault::EndWhatIsCut
        | Fault::TruncateBodies
        | Fault::DieOfLeaversDownloading => {
            body = Bent { inner: body, sent: 0, ended: false, around }.boxed();
        }
        _ => {}
    }
    Response::from_parts(head, body)
}

/// The body of an answer, as a wrong host passes it on.
struct Bent {
    inner: Asked,
    sent: usize,
    ended: bool,
    around: Arc<Surroundings>,
}

/// A host that truncates sends no more of a body.
const MOST: usize = 1 << 20;

impl Body for Bent {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let fault = self.around.fault;
        let next = std::task::ready!(Pin::new(&mut self.inner).poll_frame(context));
        self.ended = self.ended || next.is_none();
        let frame = match next {
            Some(Err(_)) if fault == Fault::EndWhatIsCut => return Poll::Ready(None),
            Some(Ok(frame)) => frame,
            other => return Poll::Ready(other),
        };
        Poll::Ready(match frame.into_data() {
            Ok(data) if fault == Fault::TruncateBodies => {
                let room = MOST.saturating_sub(self.sent);
                self.sent += data.len();
                (room > 0).then(|| Ok(Frame::data(data.slice(..data.len().min(room)))))
            }
            Ok(data) => Some(Ok(Frame::data(data))),
            Err(frame) => match frame.into_trailers() {
                Ok(_) if fault == Fault::DropAnswerTrailers => None,
                Ok(mut trailers) => {
                    if fault == Fault::DropLastTrailer {
                        let last = trailers.keys().last().cloned();
                        if let Some(last) = last {
                            trailers.remove(last);
                        }
                    }
                    Some(Ok(Frame::trailers(trailers)))
                }
                Err(frame) => Some(Ok(frame)),
            },
        })
    }
}

impl Drop for Bent {
    fn drop(&mut self) {
        if self.around.fault == Fault::DieOfLeaversDownloading && !self.ended {
            self.around.dead.store(true, Ordering::SeqCst);
        }
    }
}

/// What becomes of fields of the same name.
#[derive(Clone, Copy)]
enum Repeats {
    Joined,
    Reversed,
    Last,
}

fn rearrange(fields: &mut HeaderMap, how: Repeats) {
    let names: Vec<_> = fields.keys().cloned().collect();
    for name in names {
        let mut values: Vec<HeaderValue> = fields.get_all(&name).iter().cloned().collect();
        match how {
            Repeats::Joined => {
                let all: Vec<&[u8]> = values.iter().map(HeaderValue::as_bytes).collect();
                values = vec![HeaderValue::from_bytes(&all.join(&b", "[..])).unwrap()];
            }
            Repeats::Reversed => values.reverse(),
            Repeats::Last => drop(values.drain(..values.len() - 1)),
        }
        fields.remove(&name);
        for value in values {
            fields.append(&name, value);
        }
    }
}

/// Values are taken for Latin-1 and become UTF-8.
fn recode(fields: &mut HeaderMap) {
    for value in fields.values_mut() {
        let text: String = value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
        *value = HeaderValue::from_bytes(text.as_bytes()).unwrap();
    }
}
