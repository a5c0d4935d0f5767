// URL and URLSearchParams; parsing is native code.
const [HREF, ORIGIN, PROTOCOL, USERNAME, PASSWORD, HOST, HOSTNAME, PORT, PATHNAME, SEARCH, HASH] = Array(11).keys();

export class URL {
  #parts;
  #query;
  constructor(url, base) {
    const parts = native.parseUrl(String(url).toWellFormed(), base === undefined ? undefined : String(base).toWellFormed());
    if (!parts) throw Object.assign(new TypeError(`Invalid URL: ${url}`), { code: "ERR_INVALID_URL", input: String(url) });
    this.#parts = parts;
  }
  static canParse(url, base) {
    return native.parseUrl(String(url), base === undefined ? undefined : String(base)) !== null;
  }
  static parse(url, base) {
    return URL.canParse(url, base) ? new URL(url, base) : null;
  }
  #change(part, value) {
    this.#parts = native.changeUrl(this.#parts[HREF], part, String(value).toWellFormed());
  }
  get href() {
    return this.#parts[HREF];
  }
  set href(value) {
    const parts = native.parseUrl(String(value).toWellFormed(), undefined);
    if (!parts) throw new TypeError(`Invalid URL: ${value}`);
    this.#parts = parts;
    if (this.#query) replace(this.#query, parts[SEARCH]);
  }
  get origin() {
    return this.#parts[ORIGIN];
  }
  get protocol() {
    return this.#parts[PROTOCOL];
  }
  set protocol(value) {
    this.#change(PROTOCOL, value);
  }
  get username() {
    return this.#parts[USERNAME];
  }
  set username(value) {
    this.#change(USERNAME, value);
  }
  get password() {
    return this.#parts[PASSWORD];
  }
  set password(value) {
    this.#change(PASSWORD, value);
  }
  get host() {
    return this.#parts[HOST];
  }
  set host(value) {
    this.#change(HOST, value);
  }
  get hostname() {
    return this.#parts[HOSTNAME];
  }
  set hostname(value) {
    this.#change(HOSTNAME, value);
  }
  get port() {
    return this.#parts[PORT];
  }
  set port(value) {
    this.#change(PORT, value);
  }
  get pathname() {
    return this.#parts[PATHNAME];
  }
  set pathname(value) {
    this.#change(PATHNAME, value);
  }
  get search() {
    return this.#parts[SEARCH];
  }
  set search(value) {
    this.#change(SEARCH, value);
    if (this.#query) replace(this.#query, this.search);
  }
  get hash() {
    return this.#parts[HASH];
  }
  set hash(value) {
    this.#change(HASH, value);
  }
  get searchParams() {
    if (!this.#query) {
      this.#query = new URLSearchParams(this.search);
      watch(this.#query, (text) => this.#change(SEARCH, text));
    }
    return this.#query;
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
}

// application/x-www-form-urlencoded
const unescapeBytes = (text) => {
  if (!/[%+]/.test(text)) return text;
  const bytes = native.encode(text.replace(/\+/g, " "));
  const result = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const hex = bytes[i] === 0x25 ? String.fromCharCode(bytes[i + 1], bytes[i + 2]) : "";
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      result[length++] = parseInt(hex, 16);
      i += 2;
    } else {
      result[length++] = bytes[i];
    }
  }
  return native.decode(result.subarray(0, length), false);
};

const escapeText = (text) =>
  encodeURIComponent(text).replace(/%20/g, "+").replace(/[!'()~]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());

function parsePairs(text) {
  const pairs = [];
  for (const part of text.replace(/^\?/, "").split("&")) {
    if (!part) continue;
    const at = part.indexOf("=");
    const name = at < 0 ? part : part.slice(0, at);
    pairs.push([unescapeBytes(name), at < 0 ? "" : unescapeBytes(part.slice(at + 1))]);
  }
  return pairs;
}

function pairsOf(init) {
  if (init == null || init === "") return [];
  if (typeof init !== "object") return parsePairs(String(init));
  if (typeof init[Symbol.iterator] === "function") {
    return Array.from(init, (pair) => {
      const [name, value, ...more] = pair;
      if (value === undefined || more.length) throw new TypeError("each pair must have a name and a value");
      return [String(name).toWellFormed(), String(value).toWellFormed()];
    });
  }
  return Object.entries(init).map(([name, value]) => [name.toWellFormed(), String(value).toWellFormed()]);
}

let watch, replace;

export class URLSearchParams {
  #pairs;
  #changed = null;
  static {
    watch = (query, changed) => (query.#changed = changed);
    replace = (query, text) => (query.#pairs = parsePairs(text));
  }
  constructor(init = "") {
    this.#pairs = pairsOf(init);
  }
  get size() {
    return this.#pairs.length;
  }
  #update(pairs) {
    this.#pairs = pairs;
    this.#changed?.(this.toString());
  }
  append(name, value) {
    this.#update([...this.#pairs, [String(name).toWellFormed(), String(value).toWellFormed()]]);
  }
  delete(name, value) {
    this.#update(this.#pairs.filter(([key, item]) => key !== String(name) || (value !== undefined && item !== String(value))));
  }
  get(name) {
    return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
  }
  has(name, value) {
    return this.#pairs.some(([key, item]) => key === String(name) && (value === undefined || item === String(value)));
  }
  set(name, value) {
    name = String(name).toWellFormed();
    value = String(value).toWellFormed();
    const at = this.#pairs.findIndex(([key]) => key === name);
    if (at < 0) return this.append(name, value);
    this.#update(this.#pairs.filter(([key], index) => key !== name || index === at).map((pair, index) => (index === at ? [name, value] : pair)));
  }
  sort() {
    this.#update(this.#pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }
  forEach(callback, receiver) {
    for (const [name, value] of this) callback.call(receiver, value, name, this);
  }
  *entries() {
    for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]];
  }
  *keys() {
    for (const [name] of this.entries()) yield name;
  }
  *values() {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return this.#pairs.map(([name, value]) => `${escapeText(name)}=${escapeText(value)}`).join("&");
  }
}
