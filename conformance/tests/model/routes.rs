//! The routes of `GUEST.md`, in native code.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::{Bytes, Frame};
use hyper::http::{HeaderMap, HeaderValue, Method, Request, Response, Version};
use isospin_conformance::case::Mode;
use isospin_conformance::data::{pattern, unescape};

use crate::fields::{headers, reflect};
use crate::limits;
use crate::mutation::Mutation;
use crate::outbound;
use crate::pieces::{
    Answer, Asked, adler32, collect, nothing, pairs, streamed, text, whole, write,
};
use crate::server::Surroundings;

/// Answers a request as the guest does.
pub async fn answer(request: Request<Asked>, around: Arc<Surroundings>) -> Answer {
    if around.environment.is_some() {
        return environment(&around);
    }
    if let Some(refusal) = refused(&request, &around) {
        return refusal;
    }
    let mut path = request.uri().path().to_owned();
    if around.mutation == Mutation::IgnorePathCase {
        path.make_ascii_lowercase();
    }
    if around.mutation == Mutation::DecodedRoute {
        path = String::from_utf8_lossy(&unescape(&path).unwrap()).into_owned();
    }
    let query = request.uri().query().unwrap_or_default().to_owned();
    let mut segments = path.split('/').skip(1);
    let (route, argument) =
        (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let number = argument.parse::<usize>();
    match (route, number) {
        ("reflect", _) => text(200, reflect(&request, around.mutation)),
        ("collect", _) => {
            if around.mutation == Mutation::NeverContinue
                && request.headers().contains_key("expect")
            {
                return std::future::pending().await;
            }
            let Some(body) = limits::collect(request.into_body(), &around).await else {
                return text(413, "");
            };
            let counted = body.len() + usize::from(around.mutation == Mutation::MiscountUpload);
            text(200, format!("length {counted}\nadler32 {:08x}\n", adler32(&body)))
        }
        ("echo", _) => echo(request, &around, false),
        ("duplex", _) => echo(request, &around, true),
        ("watch", _) => watch(request.into_body(), around.mutation),
        ("early", _) => {
            if around.mutation == Mutation::EarlyReadsBody {
                collect(request.into_body()).await;
            }
            text(403, "early\n")
        }
        ("status", Ok(status)) => self::status(status, around.mutation),
        ("headers", _) => headers(&query, around.mutation),
        ("bytes" | "stream", Ok(size)) => bytes(route == "stream", size, &around),
        ("ticks", Ok(count)) => ticks(count, &query, &around),
        ("trailers", _) => trailers(around.mutation),
        ("error", _) => {
            if around.mutation == Mutation::ErrorReadsBody {
                collect(request.into_body()).await;
            }
            error(&around)
        }
        ("panic" | "recurse", _) if around.mutation == Mutation::PanicIsFine => text(200, "fine\n"),
        ("loop", _) => std::future::pending().await,
        ("allocate", _) if around.mutation == Mutation::IgnoreLimits => {
            std::future::pending().await
        }
        ("panic" | "recurse" | "allocate", _) => {
            if around.mutation != Mutation::PanicNotLogged {
                around.log.append(b"deliberate panic\n");
            }
            text(500, "")
        }
        ("error-after-start", _) => after_start(&around),
        ("counter", _) => {
            let asked = around.counter.fetch_add(1, Ordering::SeqCst) + 1;
            let keeps = match around.mutation {
                Mutation::StateKept => true,
                Mutation::StateForgotten => false,
                _ => around.mode == Mode::Reused,
            };
            text(200, format!("{}\n", if keeps { asked } else { 1 }))
        }
        ("clock", _) => clock(around.mutation),
        ("random", _) => random(around.mutation),
        ("log", _) => {
            let mut message =
                pairs(&query).into_iter().find(|(name, _)| name == "message").unwrap_or_default().1;
            if around.mutation == Mutation::ShortLogLines {
                message.truncate(4096);
            }
            if around.mutation != Mutation::LogNothing {
                around.log.append(&[&message[..], b"\n"].concat());
            }
            text(200, "logged\n")
        }
        ("fetch", _) => outbound::fetch(request, &query, &around).await,
        ("gather", _) => outbound::gather(&query, &around).await,
        _ => text(404, "no such route\n"),
    }
}

/// What a host answers without asking the guest.
fn refused(request: &Request<Asked>, around: &Surroundings) -> Option<Answer> {
    let old = request.version() == Version::HTTP_10;
    let hosts = request.headers().get_all("host").iter().count();
    let good_hosts = hosts == 1 || (old && hosts == 0);
    match around.mutation {
        Mutation::HeadRefused if request.method() == Method::HEAD => Some(text(405, "")),
        Mutation::RefuseOldVersion if old => Some(text(505, "")),
        Mutation::HostNotNeeded => None,
        _ => (!good_hosts).then(|| text(400, "")),
    }
}

fn environment(around: &Surroundings) -> Answer {
    let mut variables = around.environment.clone().unwrap_or_default();
    if around.mutation == Mutation::ExtraVariable {
        variables.insert("PATH".to_owned(), "/bin".to_owned());
    }
    if around.mutation == Mutation::DropEmptyVariable {
        variables.retain(|_, value| !value.is_empty());
    }
    text(200, variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect::<String>())
}

fn echo(request: Request<Asked>, around: &Arc<Surroundings>, ready: bool) -> Answer {
    let (around, mutation) = (Arc::clone(around), around.mutation);
    let (head, mut body) = request.into_parts();
    if mutation == Mutation::BodyOfPostAlone && head.method != Method::POST {
        return text(200, "");
    }
    let (writer, reader) = streamed();
    let mut answer = Response::new(reader);
    let kind =
        head.headers.get("content-type").cloned().filter(|_| mutation != Mutation::DropContentType);
    let default = match mutation {
        Mutation::WrongDefaultType => "text/plain",
        _ => "application/octet-stream",
    };
    let mut kind = kind.unwrap_or(HeaderValue::from_static(default));
    if mutation == Mutation::ShortValues {
        kind = HeaderValue::from_bytes(&kind.as_bytes()[..kind.len().min(4096)]).unwrap();
    }
    answer.headers_mut().insert("content-type", kind);
    for announced in head.headers.get_all("trailer") {
        answer.headers_mut().append("trailer", announced.clone());
    }
    tokio::spawn(async move {
        if ready && mutation != Mutation::DuplexLate {
            write(&writer, "ready\n").await;
        }
        let mut kept = Vec::new();
        if mutation == Mutation::BodyLeftOver {
            let left_over = std::mem::take(&mut *around.left_over.lock().unwrap());
            write(&writer, left_over).await;
        }
        while let Some(frame) = body.frame().await {
            let Ok(mut frame) = frame else {
                around.left_over.lock().unwrap().extend_from_slice(b"left over");
                let _ = writer.send(Err(std::io::Error::other("the request was cut"))).await;
                return;
            };
            if frame.is_trailers() && mutation == Mutation::DropRequestTrailers {
                continue;
            }
            if let (Mutation::CollapseTrailers, Some(trailers)) = (mutation, frame.trailers_mut()) {
                let first =
                    trailers.iter().next().map(|(name, value)| (name.clone(), value.clone()));
                first.into_iter().for_each(|(name, value)| drop(trailers.insert(name, value)));
            }
            match frame.into_data() {
                Ok(data) if mutation == Mutation::BufferEcho => {
                    kept.extend_from_slice(&data);
                    if kept.len() as u64 > around.limits.memory.unwrap_or(u64::MAX) {
                        return;
                    }
                }
                Ok(data) if mutation == Mutation::EchoLosesBytes => {
                    write(&writer, data.slice(1..)).await;
                }
                Ok(data) if mutation == Mutation::ConvertLineEnds => {
                    write(&writer, String::from_utf8_lossy(&data).replace("\r\n", "\n")).await;
                }
                Ok(data) => {
                    if ready && mutation == Mutation::DuplexLate && kept.is_empty() {
                        kept.push(0);
                        write(&writer, "ready\n").await;
                    }
                    if !write(&writer, data).await {
                        return;
                    }
                }
                Err(frame) => {
                    let _ = writer.send(Ok(frame)).await;
                }
            }
        }
        if mutation == Mutation::BufferEcho {
            write(&writer, kept).await;
        }
    });
    answer
}

fn watch(mut body: Asked, mutation: Mutation) -> Answer {
    let (writer, reader) = streamed();
    tokio::spawn(async move {
        write(&writer, "begun\n").await;
        let (mut length, mut end) = (0, "whole");
        while let Some(frame) = body.frame().await {
            match frame.map(|frame| frame.data_ref().map_or(0, Bytes::len)) {
                Ok(more) => length += more,
                Err(_) if mutation == Mutation::CutIsWhole => break,
                Err(_) => {
                    end = "cut";
                    break;
                }
            }
        }
        write(&writer, format!("{end} {length}\n")).await;
    });
    let mut answer = text(200, "");
    *answer.body_mut() = reader;
    answer
}

fn status(status: usize, mutation: Mutation) -> Answer {
    let told = if mutation == Mutation::WrongStatus { 200 } else { status as u16 };
    let mut answer = match status {
        204 | 304 => Response::new(nothing()),
        _ => text(200, format!("status {status}\n")),
    };
    if mutation == Mutation::DropContentType {
        answer.headers_mut().remove("content-type");
    }
    *answer.status_mut() = told.try_into().unwrap();
    answer
}

fn bytes(stream: bool, size: usize, around: &Surroundings) -> Answer {
    let mutation = around.mutation;
    let most = limits::response_body(around);
    let kept = around.limits.memory.filter(|_| mutation == Mutation::KeepStream);
    let most = most.min(kept.map_or(usize::MAX, |memory| memory as usize));
    let mut answer = if stream {
        let (writer, reader) = streamed();
        tokio::spawn(async move {
            let mut unit = pattern(251 * 256);
            unit[0] ^= u8::from(mutation == Mutation::FlipByte);
            let unit = Bytes::from(unit);
            let mut sent = 0;
            while sent < size {
                let part = unit.slice(..unit.len().min(size - sent));
                sent += part.len();
                let last = sent == size && mutation == Mutation::DropLastByte;
                let part = if last { part.slice(..part.len() - 1) } else { part };
                if sent > most {
                    let _ = writer.send(Err(std::io::Error::other("too large"))).await;
                }
                if !write(&writer, part).await {
                    return;
                }
            }
        });
        Response::new(reader)
    } else {
        let mut bytes = pattern(size);
        match mutation {
            Mutation::FlipByte if size > 0 => bytes[size / 2] ^= 1,
            Mutation::DropLastByte => drop(bytes.pop()),
            Mutation::DropFirstByte if size > 0 => drop(bytes.remove(0)),
            _ => {}
        }
        Response::new(whole(bytes))
    };
    answer
        .headers_mut()
        .insert("content-type", HeaderValue::from_static("application/octet-stream"));
    answer
}

fn ticks(count: usize, query: &str, around: &Surroundings) -> Answer {
    let (mutation, deadline) = (around.mutation, limits::deadline(around));
    let wait = pairs(query).into_iter().find(|(name, _)| name == "ms").unwrap_or_default().1;
    let wait = Duration::from_millis(String::from_utf8_lossy(&wait).parse().unwrap_or(0));
    let (writer, reader) = streamed();
    tokio::spawn(async move {
        let mut kept = String::new();
        for number in 1..=count {
            let pause = || tokio::time::timeout_at(deadline, tokio::time::sleep(wait));
            if number > 1 && pause().await.is_err() {
                let _ = writer.send(Err(std::io::Error::other("out of time"))).await;
                return;
            }
            let line = format!("tick {number}\n");
            if mutation == Mutation::BufferTicks {
                kept.push_str(&line);
            } else if !write(&writer, line).await {
                return;
            }
        }
        write(&writer, kept).await;
    });
    let mut answer = text(200, "");
    *answer.body_mut() = reader;
    answer
}

fn trailers(mutation: Mutation) -> Answer {
    let (writer, reader) = streamed();
    let mut answer = text(200, "");
    *answer.body_mut() = reader;
    answer.headers_mut().insert("trailer", HeaderValue::from_static("x-checksum, x-second"));
    if mutation == Mutation::TrailersAsHeaders {
        answer.headers_mut().insert("x-checksum", HeaderValue::from_static("abc"));
    }
    tokio::spawn(async move {
        write(&writer, "body\n").await;
        let mut trailers = HeaderMap::new();
        trailers.insert("x-checksum", HeaderValue::from_static("abc"));
        if mutation != Mutation::DropSecondTrailer {
            trailers.insert("x-second", HeaderValue::from_static("two"));
        }
        if mutation != Mutation::DropTrailers {
            let _ = writer.send(Ok(Frame::trailers(trailers))).await;
        }
    });
    answer
}

fn error(around: &Surroundings) -> Answer {
    if around.mutation != Mutation::ErrorNotLogged {
        around.log.append(b"deliberate error\n");
    }
    let told = if around.mutation == Mutation::ErrorTellsClient { "deliberate error" } else { "" };
    let mut answer = text(500, told);
    answer.headers_mut().remove("content-type");
    answer
}

fn after_start(around: &Surroundings) -> Answer {
    let (writer, reader) = streamed();
    let (log, mutation) = (around.log.clone(), around.mutation);
    let logs = mutation != Mutation::ErrorNotLogged;
    tokio::spawn(async move {
        write(&writer, "begun\n").await;
        // What was begun is on its way before the failure is seen.
        tokio::time::sleep(Duration::from_millis(20)).await;
        if logs {
            log.append(b"deliberate error\n");
        }
        if mutation != Mutation::EndInsteadOfCut {
            let _ = writer.send(Err(std::io::Error::other("deliberate error"))).await;
        }
    });
    let mut answer = text(200, "");
    *answer.body_mut() = reader;
    answer
}

fn clock(mutation: Mutation) -> Answer {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let wall = match mutation {
        Mutation::FrozenClock => 1_700_000_000_000,
        Mutation::WrongClock => now - 3_600_000,
        _ => now,
    };
    text(200, format!("wall {wall}\nmonotonic {}\n", now * 1_000_000))
}

fn random(mutation: Mutation) -> Answer {
    let number = || RandomState::new().build_hasher().finish();
    let secure = match mutation {
        Mutation::FrozenSecureRandom => "00".repeat(16),
        _ => format!("{:016x}{:016x}", number(), number()),
    };
    let other = if mutation == Mutation::FrozenOtherRandom { 7 } else { number() };
    text(200, format!("secure {secure}\nhash {other:016x}\n"))
}
