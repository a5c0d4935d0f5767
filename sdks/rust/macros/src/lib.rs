//! The attribute `#[isospin::handler]`. It reads the signature as tokens, so
//! that no parser for the whole of Rust has to be compiled for each app.

use proc_macro::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

/// Makes a function the component's entry. Three shapes are understood:
///
/// ```ignore
/// #[isospin::handler]
/// async fn handle(request: isospin::Request) -> isospin::Result<impl isospin::IntoResponse> { .. }
///
/// #[isospin::handler]
/// async fn handle() -> &'static str { .. }
///
/// #[isospin::handler]
/// fn app() -> axum::Router { .. } // or any `tower::Service<isospin::Request> + Clone`
/// ```
#[proc_macro_attribute]
pub fn handler(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let entry = if arguments.is_empty() {
        Signature::read(&item).and_then(|signature| signature.entry())
    } else {
        Err((Span::call_site(), "`#[isospin::handler]` takes no arguments"))
    };
    let mut output = item;
    output.extend(match entry {
        Ok(entry) => entry,
        Err((span, message)) => compile_error(span, message),
    });
    output
}

type Failure = (Span, &'static str);

/// What the entry depends on: name, arguments and kind of the function.
struct Signature {
    name: Ident,
    is_async: bool,
    arguments: usize,
    arguments_span: Span,
}

impl Signature {
    fn read(item: &TokenStream) -> Result<Signature, Failure> {
        let mut is_async = false;
        let mut tokens = item.clone().into_iter();
        loop {
            match tokens.next() {
                Some(TokenTree::Ident(word)) if word.to_string() == "async" => is_async = true,
                Some(TokenTree::Ident(word)) if word.to_string() == "fn" => break,
                Some(_) => {}
                None => {
                    return Err((Span::call_site(), "`#[isospin::handler]` belongs on a function"));
                }
            }
        }
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return Err((Span::call_site(), "the handler needs a name"));
        };
        match tokens.next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                Ok(Signature {
                    name,
                    is_async,
                    arguments: count_arguments(&group),
                    arguments_span: group.span(),
                })
            }
            _ => Err((name.span(), "a handler cannot be generic")),
        }
    }

    /// The tokens that export the function.
    fn entry(self) -> Result<TokenStream, Failure> {
        let macro_name = match (self.is_async, self.arguments) {
            (true, 0) => "__export_handler_without_request",
            (_, 1) if self.is_async => "__export_handler",
            (false, 0) => "__export_service",
            (false, _) => {
                return Err((self.name.span(), "a handler that takes a request is an `async fn`"));
            }
            (true, _) => {
                return Err((self.arguments_span, "a handler takes one argument, the request"));
            }
        };
        let span = self.name.span();
        let mut tokens = path(&["isospin", macro_name]);
        tokens.push(TokenTree::Punct(Punct::new('!', Spacing::Alone)));
        tokens.push(TokenTree::Group(Group::new(
            Delimiter::Brace,
            TokenTree::Ident(self.name).into(),
        )));
        // An error in the function's type is shown where the function is named.
        Ok(tokens
            .into_iter()
            .map(|mut token| {
                token.set_span(token.span().located_at(span));
                token
            })
            .collect())
    }
}

/// The arguments between the parentheses: commas at the top level part them,
/// but for those within the angle brackets of a type.
fn count_arguments(group: &Group) -> usize {
    let mut count = 0;
    let mut depth = 0usize;
    let mut in_argument = false;
    let mut after_minus = false;
    for token in group.stream() {
        let punct = match &token {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            _ => None,
        };
        match punct {
            Some(',') if depth == 0 => {
                in_argument = false;
                continue;
            }
            Some('<') => depth += 1,
            Some('>') if !after_minus => depth = depth.saturating_sub(1),
            _ => {}
        }
        after_minus = punct == Some('-');
        if !in_argument {
            in_argument = true;
            count += 1;
        }
    }
    count
}

/// `::first::second`
fn path(segments: &[&str]) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    for segment in segments {
        tokens.push(TokenTree::Punct(Punct::new(':', Spacing::Joint)));
        tokens.push(TokenTree::Punct(Punct::new(':', Spacing::Alone)));
        tokens.push(TokenTree::Ident(Ident::new(segment, Span::call_site())));
    }
    tokens
}

fn compile_error(span: Span, message: &str) -> TokenStream {
    let mut tokens = path(&["core", "compile_error"]);
    tokens.push(TokenTree::Punct(Punct::new('!', Spacing::Alone)));
    tokens.push(TokenTree::Group(Group::new(
        Delimiter::Brace,
        TokenTree::Literal(proc_macro::Literal::string(message)).into(),
    )));
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}
