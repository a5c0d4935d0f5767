// Runs the tests of one area and answers with what failed. The tables of URLs
// come with the request: they are the Web Platform Tests' own.
import { run } from "./harness.js";
import { parsing, setters } from "./url.js";
import "./abort.js";
import "./encoding.js";
import "./fetch.js";
import "./hosts.js";
import "./kept.js";
import "./pattern.js";
import "./streams.js";
import "./strings.js";

const tables = { "url parsing": parsing, "url setters": setters };

// What every engine has, and has its types from TypeScript itself.
const language = /^(Array|Big|Data|Date|Decimal|Eval|Float|Int|Uint|Map|Math|Number|Object|Set|String|Symbol|Promise|Proxy|Range|Reference|Reflect|RegExp|Shared|Suppressed|Syntax|Type|URIError|Weak|Aggregate|Async|Atomics|Boolean|Disposable|Error|Finalization|Function|Infinity|Internal|Iterator|JSON|NaN|decodeURI|encodeURI|escape|unescape|eval|globalThis|is(NaN|Finite)|parse(Int|Float)|undefined)/;

const others = {
  wait(context) {
    const later = new Promise((resolve) => setTimeout(resolve, 100));
    context.waitUntil(later.then(() => console.log("waited")));
    return { answered: true };
  },
  globals: () => ({ names: Object.getOwnPropertyNames(globalThis).filter((name) => !language.test(name)) }),
};

export default {
  async fetch(request, environment, context) {
    const area = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (others[area]) return Response.json(others[area](context));
    return Response.json(tables[area] ? tables[area](await request.json()) : await run(area));
  },
};
