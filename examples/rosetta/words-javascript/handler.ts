// Counts the words of a text: see ../README.md for what each language answers.
import { Counter } from "./counter";

const plain = (text: string, status = 200, more = {}) =>
  new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8", ...more } });

async function count(body: AsyncIterable<Uint8Array>): Promise<Response> {
  const counter = new Counter();
  for await (const chunk of body) if (!counter.add(chunk)) break;
  const answer = counter.finish();
  if (!answer) return plain("the text is not UTF-8\n", 400);
  return new Response(JSON.stringify(answer) + "\n", { headers: { "content-type": "application/json" } });
}

async function fetched(url: string): Promise<Response> {
  const failed = () => plain("the text could not be fetched\n", 502);
  let answer: Response;
  try {
    answer = await fetch(url);
  } catch {
    return failed();
  }
  return answer.status === 200 ? count(answer.body ?? ReadableStream.from([])) : failed();
}

/** The URL in the query; empty if there is none. A `+` stays one. */
function source(url: string): string {
  const value = /[?&]from=([^&#]*)/.exec(url)?.[1] ?? "";
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

export default {
  async fetch(request: Request): Promise<Response> {
    const from = source(request.url);
    switch (request.method) {
      case "GET":
        return from ? fetched(from) : plain("Hello from Isospin!\n");
      case "POST":
        return count(request.body ?? ReadableStream.from([]));
      default:
        return plain("method not allowed\n", 405, { allow: "GET, POST" });
    }
  },
};
