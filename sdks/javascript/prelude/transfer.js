// Bodies between JavaScript's streams and the host's, with back-pressure both ways.
import { join, toBytes } from "./bytes.js";
import { flatOf, headersOf, Headers } from "./headers.js";
import { ReadableStream } from "./streams.js";

const CHUNK = 65536;

const until = (wait, id) => new Promise((resolve) => wait(id, resolve));

async function readSome(id) {
  for (;;) {
    const bytes = native.read(id, CHUNK);
    if (bytes !== undefined) return bytes;
    await until(native.waitReadable, id);
  }
}

async function readTrailers(id) {
  const future = native.finishBody(id);
  for (;;) {
    const list = native.trailers(future);
    if (list !== undefined) return headersOf(list ?? []);
    await until(native.waitTrailers, future);
  }
}

// The source of an incoming body; `open` takes it from the host when it is first wanted.
export function incomingSource(open) {
  let id;
  const trailers = Promise.withResolvers();
  trailers.promise.catch(() => {});
  const begin = () => (id ??= open());
  const finish = () => readTrailers(id).then(trailers.resolve, trailers.reject);
  return {
    trailers: trailers.promise,
    async all() {
      begin();
      const parts = [];
      for (let bytes; (bytes = await readSome(id)) !== null; ) parts.push(bytes);
      finish();
      return parts.length ? join(parts) : new Uint8Array(0);
    },
    open() {
      return new ReadableStream(
        {
          type: "bytes",
          async pull(controller) {
            begin();
            const bytes = await readSome(id);
            if (bytes !== null) return controller.enqueue(bytes);
            controller.close();
            controller.byobRequest?.respond(0);
            finish();
          },
          cancel() {
            if (id !== undefined) native.close(id);
          },
        },
        { highWaterMark: 0 },
      );
    },
  };
}

export async function writeAll(id, bytes) {
  for (let at = 0; at < bytes.length; ) {
    const written = native.write(id, bytes, at);
    at += written;
    if (written === 0) await until(native.waitWritable, id);
  }
}

async function pump(id, stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (typeof value === "string") throw new TypeError("a body's stream gave a string: it must give Uint8Arrays (see TextEncoderStream)");
      await writeAll(id, toBytes(value));
      native.flush(id);
      await until(native.waitWritable, id);
    }
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  }
}

async function flatTrailers(trailers) {
  if (typeof trailers === "function") trailers = trailers();
  trailers = await trailers;
  return trailers ? flatOf(new Headers(trailers)) : null;
}

// Sends a source to its end. If it fails, the body is dropped: the other side sees that it was cut.
export async function send(id, source, trailers) {
  try {
    if (source?.bytes && !source.stream) await writeAll(id, source.bytes);
    else if (source) await pump(id, (source.stream ??= source.open()));
    native.end(id, trailers ? await flatTrailers(trailers) : null);
  } catch (error) {
    await cut(id);
    throw error;
  }
}

// What was written before the failure gets the time to go out: a host that
// sees the cut at once would send none of it, not even the head.
async function cut(id) {
  try {
    native.flush(id);
    await until(native.waitWritable, id);
    await new Promise((resolve) => native.setTimer(1, resolve));
  } catch {
    // The other side is gone: nothing is left to be sent.
  }
  native.close(id);
}
