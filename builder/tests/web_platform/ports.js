// After the HTML standard, chapter on channel messaging.
import { area, equal, throws } from "./harness.js";

const test = area("channel messaging");

// What arrives at a port until nothing has come for a moment.
const arriving = (port, begin) =>
  new Promise((resolve) => {
    const messages = [];
    const end = () => resolve(messages);
    let timer = setTimeout(end, 20);
    port.addEventListener("message", ({ data }) => {
      messages.push(data);
      clearTimeout(timer);
      timer = setTimeout(end, 20);
    });
    begin?.();
  });

test("a message goes to the other port", async () => {
  const { port1, port2 } = new MessageChannel();
  const arrived = arriving(port2, () => port2.start());
  port1.postMessage({ a: [1] });
  equal(await arrived, [{ a: [1] }]);
});
test("it is a copy of what was sent then", async () => {
  const { port1, port2 } = new MessageChannel();
  const message = { a: 1 };
  port1.postMessage(message);
  message.a = 2;
  equal(await arriving(port2, () => port2.start()), [{ a: 1 }]);
});
test("messages keep their order and wait for start()", async () => {
  const { port1, port2 } = new MessageChannel();
  for (const number of [1, 2, 3]) port1.postMessage(number);
  equal(await arriving(port2), []);
  equal(await arriving(port2, () => port2.start()), [1, 2, 3]);
});
test("onmessage starts its port", async () => {
  const { port1, port2 } = new MessageChannel();
  const seen = await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage("x");
  });
  equal([seen.data, seen.type, seen instanceof MessageEvent, seen.target === port1], ["x", "message", true, true]);
});
test("a message comes after what is under way", async () => {
  const { port1, port2 } = new MessageChannel();
  const steps = [];
  const done = new Promise((resolve) => (port1.onmessage = () => resolve(steps.push("message"))));
  port2.postMessage(0);
  await null;
  steps.push("microtask");
  await done;
  equal(steps, ["microtask", "message"]);
});
test("nothing goes through a closed port", async () => {
  const { port1, port2 } = new MessageChannel();
  port1.close();
  port1.postMessage(1);
  equal(await arriving(port2, () => port2.start()), []);
});
test("a buffer is handed over", async () => {
  const { port1, port2 } = new MessageChannel();
  const buffer = new ArrayBuffer(4);
  port1.postMessage(buffer, [buffer]);
  const [message] = await arriving(port2, () => port2.start());
  equal([buffer.byteLength, message.byteLength], [0, 4]);
});
test("what cannot be cloned is refused", () => throws(() => new MessageChannel().port1.postMessage(() => 1), "DataCloneError"));
test("MessagePort cannot be constructed", () => throws(() => new MessagePort(), "TypeError"));
