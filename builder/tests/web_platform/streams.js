// After the Streams standard.
import { area, equal, rejects, throws } from "./harness.js";

const test = area("streams");
const counting = (most) => {
  let next = 0;
  return new ReadableStream({ pull: (controller) => (next < most ? controller.enqueue(next++) : controller.close()) });
};
const collect = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
};

test("reading to the end", async () => {
  const reader = counting(2).getReader();
  equal([await reader.read(), await reader.read(), await reader.read()], [{ value: 0, done: false }, { value: 1, done: false }, { done: true }]);
});
test("a stream can be iterated", async () => equal(await collect(counting(3)), [0, 1, 2]));
test("leaving the loop cancels", async () => {
  let reason = "not cancelled";
  const stream = new ReadableStream({ pull: (c) => c.enqueue(1), cancel: () => void (reason = "cancelled") });
  for await (const _ of stream) break;
  equal([reason, stream.locked], ["cancelled", false]);
});
test("a reader locks", () => {
  const stream = counting(1);
  stream.getReader();
  equal(stream.locked, true);
  throws(() => stream.getReader(), "TypeError");
});
test("releaseLock unlocks", () => {
  const stream = counting(1);
  stream.getReader().releaseLock();
  equal(stream.locked, false);
});
test("an error is what read rejects with", async () => {
  const stream = new ReadableStream({ start: (c) => c.error(new RangeError("x")) });
  await rejects(stream.getReader().read(), "RangeError");
});
test("an error in pull breaks the stream", () =>
  rejects(collect(new ReadableStream({ pull() { throw new RangeError("x"); } })), "RangeError"));
test("nothing is pulled beyond the mark", async () => {
  let pulls = 0;
  new ReadableStream({ pull: (c) => c.enqueue(pulls++) }, { highWaterMark: 3 });
  await new Promise((resolve) => setTimeout(resolve, 1));
  equal(pulls, 3);
});
test("a mark of zero pulls on demand alone", async () => {
  let pulls = 0;
  const stream = new ReadableStream({ pull: (c) => c.enqueue(pulls++) }, { highWaterMark: 0 });
  await new Promise((resolve) => setTimeout(resolve, 1));
  equal(pulls, 0);
  await stream.getReader().read();
  equal(pulls, 1);
});
test("desiredSize", () => {
  let controller;
  new ReadableStream({ start: (c) => void (controller = c) }, { highWaterMark: 2 });
  controller.enqueue(1);
  equal(controller.desiredSize, 1);
});
test("nothing is enqueued after close", () => {
  new ReadableStream({
    start(controller) {
      controller.close();
      throws(() => controller.enqueue(1), "TypeError");
    },
  });
});
test("tee", async () => {
  const [one, two] = counting(3).tee();
  equal(await Promise.all([collect(one), collect(two)]), [[0, 1, 2], [0, 1, 2]]);
});
test("from an array, a generator and an async one", async () => {
  const later = async function* () {
    yield 3;
  };
  const each = (function* () {
    yield 2;
  })();
  equal([await collect(ReadableStream.from([1])), await collect(ReadableStream.from(each)), await collect(ReadableStream.from(later()))], [[1], [2], [3]]);
});
test("pipeThrough a transform", async () => {
  const double = new TransformStream({ transform: (chunk, c) => c.enqueue(chunk * 2) });
  equal(await collect(counting(3).pipeThrough(double)), [0, 2, 4]);
});
test("flush comes last", async () => {
  const end = new TransformStream({ flush: (c) => c.enqueue("end") });
  equal(await collect(counting(1).pipeThrough(end)), [0, "end"]);
});
test("terminate ends the readable side", async () => {
  const first = new TransformStream({
    transform(chunk, c) {
      c.enqueue(chunk);
      c.terminate();
    },
  });
  equal(await collect(counting(3).pipeThrough(first)), [0]);
});
test("an error in a transform comes out", () =>
  rejects(collect(counting(1).pipeThrough(new TransformStream({ transform() { throw new RangeError("x"); } }))), "RangeError"));
test("pipeTo writes all and closes", async () => {
  const seen = [];
  await counting(2).pipeTo(new WritableStream({ write: (chunk) => void seen.push(chunk), close: () => void seen.push("closed") }));
  equal(seen, [0, 1, "closed"]);
});
test("pipeTo with preventClose", async () => {
  let closed = false;
  await counting(1).pipeTo(new WritableStream({ close: () => void (closed = true) }), { preventClose: true });
  equal(closed, false);
});
test("pipeTo with an aborted signal", () =>
  rejects(counting(1).pipeTo(new WritableStream(), { signal: AbortSignal.abort() }), "AbortError"));
test("an error of the sink cancels the source", async () => {
  let cancelled = false;
  const source = new ReadableStream({ pull: (c) => c.enqueue(1), cancel: () => void (cancelled = true) });
  await rejects(source.pipeTo(new WritableStream({ write() { throw new RangeError("x"); } })), "RangeError");
  equal(cancelled, true);
});
test("writes wait for each other", async () => {
  const seen = [];
  const writer = new WritableStream({
    async write(chunk) {
      seen.push(`begin ${chunk}`);
      await null;
      seen.push(`end ${chunk}`);
    },
  }).getWriter();
  writer.write(1);
  await writer.write(2);
  equal(seen, ["begin 1", "end 1", "begin 2", "end 2"]);
});
test("a full sink is not ready", async () => {
  const writer = new WritableStream({ write: () => new Promise(() => {}) }).getWriter();
  writer.write(1).catch(() => {});
  equal(writer.desiredSize, 0);
});
test("abort of a writable", async () => {
  let reason;
  const stream = new WritableStream({ abort: (why) => void (reason = why) });
  await stream.abort("why");
  equal(reason, "why");
});
test("a byte stream gives bytes into a buffer", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { byobRequest } = controller;
      byobRequest.view[0] = 7;
      byobRequest.respond(1);
    },
  });
  const { value } = await stream.getReader({ mode: "byob" }).read(new Uint8Array(4));
  equal([...value], [7]);
});
test("a byte stream refuses what is not bytes", () => {
  new ReadableStream({ type: "bytes", start: (c) => throws(() => c.enqueue("x"), "TypeError") });
});
test("CountQueuingStrategy", () => equal([new CountQueuingStrategy({ highWaterMark: 4 }).highWaterMark, new CountQueuingStrategy({ highWaterMark: 4 }).size()], [4, 1]));
test("ByteLengthQueuingStrategy", () => equal(new ByteLengthQueuingStrategy({ highWaterMark: 4 }).size(new Uint8Array(3)), 3));
test("a strategy that is wrong", () => throws(() => new ReadableStream({}, { highWaterMark: -1 }), "RangeError"));
