// What a request holds, and bodies that are read.
import { encode, escape, text, type Call, type Route } from "./answers";

function reflect({ request, path, query }: Call): Response {
  const lines = [`method ${request.method}`, `path ${path}`];
  if (query !== null) lines.push(`query ${query}`);
  for (const [name, value] of request.headers.raw()) lines.push(`header ${name} ${escape(value)}`);
  return text(lines.join("\n") + "\n");
}

async function collect({ request }: Call): Promise<Response> {
  let length = 0, a = 1, b = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    // The sums stay below 2^31 for this many bytes between two divisions.
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(at + 3800, chunk.length);
      for (; at < end; at++) b += a += chunk[at];
      a %= 65521;
      b %= 65521;
    }
  }
  const sum = ((b * 65536 + a) >>> 0).toString(16).padStart(8, "0");
  return text(`length ${length}\nadler32 ${sum}\n`);
}

function echo({ request, trailers }: Call, first?: string): Response {
  const headers = new Headers({ "content-type": request.headers.get("content-type") ?? "application/octet-stream" });
  for (const [name, value] of request.headers.raw()) if (name === "trailer") headers.append(name, value);
  const announced = headers.has("trailer") ? () => trailers : undefined;
  if (!first) return new Response(request.body, { headers, trailers: announced });
  async function* both() {
    yield encode(first!);
    yield* request.body ?? [];
  }
  return new Response(ReadableStream.from(both()), { headers, trailers: announced });
}

function watch({ request }: Call): Response {
  async function* told() {
    yield encode("begun\n");
    let length = 0, end = "whole";
    try {
      for await (const chunk of request.body ?? []) length += chunk.length;
    } catch {
      end = "cut";
    }
    yield encode(`${end} ${length}\n`);
  }
  return new Response(ReadableStream.from(told()), { headers: { "content-type": "text/plain; charset=utf-8" } });
}

export const routes: Record<string, Route> = {
  reflect,
  collect,
  echo: (call) => echo(call),
  duplex: (call) => echo(call, "ready\n"),
  early: () => text("early\n", 403),
  watch,
};
