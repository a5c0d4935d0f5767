// Installs the web's interfaces as globals. The builder wraps this module in a
// function of `native`, the engine's own functions.
import { Blob, File } from "./blob.js";
import { structuredClone } from "./clone.js";
import { console } from "./console.js";
import { crypto } from "./crypto.js";
import { CryptoKey } from "web-crypto";
import { TextDecoder, TextDecoderStream, TextEncoder, TextEncoderStream } from "./encoding.js";
import { AbortController, AbortSignal, CustomEvent, Event, EventTarget } from "./events.js";
import { fetch } from "./fetch.js";
import { FormData } from "./form.js";
import { Headers } from "./headers.js";
import * as ports from "message-ports";
import { Request } from "./request.js";
import { Response } from "./response.js";
import * as streams from "./streams.js";
import * as timers from "./timers.js";
import { URL, URLSearchParams } from "./url.js";
import { URLPattern } from "url-pattern";
import { accept } from "./dispatch.js";

const { clearInterval, clearTimeout, performance, reportError, setInterval, setTimeout } = timers;
const globals = {
  ...streams, ...ports, AbortController, AbortSignal, Blob, CryptoKey, CustomEvent, Event, EventTarget, File, FormData, Headers, Request, Response,
  TextDecoder, TextDecoderStream, TextEncoder, TextEncoderStream, URL, URLSearchParams, ...(URLPattern && { URLPattern }), clearInterval, clearTimeout, console, crypto,
  fetch, performance, reportError, self: globalThis, setInterval, setTimeout, structuredClone,
  navigator: Object.freeze({ userAgent: "Isospin" }),
};
for (const [name, value] of Object.entries(globals)) {
  if (/^[A-Z]/.test(name)) Object.defineProperty(value.prototype, Symbol.toStringTag, { value: name, configurable: true });
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
Object.defineProperty(Math, "random", { value: native.random, writable: true, configurable: true });
installed = accept;
