// After the DOM standard, chapters on events and aborting.
import { area, equal, rejects, throws } from "./harness.js";

const test = area("abort");

test("a signal begins unaborted", () => {
  const { signal } = new AbortController();
  equal([signal.aborted, signal.reason], [false, undefined]);
});
test("AbortSignal cannot be constructed", () => throws(() => new AbortSignal(), "TypeError"));
test("abort() sets state and reason", () => {
  const controller = new AbortController();
  controller.abort("why");
  equal([controller.signal.aborted, controller.signal.reason], [true, "why"]);
});
test("the default reason is an AbortError", () => {
  const { reason } = AbortSignal.abort();
  equal([reason.name, reason.code, reason instanceof DOMException], ["AbortError", 20, true]);
});
test("an undefined reason is the default one", () => equal(AbortSignal.abort(undefined).reason.name, "AbortError"));
test("a null reason stays null", () => equal(AbortSignal.abort(null).reason, null));
test("abort fires once", () => {
  const controller = new AbortController();
  let count = 0;
  controller.signal.addEventListener("abort", () => count++);
  controller.abort(1);
  controller.abort(2);
  equal([count, controller.signal.reason], [1, 1]);
});
test("onabort is called", () => {
  const controller = new AbortController();
  let type;
  controller.signal.onabort = (event) => (type = event.type);
  controller.abort();
  equal(type, "abort");
});
test("the event is trusted and goes to the signal", () => {
  const controller = new AbortController();
  let seen;
  controller.signal.addEventListener("abort", (event) => (seen = [event.target === controller.signal, event.isTrusted]));
  controller.abort();
  equal(seen, [true, true]);
});
test("the state is set before listeners run", () => {
  const controller = new AbortController();
  let state;
  controller.signal.addEventListener("abort", () => (state = controller.signal.aborted));
  controller.abort();
  equal(state, true);
});
test("throwIfAborted throws the reason itself", () => {
  const reason = { mine: 1 };
  try {
    AbortSignal.abort(reason).throwIfAborted();
  } catch (error) {
    return equal(error === reason, true);
  }
  throw new Error("nothing was thrown");
});
test("throwIfAborted does nothing before", () => equal(new AbortController().signal.throwIfAborted(), undefined));
test("timeout aborts with a TimeoutError", async () => {
  const signal = AbortSignal.timeout(1);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  equal(signal.reason.name, "TimeoutError");
});
test("any of nothing never aborts", () => equal(AbortSignal.any([]).aborted, false));
test("any takes the first reason that is there", () =>
  equal(AbortSignal.any([AbortSignal.abort("a"), AbortSignal.abort("b")]).reason, "a"));
test("any follows later", () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([one.signal, two.signal]);
  two.abort("two");
  one.abort("one");
  equal(signal.reason, "two");
});
test("any of any follows", () => {
  const controller = new AbortController();
  const signal = AbortSignal.any([AbortSignal.any([controller.signal])]);
  controller.abort("deep");
  equal(signal.reason, "deep");
});
test("dependents are marked before any event is fired", () => {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal]);
  let state;
  controller.signal.addEventListener("abort", () => (state = signal.aborted));
  controller.abort();
  equal(state, true);
});
test("a removed listener is not called", () => {
  const controller = new AbortController();
  let count = 0;
  const listener = () => count++;
  controller.signal.addEventListener("abort", listener);
  controller.signal.removeEventListener("abort", listener);
  controller.abort();
  equal(count, 0);
});
test("a listener with a signal goes with it", () => {
  const [controller, target] = [new AbortController(), new EventTarget()];
  let count = 0;
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  controller.abort();
  target.dispatchEvent(new Event("x"));
  equal(count, 1);
});
test("an aborted signal keeps listeners away", () => {
  const target = new EventTarget();
  let count = 0;
  target.addEventListener("x", () => count++, { signal: AbortSignal.abort() });
  target.dispatchEvent(new Event("x"));
  equal(count, 0);
});
test("a listener that throws does not stop the next", () => {
  const target = new EventTarget();
  let called = false;
  target.addEventListener("x", () => {
    throw new Error("expected in the log of this test");
  });
  target.addEventListener("x", () => (called = true));
  target.dispatchEvent(new Event("x"));
  equal(called, true);
});
test("a listener is an object with handleEvent too", () => {
  const target = new EventTarget();
  const listener = { handleEvent(event) { this.type = event.type; } };
  target.addEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
  equal(listener.type, "x");
});
test("once", () => {
  const target = new EventTarget();
  let count = 0;
  target.addEventListener("x", () => count++, { once: true });
  target.dispatchEvent(new Event("x"));
  target.dispatchEvent(new Event("x"));
  equal(count, 1);
});
test("preventDefault counts if the event is cancelable", () => {
  const target = new EventTarget();
  target.addEventListener("x", (event) => event.preventDefault());
  equal([target.dispatchEvent(new Event("x", { cancelable: true })), target.dispatchEvent(new Event("x"))], [false, true]);
});
test("a passive listener cannot prevent", () => {
  const target = new EventTarget();
  target.addEventListener("x", (event) => event.preventDefault(), { passive: true });
  equal(target.dispatchEvent(new Event("x", { cancelable: true })), true);
});
test("fetch with an aborted signal rejects with the reason", () =>
  rejects(fetch("http://localhost:1/", { signal: AbortSignal.abort("gone") }), "gone"));
test("a request made with a signal follows it", () => {
  const controller = new AbortController();
  const request = new Request("http://a/", { signal: controller.signal });
  controller.abort("later");
  equal([request.signal.aborted, request.signal.reason], [true, "later"]);
});
