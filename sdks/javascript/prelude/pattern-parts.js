// The text of a URL pattern -> its parts -> a regular expression. After the URL
// Pattern standard; a part is { kind, name, prefix, value, suffix, modifier }.
const isNameStart = (c) => /^[\p{ID_Start}$_]$/u.test(c);
const isNamePart = (c) => /^[\p{ID_Continue}$\u200c\u200d]$/u.test(c);

// Tokens are { type, at, value }; what is no pattern is a `bad` one if that is allowed.
export function tokenize(text, lenient) {
  const characters = [...text];
  const tokens = [];
  let at = 0;
  const add = (type, next, value) => {
    tokens.push({ type, at, value: value ?? characters.slice(at, next).join("") });
    at = next;
  };
  const bad = (next) => {
    if (!lenient) throw new TypeError(`Invalid pattern: ${text}`);
    add("bad", next);
  };
  while (at < characters.length) {
    const c = characters[at];
    if (c === "*") add("asterisk", at + 1);
    else if (c === "+" || c === "?") add("modifier", at + 1);
    else if (c === "{") add("open", at + 1);
    else if (c === "}") add("close", at + 1);
    else if (c === "\\") at + 1 < characters.length ? add("escaped", at + 2, characters[at + 1]) : bad(at + 1);
    else if (c === ":") {
      let end = at + 1;
      while (end < characters.length && (end === at + 1 ? isNameStart(characters[end]) : isNamePart(characters[end]))) end++;
      end === at + 1 ? bad(end) : add("name", end, characters.slice(at + 1, end).join(""));
    } else if (c === "(") {
      const end = endOfGroup(characters, at + 1);
      end ? add("regexp", end, characters.slice(at + 1, end - 1).join("")) : bad(at + 1);
    } else add("char", at + 1);
  }
  add("end", at, "");
  return tokens;
}

// Where the group that begins at `start` has ended; 0 if it is not one.
function endOfGroup(characters, start) {
  let depth = 1;
  for (let i = start; i < characters.length; i++) {
    const c = characters[i];
    if (c > "\x7f" || (i === start && c === "?")) return 0;
    if (c === "\\") {
      if (i + 1 === characters.length || characters[i + 1] > "\x7f") return 0;
      i++;
    } else if (c === ")" && --depth === 0) return i > start ? i + 1 : 0;
    else if (c === "(") {
      depth++;
      if (characters[i + 1] !== "?") return 0;
    }
  }
  return 0;
}

const escapeRegExp = (text) => text.replace(/[.+*?^${}()[\]|/\\]/g, "\\$&");
const escapePattern = (text) => text.replace(/[+*?:{}()\\]/g, "\\$&");
const segment = (options) => (options.delimiter ? `[^${escapeRegExp(options.delimiter)}]+?` : "[^]+?");

