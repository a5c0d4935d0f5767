// Requests to others.
import { pairs, parameter, text, utf8, type Call, type Route } from "./answers";

const hidden = ["connection", "keep-alive", "transfer-encoding", "content-length", "date"];

/** The world's name for what went wrong. */
function code(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  if (!cause?.code) throw error;
  return cause.code;
}

const urls = (query: string | null) => pairs(query).filter(([name]) => name === "url").map(([, value]) => utf8(value));

async function forward({ request, query }: Call): Promise<Response> {
  const headers = new Headers();
  for (const [name, value] of request.headers.raw()) if (name === "content-type" || name.startsWith("x-")) headers.append(name, value);
  const body = request.method === "GET" || request.method === "HEAD" ? undefined : request.body;
  const limit = parameter(query, "ms");
  const signal = limit ? AbortSignal.timeout(Number(limit)) : undefined;
  try {
    const answer = await fetch(urls(query)[0], { method: request.method, headers, body, redirect: "manual", signal });
    const response = new Response(answer.body, { status: answer.status });
    for (const [name, value] of answer.headers.raw()) if (!hidden.includes(name)) response.headers.append(name, value);
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") return text("timed out\n", 504);
    return text(`${code(error)}\n`, 502);
  }
}

async function line(url: string): Promise<string> {
  try {
    const answer = await fetch(url);
    return `${answer.status} ${(await answer.bytes()).length}\n`;
  } catch (error) {
    return `${code(error)}\n`;
  }
}

export const routes: Record<string, Route> = {
  fetch: forward,
  gather: async ({ query }) => text((await Promise.all(urls(query).map(line))).join("")),
};
