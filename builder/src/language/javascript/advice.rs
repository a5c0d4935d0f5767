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
    let name = printed.split("Could not resolve \"").nth(1)?.split('"').next()?;
    let module = name.strip_prefix("node:").unwrap_or(name);
    let first = module.split('/').next().unwrap_or(module);
    if name.starts_with("node:") || NODE_MODULES.contains(&first) {
        let text = format!(
            "`{name}` is part of Node.js, which is not there: use the web's own interfaces, \
             or a package that does not need Node."
        );
        return Some(Advice::on(Code::NodeModule, text));
    }
    let text = match name.starts_with(['.', '/']) {
        true => format!("Check the path `{name}` in the import."),
        false => format!(
            "If `{name}` is an npm package, install it in the component's folder: `npm install {name}`."
        ),
    };
    Some(Advice::on(Code::DependencyMissing, text))
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
    fn a_package_that_is_not_installed_gets_the_command() {
        assert!(advice("Could not resolve \"hono\"").unwrap().text.contains("npm install hono"));
        assert_eq!(advice("Expected \";\" but found \"x\""), None);
    }
}
