// fetch: requests to others.
import { sourceOf, takeSource } from "./body.js";
import { flatOf } from "./headers.js";
import { Request } from "./request.js";
import { incomingResponse } from "./response.js";
import { incomingSource, send } from "./transfer.js";
import { URL } from "./url.js";

const MOST_REDIRECTS = 20;

async function responseOf(future, signal) {
  const aborted = Promise.withResolvers();
  const abort = () => aborted.reject(signal.reason);
  signal?.addEventListener("abort", abort);
  try {
    for (;;) {
      const head = native.response(future);
      if (head !== undefined) return head;
      await Promise.race([new Promise((resolve) => native.waitResponse(future, resolve)), aborted.promise]);
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    native.close(future);
  }
}

async function exchange(request, url, method, source, signal) {
  const host = url.host;
  const flat = flatOf(request.headers).filter((_, index, list) => list[index - (index % 2)] !== "host");
  if (source?.bytes && !flat.includes("content-length")) flat.push("content-length", String(source.bytes.length));
  const [future, body] = native.request(method, url.protocol, host, url.pathname + url.search, flat);
  // A response may come before the request's body has been sent, and without it.
  const sending = send(body, source);
  sending.catch(() => {});
  const [id, status, fields] = await responseOf(future, signal);
  return { id, status, fields };
}

const locationOf = (fields) => fields[fields.findIndex((item, index) => index % 2 === 0 && item === "location") + 1];

export async function fetch(input, init) {
  const request = new Request(input, init);
  const signal = request.signal;
  signal.throwIfAborted();
  let url = new URL(request.url);
  if (url.protocol === "data:") return fetchData(url);
  let method = request.method;
  let source = sourceOf(request) ? takeSource(request) : null;
  for (let redirects = 0; ; redirects++) {
    if (!/^https?:$/.test(url.protocol)) throw new TypeError(`fetch failed: \`${url.protocol}\` cannot be fetched`);
    const { id, status, fields } = await exchange(request, url, method, source, signal);
    const redirect = [301, 302, 303, 307, 308].includes(status) && fields.includes("location");
    if (!redirect || request.redirect === "manual") {
      const body = incomingSource(() => native.responseBody(id));
      return incomingResponse(status, fields, body, url.href, redirects > 0);
    }
    if (request.redirect === "error") throw new TypeError("fetch failed: the response is a redirect");
    if (redirects === MOST_REDIRECTS) throw new TypeError("fetch failed: too many redirects");
    native.close(id);
    url = new URL(locationOf(fields), url);
    if (status === 303 || (status < 303 && method === "POST")) {
      method = method === "HEAD" ? "HEAD" : "GET";
      source = null;
    } else if (source && !source.bytes) {
      throw new TypeError("fetch failed: a streamed body cannot be sent again to where the response redirects");
    }
  }
}

function fetchData(url) {
  const match = /^data:([^,]*?)(;\s*base64)?,([^#]*)/i.exec(url.href);
  if (!match) throw new TypeError("fetch failed: the data URL has no comma");
  const raw = decodeURIComponent(match[3].replace(/%(?![0-9a-f]{2})/gi, "%25"));
  const bytes = match[2] ? native.bytes(atob(raw)) : native.encode(raw);
  return incomingResponse(200, ["content-type", match[1] || "text/plain;charset=US-ASCII"], { bytes }, url.href, false);
}
