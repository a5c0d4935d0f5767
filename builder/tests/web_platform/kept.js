// What start-up made is kept in another way than what a request makes: it may be
// changed, be let go and be part of cycles all the same.
import { area, equal } from "./harness.js";

const test = area("what start-up made");
const sizes = Array.from({ length: 70 }, (_, index) => index);
const arrays = sizes.map((size) => Array.from({ length: size }, (_, index) => index));
const named = (size) => Object.fromEntries(Array.from({ length: size }, (_, index) => [`key${index}`, index]));
const objects = sizes.map(named);
const texts = sizes.map((size) => "ab".repeat(size) + size);
const numbers = sizes.map((size) => 3n ** BigInt(size * 4));
const maps = sizes.map((size) => new Map(Array.from({ length: size }, (_, index) => [`k${index}`, { index }])));
const bytes = new Uint8Array(300).fill(7);
const pattern = /(?<letter>[a-z])\d/g;
const parted = new AbortController();
const weak = new WeakMap([[objects[5], "five"]]);
const kept = new WeakRef(objects[6]);
const mark = Symbol("mark");
class Base {
  #secret = 1;
  static made = 0;
  constructor() {
    Base.made += 1;
  }
  get secret() {
    return this.#secret++;
  }
}
const instance = new Base();
let count = 0;
const counter = { next: () => ++count };
const steps = (function* () {
  for (let step = 0; ; step += 1) yield step;
})();
steps.next();
let settle;
const pending = new Promise((resolve) => (settle = resolve));
const suspended = (async () => [await pending, await pending])();

function fill(rounds) {
  for (let round = 0; round < rounds; round += 1) {
    const cycle = { round, held: [objects[round % 70], arrays[round % 70], instance] };
    cycle.self = cycle;
  }
}

const sum = (list) => list.reduce((total, value) => total + value, 0);

test("arrays grow and shrink", () => {
  for (const size of sizes) {
    const array = arrays[size];
    for (let added = 0; added < 200; added += 1) array.push(size + added);
    equal(sum(array), ((size + 200) * (size + 199)) / 2);
    array.length = size;
    array.unshift(-1);
    equal([array.shift(), array.length], [-1, size]);
  }
});
test("objects get and lose properties", () => {
  for (const size of sizes) {
    const object = objects[size];
    for (let added = 0; added < 60; added += 1) object[`more${added}`] = added;
    for (let added = 0; added < 60; added += 2) delete object[`more${added}`];
    equal(Object.keys(object).length, size + 30);
    for (let added = 1; added < 60; added += 2) delete object[`more${added}`];
    equal(object, named(size));
    object[mark] = size;
    equal(object[mark], size);
  }
});
test("prototypes change", () => {
  Object.setPrototypeOf(objects[9], arrays);
  equal(objects[9].length, 70);
  Object.setPrototypeOf(objects[9], Object.prototype);
});
test("texts are added to and stay", () => {
  for (const size of sizes) {
    let text = texts[size];
    for (let added = 0; added < 50; added += 1) text += texts[added];
    equal(text.startsWith(texts[size]) && text.endsWith("49"), true);
    equal(texts[size], "ab".repeat(size) + size);
  }
});
test("large integers", () => {
  for (const size of sizes) {
    let number = numbers[size];
    for (let round = 0; round < 20; round += 1) number = number * 3n - numbers[size];
    equal(String(numbers[size]), String(3n ** BigInt(size * 4)));
    equal(number > numbers[size], true);
  }
});
test("maps grow, shrink and are walked", () => {
  for (const size of sizes) {
    const map = maps[size];
    for (let added = 0; added < 100; added += 1) map.set(`new${added}`, added);
    for (const key of [...map.keys()]) if (key.startsWith("new")) map.delete(key);
    equal([...map.values()].map((value) => value.index), arrays[size]);
  }
});
test("thousands of new names", () => {
  const object = {};
  for (let name = 0; name < 5000; name += 1) object[`a name of its own ${name}`] = name;
  equal(sum(Object.values(object)), 12497500);
});
test("variables and private fields", () => {
  for (let round = 0; round < 100; round += 1) counter.next();
  equal([counter.next(), instance.secret, instance.secret], [101, 1, 2]);
  class Derived extends Base {}
  equal([new Derived().secret, Base.made], [1, 2]);
});
test("a generator goes on", () => equal([steps.next().value, steps.next().value], [1, 2]));
test("what waits goes on", async () => {
  settle("done");
  equal(await suspended, ["done", "done"]);
});
test("an aborted signal of start-up", () => {
  let told = 0;
  parted.signal.addEventListener("abort", () => (told += 1));
  parted.abort("reason");
  equal([told, parted.signal.reason], [1, "reason"]);
});
test("patterns and bytes", () => {
  equal([..."a1 b2".matchAll(pattern)].map((match) => match.groups.letter), ["a", "b"]);
  equal([bytes.buffer.transfer(10).byteLength, bytes.length], [10, 0]);
});
test("weak references", () => {
  weak.set(objects[7], "seven");
  equal([weak.get(objects[5]), weak.get(objects[7]), kept.deref() === objects[6]], ["five", "seven", true]);
});
test("collections leave it alone", () => {
  fill(60000);
  for (const size of sizes) {
    equal([arrays[size].length, objects[size][mark], numbers[size] > 0n], [size, size, true]);
    equal(objects[size], named(size));
  }
  equal([instance.secret, counter.next()], [3, 102]);
});
test("what is let go is gone", () => {
  for (const list of [arrays, objects, texts, numbers, maps]) list.length = 0;
  fill(0);
  const again = Array.from({ length: 20000 }, (_, index) => ({ index, text: `${index}` }));
  equal(again.every(({ index, text }) => text === String(index)), true);
});
