// A request of the host's, before it is a Request.
import { AbortController } from "./events.js";
import { incomingSource } from "./transfer.js";
import { URL } from "./url.js";

// What is known of it, by its number; asked of the host when it is first wanted.
export class Incoming {
  #request;
  #method;
  #target;
  #body;
  #controller;
  constructor(request) {
    this.#request = request;
  }
  method() {
    return (this.#method ??= native.requestMethod(this.#request));
  }
  target() {
    return (this.#target ??= native.requestTarget(this.#request));
  }
  url() {
    return new URL(native.requestOrigin(this.#request) + this.target()).href;
  }
  fields() {
    return native.requestFields(this.#request);
  }
  body() {
    return (this.#body ??= incomingSource(() => native.requestBody(this.#request)));
  }
  // A GET or HEAD has a body only if its fields say so; all others may have one.
  source() {
    const method = this.method();
    return (method !== "GET" && method !== "HEAD") || native.announcesBody(this.#request) ? this.body() : null;
  }
  signal() {
    return (this.#controller ??= new AbortController()).signal;
  }
  abort(reason) {
    this.#controller?.abort(reason);
  }
}
