// From the host's request to the handler and back.
import { takeSource } from "./body.js";
import { inspect } from "./console.js";
import { Headers, flatOf } from "./headers.js";
import { Incoming } from "./incoming.js";
import { Request } from "./request.js";
import { Response, trailersOf } from "./response.js";
import { forgetTimers, resetClock } from "./timers.js";
import { send } from "./transfer.js";

const log = (error) => native.log(inspect(error) + "\n");

function readEnvironment() {
  const flat = native.environment();
  const environment = {};
  for (let i = 0; i < flat.length; i += 2) environment[flat[i]] = flat[i + 1];
  return Object.freeze(environment);
}

class Context {
  #promises;
  #incoming;
  constructor(promises, incoming) {
    this.#promises = promises;
    this.#incoming = incoming;
  }
  // The instance lives on until the promise is settled, although the response was sent.
  waitUntil(promise) {
    this.#promises.push(Promise.resolve(promise).catch(log));
  }
  passThroughOnException() {}
  // Path and query as they were sent, before any normalisation.
  get target() {
    return this.#incoming.target();
  }
  // The trailers of the request, once its body has been read.
  get trailers() {
    return this.#incoming.body().trailers;
  }
}

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

// Objects of the kinds that a request makes. The engine makes the shapes of a kind
// with its first object and many a built-in function when it is first used: both
// are then in the snapshot, and no request does it again.
function warm() {
  const incoming = new Incoming(0);
  const response = new Response("a", { headers: { a: "b" } });
  const list = flatOf(response.headers).concat(["a", String(1)]);
  const later = (async () => {
    await null;
    list.includes("content-length");
  })();
  const { environment, requestMethod, requestOrigin, requestTarget, requestFields, announcesBody, parseUrl, respond, write, end } = native;
  const ours = [environment, requestMethod, requestOrigin, requestTarget, requestFields, announcesBody, parseUrl, respond, write, end];
  const theirs = [JSON.stringify, JSON.parse, warm.call, "".indexOf, "".slice, list[Symbol.iterator]().next, list.map, list.filter, Map.prototype.clear];
  return [incoming, response, takeSource(response), new Request(incoming), new Context([], incoming), new Headers(), later, ours, theirs];
}

// Has a framework make the tables in which it looks routes up: it would make them in
// each instance, with its first request. To look one up calls no handler.
function buildRoutes(app) {
  try {
    if (typeof app?.router?.match === "function") app.router.match("GET", "/");
  } catch {
    // It will say so when it looks up the first request.
  }
}

let started = false;
let environment;

export function accept(exports) {
  const handler = exports.default;
  const fetch = typeof handler === "function" ? handler : handler?.fetch;
  if (typeof fetch !== "function")
    throw new TypeError("the module has no handler: it must `export default { async fetch(request) { ... } }`");
  buildRoutes(handler);
  native.kept = warm();
  return async (request, out) => {
    if (!started) {
      started = true;
      resetClock();
      environment = readEnvironment();
    }
    const promises = [];
    const incoming = new Incoming(request);
    try {
      const context = new Context(promises, incoming);
      const send = await respond(out, await fetch.call(handler, new Request(incoming), environment, context));
      await send();
    } catch (error) {
      log(error);
      incoming.abort(error);
    }
    await settle(promises);
    forgetTimers();
  };
}
