// Responses of every shape.
import { encode, pairs, parameter, text, type Call, type Route } from "./answers";

function status({ rest }: Call): Response {
  const code = Number(rest);
  return code === 204 || code === 304 ? new Response(null, { status: code }) : text(`status ${rest}\n`, code);
}

function headers({ query }: Call): Response {
  const response = new Response(encode("ok\n"));
  for (const [name, value] of pairs(query)) response.headers.append(name, value);
  return response;
}

function pattern(start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < Math.min(length, 251); i++) bytes[i] = (start + i) % 251;
  // What is there is a whole number of periods, so its copy goes on where it ends.
  for (let filled = 251; filled < length; filled *= 2) bytes.copyWithin(filled, 0, filled);
  return bytes;
}

const octets = { headers: { "content-type": "application/octet-stream" } };

function* chunks(length: number) {
  for (let at = 0; at < length; at += 65536) yield pattern(at, Math.min(65536, length - at));
}

async function* ticks(count: number, milliseconds: number) {
  for (let i = 1; i <= count; i++) {
    if (i > 1) await new Promise((resolve) => setTimeout(resolve, milliseconds));
    yield encode(`tick ${i}\n`);
  }
}

const plain = { headers: { "content-type": "text/plain; charset=utf-8" } };

export const routes: Record<string, Route> = {
  status,
  headers,
  bytes: ({ rest }) => new Response(pattern(0, Number(rest)), octets),
  stream: ({ rest }) => new Response(ReadableStream.from(chunks(Number(rest))), octets),
  ticks: ({ rest, query }) => new Response(ReadableStream.from(ticks(Number(rest), Number(parameter(query, "ms")))), plain),
  trailers: () =>
    new Response("body\n", {
      headers: { ...plain.headers, trailer: "x-checksum, x-second" },
      trailers: { "x-checksum": "abc", "x-second": "two" },
    }),
};
