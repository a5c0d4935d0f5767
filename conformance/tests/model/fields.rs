//! Routes about targets and fields: what came of the request, and what the handler sets.

use hyper::http::{HeaderName, HeaderValue, Request, Response};
use isospin_conformance::data::unescape;

use crate::mutation::Mutation;
use crate::pieces::{Answer, Asked, escape, pairs, text, whole};

/// What a host lets no handler set.
const FORBIDDEN: &[&str] = &["connection", "keep-alive", "transfer-encoding", "upgrade"];

pub fn reflect(request: &Request<Asked>, mutation: Mutation) -> String {
    let mut method = request.method().to_string();
    let mut path = request.uri().path().to_owned();
    let mut query = request.uri().query().map(str::to_owned);
    match mutation {
        Mutation::UpperCaseMethod => method = method.to_uppercase(),
        Mutation::LettersOnlyMethod => method.retain(|letter| letter.is_ascii_alphabetic()),
        Mutation::GetOrPost if method != "GET" => method = "POST".to_owned(),
        Mutation::EncodeDelimiters => path = path.replace('(', "%28"),
        Mutation::WholeTarget => path = request.uri().to_string(),
        Mutation::UpperCaseEscapes => path = path.to_uppercase().replace("/REFLECT", "/reflect"),
        Mutation::StripSlash => path = path.trim_end_matches('/').to_owned(),
        Mutation::SplitAtLastQuestion => {
            if let Some((before, after)) = query.as_deref().and_then(|query| query.rsplit_once('?'))
            {
                path = format!("{path}?{before}");
                query = Some(after.to_owned());
            }
        }
        Mutation::DecodePath => {
            path = String::from_utf8_lossy(&unescape(&path).unwrap()).into_owned()
        }
        Mutation::NormalisePath => {
            path = path.replace("/a/..", "").replace("/./", "/").replace("//", "/")
        }
        Mutation::DropEmptyQuery => query = query.filter(|query| !query.is_empty()),
        Mutation::PlusBecomesSpace => query = query.map(|query| query.replace('+', " ")),
        _ => {}
    }
    let mut lines = format!("method {method}\npath {path}\n");
    if let Some(query) = query {
        lines.push_str(&format!("query {query}\n"));
    }
    let most = if mutation == Mutation::FewFields { 64 } else { usize::MAX };
    for name in request.headers().keys().take(most) {
        let mut values: Vec<String> =
            request.headers().get_all(name).iter().map(|value| shown(value, mutation)).collect();
        match mutation {
            Mutation::CollapseRequestRepeats => values = vec![values.join(",%20")],
            Mutation::ReverseRequestRepeats => values.reverse(),
            Mutation::DropCookies if name == "cookie" => continue,
            _ => {}
        }
        let mut name = name.to_string();
        if mutation == Mutation::LettersOnlyNames {
            name.retain(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        }
        lines.extend(values.iter().map(|value| format!("header {name} {value}\n")));
    }
    lines
}

fn shown(value: &HeaderValue, mutation: Mutation) -> String {
    match mutation {
        Mutation::LossyRequestValues => {
            escape(String::from_utf8_lossy(value.as_bytes()).as_bytes())
        }
        Mutation::SqueezeSpace => escape(value.as_bytes()).replace("%09", "").replace("%20", ""),
        Mutation::LowerCaseValues => escape(value.as_bytes()).to_lowercase(),
        Mutation::Latin1Values => {
            let text: String = value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
            escape(text.as_bytes())
        }
        _ => escape(value.as_bytes()),
    }
}

pub fn headers(query: &str, mutation: Mutation) -> Answer {
    let mut answer = Response::new(whole("ok\n"));
    let mut fields = pairs(query);
    let forbidden = |(name, _): &(String, Vec<u8>)| FORBIDDEN.contains(&name.as_str());
    if fields.iter().any(forbidden) && mutation != Mutation::AllowFramingFields {
        return text(500, "");
    }
    match mutation {
        Mutation::TruncateQuery => fields = pairs(&query[..query.len().min(3000)]),
        Mutation::FewFields => fields.truncate(64),
        Mutation::InjectFields => {
            for index in 0..fields.len() {
                let text = String::from_utf8_lossy(&fields[index].1).into_owned();
                if let Some((value, rest)) = text.split_once(['\r', '\n']) {
                    fields[index].1 = value.into();
                    let injected = rest.trim_start().split_once(": ").unwrap_or_default();
                    fields.push((injected.0.to_owned(), injected.1.into()));
                }
            }
        }
        Mutation::CutBadNames => fields.iter_mut().for_each(|(name, _)| {
            name.truncate(name.find(' ').unwrap_or(name.len()));
        }),
        Mutation::ReverseResponseRepeats => fields.reverse(),
        Mutation::DropEmptyFields => fields.retain(|(_, value)| !value.is_empty()),
        Mutation::AddContentType => fields.push(("content-type".to_owned(), b"text/html".to_vec())),
        Mutation::CollapseResponseRepeats => {
            let mut collapsed: Vec<(String, Vec<u8>)> = Vec::new();
            for (name, value) in fields {
                match collapsed.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, all)) => all.extend([b", ", &value[..]].concat()),
                    None => collapsed.push((name, value)),
                }
            }
            fields = collapsed;
        }
        _ => {}
    }
    for (name, mut value) in fields {
        if mutation == Mutation::LossyResponseValues {
            value = String::from_utf8_lossy(&value).into_owned().into_bytes();
        }
        let field = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(&value));
        let (Ok(name), Ok(value)) = field else { return text(500, "") };
        answer.headers_mut().append(name, value);
    }
    answer
}