class PatternParser {
  parts = [];
  #tokens;
  #at = 0;
  #pending = "";
  #next = 0;
  constructor(text, options, encode) {
    this.options = options;
    this.encode = encode;
    this.#tokens = tokenize(text, false);
    while (this.#at < this.#tokens.length) this.#part();
  }
  #take(type) {
    return this.#tokens[this.#at]?.type === type ? this.#tokens[this.#at++] : null;
  }
  #modifier() {
    return (this.#take("modifier") ?? this.#take("asterisk"))?.value ?? "";
  }
  #flush() {
    if (this.#pending) this.parts.push({ kind: "fixed", value: this.encode(this.#pending), modifier: "", name: "", prefix: "", suffix: "" });
    this.#pending = "";
  }
  #text() {
    let text = "";
    for (let token; (token = this.#take("char") ?? this.#take("escaped")); ) text += token.value;
    return text;
  }
  #part() {
    const char = this.#take("char");
    let name = this.#take("name");
    let matcher = this.#take("regexp") ?? (name ? null : this.#take("asterisk"));
    if (name || matcher) {
      let prefix = char?.value ?? "";
      if (prefix && prefix !== this.options.prefix) {
        this.#pending += prefix;
        prefix = "";
      }
      this.#flush();
      return this.#add(prefix, name, matcher, "", this.#modifier());
    }
    const fixed = char ?? this.#take("escaped");
    if (fixed) return void (this.#pending += fixed.value);
    if (this.#take("open")) {
      const prefix = this.#text();
      name = this.#take("name");
      matcher = this.#take("regexp") ?? (name ? null : this.#take("asterisk"));
      const suffix = this.#text();
      if (!this.#take("close")) throw new TypeError("Invalid pattern: a group is not closed");
      return this.#add(prefix, name, matcher, suffix, this.#modifier());
    }
    this.#flush();
    if (!this.#take("end")) throw new TypeError(`Invalid pattern: \`${this.#tokens[this.#at].value}\` is not expected`);
  }
  #add(prefix, name, matcher, suffix, modifier) {
    if (!name && !matcher && !modifier) return void (this.#pending += prefix);
    this.#flush();
    if (!name && !matcher) {
      if (prefix) this.parts.push({ kind: "fixed", value: this.encode(prefix), modifier, name: "", prefix: "", suffix: "" });
      return;
    }
    let value = !matcher ? segment(this.options) : matcher.type === "asterisk" ? ".*" : matcher.value;
    let kind = "regexp";
    if (value === segment(this.options)) [kind, value] = ["segment", ""];
    else if (value === ".*") [kind, value] = ["wildcard", ""];
    const label = name ? name.value : String(this.#next++);
    if (this.parts.some((part) => part.name === label)) throw new TypeError(`Invalid pattern: the name ${label} is there twice`);
    this.parts.push({ kind, name: label, prefix: this.encode(prefix), value, suffix: this.encode(suffix), modifier });
  }
}

export const parsePattern = (text, options, encode) => new PatternParser(text, options, encode).parts;

// The regular expression, and the names of its groups in order.
export function compile(parts, options) {
  let source = "^";
  const names = [];
  for (const { kind, name, prefix, value, suffix, modifier } of parts) {
    if (kind === "fixed") {
      source += modifier ? `(?:${escapeRegExp(value)})${modifier}` : escapeRegExp(value);
      continue;
    }
    names.push(name);
    const inner = kind === "segment" ? segment(options) : kind === "wildcard" ? ".*" : value;
    const [before, after] = [escapeRegExp(prefix), escapeRegExp(suffix)];
    if (!before && !after) source += modifier === "" || modifier === "?" ? `(${inner})${modifier}` : `((?:${inner})${modifier})`;
    else if (modifier === "" || modifier === "?") source += `(?:${before}(${inner})${after})${modifier}`;
    else source += `(?:${before}((?:${inner})(?:${after}${before}(?:${inner}))*)${after})${modifier === "*" ? "?" : ""}`;
  }
  return { expression: new RegExp(source + "$", options.ignoreCase ? "vi" : "v"), names };
}

// The parts as text again.
export function print(parts, options) {
  let text = "";
  for (const [index, part] of parts.entries()) {
    const { kind, name, prefix, value, suffix, modifier } = part;
    if (kind === "fixed") {
      text += modifier ? `{${escapePattern(value)}}${modifier}` : escapePattern(value);
      continue;
    }
    const custom = !/^\d/.test(name);
    const [last, next] = [parts[index - 1], parts[index + 1]];
    let grouped = suffix !== "" || (prefix !== "" && prefix !== options.prefix);
    if (!grouped && custom && kind === "segment" && modifier === "" && next && !next.prefix && !next.suffix)
      grouped = next.kind === "fixed" ? isNamePart([...next.value][0] ?? "") : /^\d/.test(next.name);
    if (!grouped && prefix === "" && last?.kind === "fixed" && last.value.endsWith(options.prefix) && options.prefix) grouped = true;
    if (grouped) text += "{";
    text += escapePattern(prefix);
    if (custom) text += ":" + name;
    if (kind === "regexp") text += `(${value})`;
    else if (kind === "segment" && !custom) text += `(${segment(options)})`;
    else if (kind === "wildcard")
      text += !custom && (!last || last.kind === "fixed" || last.modifier || grouped || prefix) ? "*" : "(.*)";
    if (kind === "segment" && custom && suffix && isNamePart([...suffix][0])) text += "\\";
    text += escapePattern(suffix) + (grouped ? "}" : "") + modifier;
  }
  return text;
}
