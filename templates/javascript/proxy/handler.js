// A proxy: every request goes to the upstream, both bodies are streamed.

/** Methods whose requests have no body. */
const BODILESS = ["GET", "HEAD"];

/** Headers that belong to one connection alone. */
const OF_CONNECTION = [
  "connection",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** @type {Handler} */
const handler = {
  async fetch(request, environment) {
    const { pathname, search } = new URL(request.url);
    const target = new URL(pathname + search, environment.UPSTREAM);
    /** @type {RequestInit & { duplex: "half" }} */
    const options = {
      method: request.method,
      headers: passedOn(request.headers),
      body: BODILESS.includes(request.method) ? null : request.body,
      redirect: "manual",
      duplex: "half",
    };
    try {
      const { status, headers, body } = await fetch(target, options);
      return new Response(body, { status, headers: passedOn(headers) });
    } catch (error) {
      console.error(`${environment.UPSTREAM}:`, error);
      return new Response("the upstream does not answer\n", { status: 502 });
    }
  },
};

/** @param {Headers} headers */
function passedOn(headers) {
  const kept = new Headers(headers);
  for (const name of OF_CONNECTION) kept.delete(name);
  return kept;
}

export default handler;
