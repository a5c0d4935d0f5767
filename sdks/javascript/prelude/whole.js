// The stream of a body whose bytes are all there. To make a stream is much work, and
// frameworks give the body of one response to another without reading it, so this
// one makes itself when something first looks inside of it.
import { ReadableStream } from "./streams.js";

const held = Symbol("held");

const streamOf = (bytes) =>
  new ReadableStream(
    {
      type: "bytes",
      pull(controller) {
        if (bytes.length) controller.enqueue(bytes.slice());
        controller.close();
        controller.byobRequest?.respond(0);
      },
    },
    { highWaterMark: 0 },
  );

// What a stream of the polyfill has inside; here all of it is that of the stream in it.
const inner = (name) => ({
  get() {
    return made(this)[name];
  },
  set(value) {
    made(this)[name] = value;
  },
});
const controller = inner("_readableStreamController");
let prototype;

function made(whole) {
  const state = whole[held];
  if (!state.stream) {
    state.stream = streamOf(state.bytes);
    state.stream._disturbed = state.isRead;
  }
  return state.stream;
}

export function wholeStream(bytes) {
  prototype ??= Object.create(ReadableStream.prototype, {
    _state: inner("_state"),
    _reader: inner("_reader"),
    _storedError: inner("_storedError"),
    _disturbed: inner("_disturbed"),
  });
  const whole = Object.create(prototype);
  Object.defineProperty(whole, held, { value: { bytes, stream: null, isRead: false } });
  // By this property of its own the polyfill knows a stream.
  return Object.defineProperty(whole, "_readableStreamController", controller);
}

// The bytes of such a stream, as long as nothing has looked inside.
export const bytesInside = (stream) => (stream[held]?.stream === null ? stream[held].bytes : undefined);

export function markRead(stream) {
  if (bytesInside(stream)) stream[held].isRead = true;
  else stream._disturbed = true;
}

export const isDisturbed = (stream) => (bytesInside(stream) ? stream[held].isRead : stream._disturbed === true);
export const isLocked = (stream) => !bytesInside(stream) && stream.locked;
