// Headers: values are strings of bytes, as they were sent; repeats are kept.
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function checkName(name) {
  name = String(name);
  if (!token.test(name)) throw new TypeError(`\`${name}\` is not the name of a header`);
  return name.toLowerCase();
}

function checkValue(value) {
  value = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
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
  #values(name) {
    return this.#list().filter((_, index, list) => index % 2 === 1 && list[index - 1] === name);
  }
  append(name, value) {
    const pair = [checkName(name), checkValue(value)];
    this.#change().push(...pair);
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
    return this.#values(checkName(name)).length > 0;
  }
  set(name, value) {
    name = checkName(name);
    value = checkValue(value);
    const list = this.#change();
    const at = list.findIndex((item, index) => index % 2 === 0 && item === name);
    if (at < 0) return void list.push(name, value);
    list[at + 1] = value;
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
