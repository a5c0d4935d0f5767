// What the routes have in common.
export interface Call {
  request: Request;
  path: string;
  /** Without the `?`; null if there was none. */
  query: string | null;
  /** The path after the first segment. */
  rest: string;
  trailers: Promise<Headers>;
}

export type Route = (call: Call) => Response | Promise<Response>;

const encoder = new TextEncoder();
export const encode = (value: string) => encoder.encode(value);

export function text(body: string, status = 200): Response {
  return new Response(body, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Percent-decoded to a string of bytes: one character for each. */
export function decode(value: string): string {
  const bytes = String.fromCharCode(...encode(value));
  return bytes.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

export function pairs(query: string | null): [string, string][] {
  return (query ?? "").split("&").filter(Boolean).map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [decode(part), ""] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
  });
}

export const parameter = (query: string | null, name: string) => pairs(query).find(([key]) => key === name)?.[1] ?? "";

/** A string of bytes as UTF-8. */
export const utf8 = (bytes: string) => new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));

/** Every byte outside of 0x21..0x7e and `%` as `%XX`. */
export function escape(value: string): string {
  return value.replace(/[^\x21-\x7e]|%/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0"));
}
