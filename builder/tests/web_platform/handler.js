// Runs the tests of one area and answers with what failed. The tables of URLs
// come with the request: they are the Web Platform Tests' own.
import { run } from "./harness.js";
import { parsing, setters } from "./url.js";
import "./abort.js";
import "./cryptography.js";
import "./encoding.js";
import "./fetch.js";
import "./hosts.js";
import "./kept.js";
import "./pattern.js";
import "./ports.js";
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
  // The body is an encoding, a space, how long the pieces are (0: all in one), a zero, the bytes.
  async decode(context, request) {
    const body = new Uint8Array(await request.arrayBuffer());
    const [label, length] = new TextDecoder("latin1").decode(body.subarray(0, body.indexOf(0))).split(" ");
    const decoder = new TextDecoder(label);
    const bytes = body.subarray(body.indexOf(0) + 1), size = Number(length) || bytes.length;
    let text = "";
    for (let at = 0; at < bytes.length; at += size) text += decoder.decode(bytes.subarray(at, at + size), { stream: true });
    return { text: text + decoder.decode() };
  },
  globals: () => ({ names: Object.getOwnPropertyNames(globalThis).filter((name) => !language.test(name)) }),
};

export default {
  async fetch(request, environment, context) {
    const area = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (others[area]) return Response.json(await others[area](context, request));
    return Response.json(tables[area] ? tables[area](await request.json()) : await run(area));
  },
};
