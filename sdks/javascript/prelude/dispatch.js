// From the host's request to the handler and back.
import { takeSource } from "./body.js";
import { inspect } from "./console.js";
import { AbortController } from "./events.js";
import { flatOf } from "./headers.js";
import { incomingRequest } from "./request.js";
import { Response, trailersOf } from "./response.js";
import { forgetTimers, resetClock } from "./timers.js";
import { incomingSource, send } from "./transfer.js";
import { URL } from "./url.js";

const log = (error) => native.log(inspect(error) + "\n");

function readEnvironment() {
  const flat = native.environment();
  const environment = {};
  for (let i = 0; i < flat.length; i += 2) environment[flat[i]] = flat[i + 1];
  return Object.freeze(environment);
}

class Context {
  #promises;
  #target;
  #trailers;
  constructor(promises, target, trailers) {
    this.#promises = promises;
    this.#target = target;
    this.#trailers = trailers;
  }
  // The instance lives on until the promise is settled, although the response was sent.
  waitUntil(promise) {
    this.#promises.push(Promise.resolve(promise).catch(log));
  }
  passThroughOnException() {}
  // Path and query as they were sent, before any normalisation.
  get target() {
    return this.#target;
  }
  // The trailers of the request, once its body has been read.
  get trailers() {
    return this.#trailers;
  }
}

// A GET or HEAD has a body only if its fields say so; all others may have one.
const hasBody = (method, request) => (method !== "GET" && method !== "HEAD") || native.announcesBody(request);

async function settle(promises) {
  for (let done = 0; done < promises.length; done++) await promises[done];
}

async function respond(out, response) {
  if (!(response instanceof Response)) throw new TypeError(`\`fetch\` returned ${inspect(response, 1)} and not a Response`);
  const source = takeSource(response);
  const flat = flatOf(response.headers);
  const whole = source?.bytes && !source.stream;
  const trailers = trailersOf(response);
  // Trailers need a body whose length is not announced.
  const head = whole && !trailers && !flat.includes("content-length") ? [...flat, "content-length", String(source.bytes.length)] : flat;
  const body = native.respond(out, response.status || 500, head);
  return () => send(body, source, trailers);
}

let started = false;
let environment;

export function accept(exports) {
  const handler = exports.default;
  const fetch = typeof handler === "function" ? handler : handler?.fetch;
  if (typeof fetch !== "function")
    throw new TypeError("the module has no handler: it must `export default { async fetch(request) { ... } }`");
  return async (request, out, method, target, scheme, authority) => {
    if (!started) {
      started = true;
      resetClock();
      environment = readEnvironment();
    }
    const promises = [];
    const controller = new AbortController();
    const source = incomingSource(() => native.requestBody(request));
    const message = incomingRequest(method, () => new URL(`${scheme}//${authority}${target}`).href,
      () => native.requestFields(request), hasBody(method, request) ? source : null, controller.signal);
    const context = new Context(promises, target, source.trailers);
    try {
      const send = await respond(out, await fetch.call(handler, message, environment, context));
      await send();
    } catch (error) {
      log(error);
      controller.abort(error);
    }
    await settle(promises);
    forgetTimers();
  };
}
