//! A proxy: every request goes to the upstream, both bodies are streamed.

use isospin::http::{HeaderMap, StatusCode, Uri};
use isospin::{Error, IntoResponse, Request, Response, Result, environment};

#[isospin::handler]
async fn handle(request: Request) -> Result<Response> {
    let upstream = environment::variable("UPSTREAM")
        .ok_or_else(|| Error::message("UPSTREAM is not set in isospin.toml"))?;
    let (mut head, body) = request.into_parts();
    head.uri = target(&upstream, &head.uri)?;
    head.headers = passed_on(&head.headers);
    match isospin::fetch(Request::from_parts(head, body)).await {
        Ok(response) => {
            let (mut head, body) = response.into_parts();
            head.headers = passed_on(&head.headers);
            Ok(Response::from_parts(head, body))
        }
        Err(error) => {
            isospin::log!("{upstream}: {error}");
            Ok((StatusCode::BAD_GATEWAY, "the upstream does not answer\n").into_response())
        }
    }
}

/// The upstream's address with the path and query that were asked for.
fn target(upstream: &str, asked: &Uri) -> Result<Uri> {
    let path = asked.path_and_query().map_or("/", |path| path.as_str());
    Ok(format!("{}{path}", upstream.trim_end_matches('/')).parse()?)
}

/// All headers but those that belong to one connection alone.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    const OF_CONNECTION: [&str; 9] = [
        "connection",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    let kept = headers
        .iter()
        .filter(|(name, _)| !OF_CONNECTION.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_query_are_kept() {
        let asked = Uri::from_static("http://here/a%20b?c=d");
        let target = target("http://there:9000/", &asked).unwrap();
        assert_eq!(target, "http://there:9000/a%20b?c=d");
    }

    #[test]
    fn headers_of_the_connection_are_left_out() {
        let mut headers = HeaderMap::new();
        headers.insert("host", "here".parse().unwrap());
        headers.append("x-kind", "one".parse().unwrap());
        headers.append("x-kind", "two".parse().unwrap());
        let kept = passed_on(&headers);
        assert!(!kept.contains_key("host"));
        assert_eq!(kept.get_all("x-kind").iter().count(), 2);
    }
}
