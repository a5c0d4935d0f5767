// structuredClone.
import { CryptoKey } from "web-crypto";
import { Blob } from "./blob.js";

const fail = (value) => {
  throw new DOMException(`${typeof value === "symbol" ? "a symbol" : String(value)} cannot be cloned`, "DataCloneError");
};

function copy(value, seen) {
  if (typeof value === "function" || typeof value === "symbol") fail(value);
  if (value === null || typeof value !== "object" || value instanceof Blob || value instanceof CryptoKey) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (result) => (seen.set(value, result), result);
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const length = value instanceof DataView ? value.byteLength : value.length;
    return keep(new value.constructor(copy(value.buffer, seen), value.byteOffset, length));
  }
  if (value instanceof Boolean || value instanceof Number || value instanceof String || value instanceof BigInt) return keep(Object(value.valueOf()));
  if (value instanceof Map) {
    const map = keep(new Map());
    for (const [key, item] of [...value]) map.set(copy(key, seen), copy(item, seen));
    return map;
  }
  if (value instanceof Set) {
    const set = keep(new Set());
    for (const item of [...value]) set.add(copy(item, seen));
    return set;
  }
  if (value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef || value instanceof Promise) fail("[object]");
  return copyObject(value, seen);
}

function copyObject(value, seen) {
  const kinds = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const result = Array.isArray(value) ? new Array(value.length) : value instanceof Error ? new (kinds[value.name] ?? Error)(value.message) : {};
  seen.set(value, result);
  if (value instanceof Error) {
    if (value.cause !== undefined) result.cause = copy(value.cause, seen);
    result.stack = value.stack;
    return result;
  }
  for (const key of Object.keys(value)) result[key] = copy(value[key], seen);
  return result;
}

export function structuredClone(value, options = {}) {
  const seen = new Map();
  for (const item of options?.transfer ?? []) {
    if (!(item instanceof ArrayBuffer)) fail("a value that is not an ArrayBuffer");
    if (!seen.has(item)) seen.set(item, item.transfer());
  }
  return copy(value, seen);
}
