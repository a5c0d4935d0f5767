//! What to do about what the bundler printed.

use crate::language::Advice;
use crate::report::Code;

/// Modules that are part of Node and of nothing else.
const NODE_MODULES: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "crypto",
    "dgram",
    "dns",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "querystring",
    "readline",
    "stream",
    "string_decoder",
    "timers",
    "tls",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "worker_threads",
    "zlib",
];

/// Of these, what a package of npm with the same name does without Node.
const IN_NPM: &[&str] = &["buffer", "events"];

/// Interfaces that every handler uses, and that TypeScript knows only if it is told.
const WEB_NAMES: &[&str] = &["Request", "Response", "Handler", "Context", "URL", "console"];

/// How a handler is written.
pub const HANDLER: &str = "Write a handler: `export default { async fetch(request) { return new Response(\"hello\") } }`.";

/// The hint for the first thing in `printed` that is known.
pub fn advice(printed: &str) -> Option<Advice> {
    // TypeError: the module has no handler: it must `export default ...`
    if printed.contains("the module has no handler") {
        return Some(Advice::on(Code::HandlerMissing, HANDLER));
    }
    // a top-level `await` waits for something that never happens at build time
    if printed.contains("that never happens at build time") {
        return Some(Advice::on(
            Code::StartCallsOut,
            "What stands outside of functions runs once, when the component is built, without the \
             network: move the `await` into the handler.",
        ));
    }
    if printed.contains("the line is not UTF-8") {
        return Some(Advice::on(
            Code::SourceEncoding,
            "Sources are UTF-8: save the file in that encoding.",
        ));
    }
    // error TS18003: No inputs were found in config file '.../tsconfig.json'. ...
    if printed.contains("error TS18003") {
        return Some(
            "tsconfig.json names no file that is there: put the handler's into its `include`."
                .into(),
        );
    }
    // handler.ts(1,9): error TS2304: Cannot find name 'Response'.
    if WEB_NAMES.iter().any(|name| printed.contains(&format!("Cannot find name '{name}'"))) {
        return Some(
            "Let tsconfig.json begin with `\"extends\": \"./.isospin/sdk/javascript/tsconfig.json\"`: \
             it has the types of what is there."
                .into(),
        );
    }
    // ✘ [ERROR] Could not resolve "node:fs"
    let unresolved: Vec<&str> = printed.split("Could not resolve \"").skip(1).collect();
    let name = unresolved.first()?.split('"').next()?;
    if is_of_node(name) {
        return Some(Advice::on(Code::NodeModule, node_advice(&unresolved)));
    }
    let text = match name.starts_with(['.', '/']) {
        true => format!("Check the path `{name}` in the import."),
        false => format!(
            "If `{name}` is an npm package, install it in the component's folder: `npm install {name}`."
        ),
    };
    Some(Advice::on(Code::DependencyMissing, text))
}

fn is_of_node(name: &str) -> bool {
    let first = name.split('/').next().unwrap_or(name);
    name.starts_with("node:") || NODE_MODULES.contains(&first)
}

/// What to do about parts of Node; each text begins with the name of what is not found,
/// and has the place that asks for it.
fn node_advice(unresolved: &[&str]) -> String {
    let (mut modules, mut packages) = (Vec::new(), Vec::new());
    for text in unresolved {
        let name = text.split('"').next().unwrap_or_default();
        if is_of_node(name) {
            add(&mut modules, name);
            packages_of(text).for_each(|package| add(&mut packages, package));
        }
    }
    let (what, it) = match modules.len() {
        1 => (format!("{} is part of Node.js, which is not there", modules[0]), "it"),
        _ => (format!("{} are parts of Node.js, which is not there", modules.join(", ")), "them"),
    };
    let who = match packages.len() {
        0 => String::new(),
        1 => format!(". The package {} asks for {it}", packages[0]),
        _ => format!(". The packages {} ask for {it}", packages.join(", ")),
    };
    let mut text =
        format!("{what}{who}: use the web's own interfaces, or a package that does not need Node.");
    let names = IN_NPM.iter().filter(|name| modules.contains(&format!("`{name}`")));
    for name in names {
        text += &format!(" `npm install {name}` brings a `{name}` without it.");
    }
    text
}

/// Adds a name as it is shown, once.
fn add(names: &mut Vec<String>, name: &str) {
    let shown = format!("`{name}`");
    if !names.contains(&shown) {
        names.push(shown);
    }
}

/// The npm package in which the first place in `text` lies, if it is in one:
/// `      ../node_modules/@scope/name/lib/index.js:1:25:`
fn packages_of(text: &str) -> impl Iterator<Item = &str> {
    let place = text.lines().map(str::trim).find(|line| line.ends_with(':') && line.contains('/'));
    place.into_iter().filter_map(|place| {
        let inside = place.rsplit_once("node_modules/")?.1;
        let parts = if inside.starts_with('@') { 2 } else { 1 };
        inside.match_indices('/').nth(parts - 1).map(|(end, _)| &inside[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn a_module_of_node_is_named() {
        let hint = advice("✘ [ERROR] Could not resolve \"node:fs/promises\"\n").unwrap().text;
        assert!(hint.starts_with("`node:fs/promises` is part of Node.js"), "{hint}");
        assert!(advice("Could not resolve \"fs\"").unwrap().text.contains("part of Node.js"));
    }

    #[test]
    fn packages_that_ask_for_node_are_named() {
        let printed = "✘ [ERROR] Could not resolve \"stream\"\n\n\
                       \x20     ../node_modules/jws/lib/sign.js:1:25:\n\
                       \x20       1 │ require(\"stream\")\n\
                       ✘ [ERROR] Could not resolve \"events\"\n\n\
                       \x20     node_modules/a/node_modules/@b/c/index.js:5:1:\n\
                       ✘ [ERROR] Could not resolve \"stream\"\n\n      handler.js:1:2:\n";
        let hint = advice(printed).unwrap().text;
        let expected = "`stream`, `events` are parts of Node.js, which is not there. \
                        The packages `jws`, `@b/c` ask for them: ";
        assert!(hint.starts_with(expected), "{hint}");
        assert!(hint.ends_with("`npm install events` brings a `events` without it."), "{hint}");
    }

    #[test]
    fn a_package_that_is_not_installed_gets_the_command() {
        assert!(advice("Could not resolve \"hono\"").unwrap().text.contains("npm install hono"));
        assert_eq!(advice("Expected \";\" but found \"x\""), None);
    }
}
