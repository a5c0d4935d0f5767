// Headers: values are strings of bytes, as they were sent; repeats are kept.
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function checkName(name) {
  name = String(name);
  if (!token.test(name)) throw new TypeError(`\`${name}\` is not the name of a header`);
  return name.toLowerCase();
}

// What nearly all values are: nothing to trim, and nothing that is not allowed.
const plain = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/;

function checkValue(value) {
  value = String(value);
  if (plain.test(value)) return value;
  value = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  if (/[\0\r\n]/.test(value) || /[^\0-\xff]/.test(value)) throw new TypeError("a value of a header holds a character that is not allowed");
  return value;
}

export let flatOf, headersOf, freeze;

export class Headers {
  // name, value, name, value; or a function that reads them when they are first wanted
  #flat = [];
  #immutable = false;
  static {
    flatOf = (headers) => headers.#list();
    headersOf = (flat) => {
      const headers = new Headers();
      headers.#flat = flat;
      return headers;
    };
    freeze = (headers) => {
      headers.#immutable = true;
      return headers;
    };
  }
  constructor(init) {
    if (init === undefined) return;
    if (init === null || typeof init !== "object") throw new TypeError("Headers take an object or pairs");
    if (init instanceof Headers) {
      this.#flat = [...init.#list()];
    } else if (typeof init[Symbol.iterator] === "function") {
      for (const pair of init) {
        const both = [...pair];
        if (both.length !== 2) throw new TypeError("each header must be a pair of name and value");
        this.append(both[0], both[1]);
      }
    } else {
      for (const name of Reflect.ownKeys(init)) if (Object.getOwnPropertyDescriptor(init, name)?.enumerable) this.append(name, init[name]);
    }
  }
  #list() {
    if (typeof this.#flat === "function") this.#flat = this.#flat();
    return this.#flat;
  }
  #change() {
    if (this.#immutable) throw new TypeError("these headers cannot be changed");
    return this.#list();
  }
  // Where the next field of a name is, or -1.
  #find(name, from = 0) {
    const list = this.#list();
    let at = list.indexOf(name, from);
    while (at % 2 === 1) at = list.indexOf(name, at + 1);
    return at;
  }
  #values(name) {
    const values = [];
    for (let at = this.#find(name); at >= 0; at = this.#find(name, at + 2)) values.push(this.#flat[at + 1]);
    return values;
  }
  append(name, value) {
    name = checkName(name);
    value = checkValue(value);
    this.#change().push(name, value);
  }
  delete(name) {
    name = checkName(name);
    const list = this.#change();
    this.#flat = list.filter((_, index) => list[index - (index % 2)] !== name);
  }
  get(name) {
    const values = this.#values(checkName(name));
    return values.length ? values.join(", ") : null;
  }
  getSetCookie() {
    return this.#values("set-cookie");
  }
  has(name) {
    return this.#find(checkName(name)) >= 0;
  }
  set(name, value) {
    name = checkName(name);
    value = checkValue(value);
    const list = this.#change();
    const at = this.#find(name);
    if (at < 0) return void list.push(name, value);
    list[at + 1] = value;
    if (this.#find(name, at + 2) < 0) return;
    this.#flat = list.filter((_, index) => list[index - (index % 2)] !== name || index === at || index === at + 1);
  }
  forEach(callback, receiver) {
    for (const [name, value] of this) callback.call(receiver, value, name, this);
  }
  *entries() {
    const list = this.#list();
    const names = [...new Set(list.filter((_, index) => index % 2 === 0))].sort();
    for (const name of names) {
      if (name === "set-cookie") for (const value of this.#values(name)) yield [name, value];
      else yield [name, this.#values(name).join(", ")];
    }
  }
  // Isospin's own: each field as it was sent, repeats apart and in their order.
  *raw() {
    const list = this.#list();
    for (let i = 0; i < list.length; i += 2) yield [list[i], list[i + 1]];
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
}
