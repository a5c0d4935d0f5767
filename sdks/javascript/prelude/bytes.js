// Buffer sources as bytes.
export function toBytes(source) {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer || Object.prototype.toString.call(source) === "[object SharedArrayBuffer]")
    return new Uint8Array(source);
  throw new TypeError("a value is neither an ArrayBuffer nor a view of one");
}

export const isBufferSource = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

export function join(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

export const encode = (text) => native.encode(text);
export const decode = (bytes) => native.decode(bytes, false).replace(/^\ufeff/, "");
