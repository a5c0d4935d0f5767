// Code from strings: while the module is initialised, and not in a request.
import { area, equal, throws } from "./harness.js";

const test = area("code from strings");
const add = new Function("a", "b", "return a + b");
const evaluated = (0, eval)("[1, 2].map((x) => x * 2)");
const asked = (() => {
  try {
    new Function("");
    return true;
  } catch (error) {
    return error.name;
  }
})();

test("what start-up made stays", () => equal([add(1, 2), evaluated], [3, [2, 4]]));
test("whoever asks at start-up is told no", () => equal(asked, "EvalError"));
test("eval", () => throws(() => eval("1 + 1"), "EvalError"));
test("indirect eval", () => throws(() => (0, eval)("1 + 1"), "EvalError"));
test("eval of what is no string", () => equal(eval(add) === add, true));
for (const maker of [() => {}, async () => {}, function* () {}, async function* () {}]) {
  const { constructor } = Object.getPrototypeOf(maker);
  test(constructor.name, () => throws(() => constructor("return 1"), "EvalError"));
}
test("expressions, JSON and templates are no code", () =>
  equal([new RegExp("a+").exec("caat")[0], JSON.parse("[1]"), String.raw`\x`], ["aa", [1], "\\x"]));
