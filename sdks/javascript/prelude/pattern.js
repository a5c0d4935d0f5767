// URLPattern, after its standard; there where an app's code names it.
import { compile, parsePattern, print, tokenize } from "./pattern-parts.js";
import { URL } from "./url.js";

const NAMES = ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"];
const PORTS = { http: "80", https: "443", ws: "80", wss: "443", ftp: "21", file: "" };
const special = (protocol) => protocol in PORTS;
const refuse = (what) => {
  throw new TypeError(`Invalid pattern: ${what}`);
};

// A part of a URL as the parser of URLs writes it.
const set = (part, value, base = "https://a.test") => {
  const url = new URL(base);
  url[part] = value;
  return url[part];
};
const canonical = {
  protocol: (value) => (value ? (URL.parse(value + "://a.test") ?? refuse(`the protocol ${value}`)).protocol.slice(0, -1) : ""),
  username: (value) => set("username", value),
  password: (value) => set("password", value),
  hostname(value) {
    if (!value) return "";
    if (/^[[{]|^\\\[/.test(value) && value.includes("[")) return /^[[\]0-9a-fA-F:.]+$/.test(value) ? value.toLowerCase() : refuse(`the host ${value}`);
    if (/[\s#%/:<>?@[\\\]^|]/.test(value)) refuse(`the host ${value}`);
    return (URL.parse(`https://${value}/`) ?? refuse(`the host ${value}`)).hostname;
  },
  port(value, protocol = "") {
    if (!value) return "";
    if (!/^\d+$/.test(value) || Number(value) > 65535) refuse(`the port ${value}`);
    return PORTS[protocol] === String(Number(value)) ? "" : String(Number(value));
  },
  pathname(value, protocol = "https") {
    if (!value) return "";
    if (!special(protocol) && protocol !== "") return new URL("data:" + value).pathname;
    const path = set("pathname", value.startsWith("/") ? value : "/-" + value);
    return value.startsWith("/") ? path : path.slice(2);
  },
  search: (value) => set("search", value).replace(/^\?/, ""),
  hash: (value) => set("hash", value).replace(/^#/, ""),
};

function process(init, forPattern, values) {
  const result = { ...values };
  let base = null;
  if (init.baseURL !== undefined) {
    base = URL.parse(init.baseURL) ?? refuse(`the base ${init.baseURL}`);
    // A part is inherited unless it, or one before it, is given.
    const escape = (text) => (forPattern ? text.replace(/[+*?:{}()\\]/g, "\\$&") : text);
    const before = { protocol: [], hostname: ["protocol"], port: ["protocol", "hostname"], pathname: ["protocol", "hostname", "port"], search: ["protocol", "hostname", "port", "pathname"] };
    for (const [name, list] of Object.entries({ ...before, hash: [...before.search, "search"] }))
      if (![...list, name].some((given) => init[given] !== undefined)) result[name] = escape(base[name].replace(name === "protocol" ? /:$/ : name === "search" ? /^\?/ : name === "hash" ? /^#/ : /^$/, ""));
  }
  const clean = (name, value) => (forPattern ? value : canonical[name](value, result.protocol));
  for (const name of NAMES) {
    if (init[name] === undefined) continue;
    let value = String(init[name]);
    if (name === "protocol") value = value.replace(/:$/, "");
    if (name === "search") value = value.replace(/^\?/, "");
    if (name === "hash") value = value.replace(/^#/, "");
    if (name === "pathname" && base && !/^(\/|\\\/|\{\/)/.test(value) && base.pathname.startsWith("/")) {
      const folder = base.pathname.slice(0, base.pathname.lastIndexOf("/") + 1);
      value = (forPattern ? folder.replace(/[+*?:{}()\\]/g, "\\$&") : folder) + value;
    }
    result[name] = clean(name, value);
  }
  return result;
}

const PROTOCOL_SPECIAL = /^(https?|wss?|ftp|file|http\{s\}\?)$/;

// The text of a whole pattern -> its components, as the standard's constructor string parser has it.
function split(text) {
  const tokens = tokenize(text, true);
  const result = {};
  let [state, start, at, depth, brackets] = ["init", 0, 0, 0, 0];
  const is = (index, value) => tokens[index]?.value === value && ["char", "escaped", "bad"].includes(tokens[index].type);
  const characters = [...text];
  const slice = (from, to) => characters.slice(tokens[from].at, tokens[to].at).join("");
  const change = (next, skip) => {
    if (!["init", "authority", "done"].includes(state)) result[state] = slice(start, at);
    if (state !== "init" && next !== "done") {
      const order = ["protocol", "authority", "username", "password", "hostname", "port", "pathname", "search", "hash"];
      const [from, to] = [order.indexOf(state), order.indexOf(next)];
      if (from < 4 && to > 4) result.hostname ??= "";
      if (from < 6 && to > 6) result.pathname ??= PROTOCOL_SPECIAL.test(result.protocol ?? "") ? "/" : "";
      if (from < 7 && to > 7) result.search ??= "";
    }
    [state, start] = [next, (at += skip)];
  };
  const searchStarts = () => is(at, "?") || (tokens[at].type === "modifier" && tokens[at].value === "?" && !["name", "regexp", "close", "asterisk"].includes(tokens[at - 1]?.type));
  while (at < tokens.length) {
    const token = tokens[at];
    if (token.type === "end") {
      if (state === "init") {
        [at, start] = [0, 0];
        if (is(0, "#")) change("hash", 1);
        else if (searchStarts()) change("search", 1);
        else change("pathname", 0);
        continue;
      }
      if (state === "authority") {
        at = start;
        change("hostname", 0);
        continue;
      }
      change("done", 0);
      break;
    }
    if (token.type === "open") depth++;
    else if (depth > 0 && token.type === "close") depth--;
    else if (depth === 0) {
      const slashes = is(at + 1, "/") && is(at + 2, "/");
      if (state === "init" && is(at, ":")) {
        [at, state] = [0, "protocol"];
        start = 0;
        continue;
      }
      if (state === "protocol" && is(at, ":")) change(slashes ? "authority" : PROTOCOL_SPECIAL.test(slice(start, at)) ? "authority" : "pathname", slashes ? 3 : 1), at--;
      else if (state === "authority" && is(at, "@")) {
        at = start;
        state = "username";
        continue;
      } else if (state === "authority" && (is(at, "/") || searchStarts() || is(at, "#"))) {
        at = start;
        state = "hostname";
        continue;
      } else if (state === "username" && is(at, ":")) change("password", 1), at--;
      else if ((state === "username" || state === "password") && is(at, "@")) change("hostname", 1), at--;
      else if (state === "hostname" && is(at, "[")) brackets++;
      else if (state === "hostname" && is(at, "]")) brackets--;
      else if (state === "hostname" && is(at, ":") && !brackets) change("port", 1), at--;
      else if ((state === "hostname" || state === "port") && is(at, "/")) change("pathname", 0), at--;
      else if (["hostname", "port", "pathname"].includes(state) && searchStarts()) change("search", 1), at--;
      else if (["hostname", "port", "pathname", "search"].includes(state) && is(at, "#")) change("hash", 1), at--;
    }
    at++;
  }
  if (result.hostname !== undefined) result.port ??= "";
  return result;
}

export class URLPattern {
  #parts = {};
  constructor(input = {}, base, options) {
    if (typeof base === "object") [base, options] = [undefined, base];
    const ignoreCase = Boolean(options?.ignoreCase);
    let init = input;
    if (typeof input === "string") {
      init = split(input);
      if (base !== undefined) init.baseURL = String(base);
      else if (init.protocol === undefined) refuse("it has no protocol, and there is no base");
    } else if (base !== undefined) refuse("a base goes with a string alone");
    const values = process(init, true, {});
    for (const name of NAMES) values[name] ??= "*";
    if (PORTS[values.protocol] && values.port === PORTS[values.protocol]) values.port = "";
    const standard = (protocol) => special(protocol) || Object.keys(PORTS).some((known) => compile(parsePattern(protocol, { delimiter: "", prefix: "" }, canonical.protocol), {}).expression.test(known));
    for (const name of NAMES) {
      const path = name === "pathname" && standard(values.protocol);
      const delimiters = name === "hostname" ? { delimiter: ".", prefix: "" } : path ? { delimiter: "/", prefix: "/" } : { delimiter: "", prefix: "" };
      const settings = { ...delimiters, ignoreCase: ignoreCase && ["pathname", "search", "hash"].includes(name) };
      const encode = (text) => canonical[name](text, name === "pathname" ? (path ? "https" : "data") : undefined);
      const parts = parsePattern(values[name], settings, encode);
      this.#parts[name] = { ...compile(parts, settings), text: print(parts, settings), custom: parts.some((part) => part.kind === "regexp") };
    }
  }
  static {
    for (const name of NAMES)
      Object.defineProperty(URLPattern.prototype, name, {
        get() {
          return this.#parts[name].text;
        },
        configurable: true,
      });
  }
  get hasRegExpGroups() {
    return NAMES.some((name) => this.#parts[name].custom);
  }
  test(input = {}, base) {
    return this.exec(input, base) !== null;
  }
  exec(input = {}, base) {
    const values = this.#values(input, base);
    if (!values) return null;
    const result = { inputs: base === undefined ? [input] : [input, base] };
    for (const name of NAMES) {
      const { expression, names } = this.#parts[name];
      const match = expression.exec(values[name]);
      if (!match) return null;
      result[name] = { input: values[name], groups: Object.fromEntries(names.map((group, index) => [group, match[index + 1]])) };
    }
    return result;
  }
  #values(input, base) {
    if (typeof input === "object" && !(input instanceof URL)) {
      if (base !== undefined) refuse("a base goes with a string alone");
      try {
        return process(input, false, Object.fromEntries(NAMES.map((name) => [name, ""])));
      } catch {
        return null;
      }
    }
    const url = URL.parse(input, base);
    if (!url) return null;
    const { username, password, hostname, port, pathname } = url;
    return { protocol: url.protocol.slice(0, -1), username, password, hostname, port, pathname, search: url.search.slice(1), hash: url.hash.slice(1) };
  }
}
