// Hosts that are not ASCII, after UTS #46 as the URL standard asks for it.
import { area, equal, throws } from "./harness.js";

const test = area("hosts");
const host = (text) => new URL(`https://${text}/`).hostname;
for (const [text, expected] of [
  ["M\u00dcNCHEN.test", "xn--mnchen-3ya.test"],
  ["stra\u00dfe.test", "xn--strae-oqa.test"],
  ["STRA\u1e9eE.test", "xn--strae-oqa.test"],
  ["\u03b2\u03cc\u03bb\u03bf\u03c2.test", "xn--nxasmm1c.test"],
  ["\uff41\uff22\uff43.test", "abc.test"],
  ["a\u3002b\uff0ec\uff61d", "a.b.c.d"],
  ["a\u0308.test", "xn--4ca.test"],
  ["\u1100\u1161.test", "xn--o39a.test"],
  ["a\u00adb\u200bc\u2060.test", "abc.test"],
  ["\ufdf2.test", "xn--mgb2dam.test"],
  ["\u2460\u2461.test", "12.test"],
  ["\u05d0\u05d1.test", "xn--4dbc.test"],
  ["\u0627\u0628\u0661.test", "xn--mgbc5o.test"],
  ["\u0915\u094d\u200d\u0937.test", "xn--11b2ezcw70k.test"],
  ["\u0628\u200c\u0628.test", "xn--ngba799q.test"],
  ["xn--mnchen-3ya.test", "xn--mnchen-3ya.test"],
  ["\u{1f600}.test", "xn--e28h.test"],
  ["\u{10900}.test", "xn--wj9c.test"],
])
  test(JSON.stringify(text), () => equal(host(text), expected));
for (const [text, why] of [
  ["\u0301a.test", "a mark at the start"],
  ["a\u200db.test", "a joiner without a virama"],
  ["a\u200cb.test", "a non-joiner between what does not join"],
  ["\u05d0a.test", "both directions"],
  ["1\u05d0.test", "from the right, but begins with a number"],
  ["\u05d0-.test", "from the right, but ends with neither letter nor number"],
  ["\u06611\u0627.test", "begins with an Arabic number"],
  ["\u0627\u06611.test", "two kinds of numbers"],
  ["a\u2488.test", "a full stop inside of another character"],
  ["a\ue000.test", "private use"],
  ["a\ufffd.test", "the replacement character"],
  ["a\u2ff0.test", "a description of an ideograph"],
  ["a\u202e.test", "a change of direction"],
  ["a\u00a0b.test", "a space"],
  ["\u00ad", "nothing is left"],
  ["xn--a.\u00e4.test", "a control character in the encoding"],
  ["xn--\u00e4.test", "not ASCII after the prefix"],
])
  test(`not ${why}`, () => throws(() => host(text), "TypeError"));
