// After the URL Pattern standard.
import { area, equal, throws } from "./harness.js";

const test = area("url pattern");
const matches = (pattern, input) => {
  const result = new URLPattern(pattern).exec(input);
  return result && { ...result.hostname.groups, ...result.pathname.groups };
};
for (const [pattern, input, groups] of [
  [{ pathname: "/books/:id" }, "https://a.test/books/12", { 0: "a.test", id: "12" }],
  [{ pathname: "/books/:id" }, "https://a.test/books/12/13", null],
  [{ pathname: "/books/:id?" }, "https://a.test/books", { 0: "a.test" }],
  [{ pathname: "/:x+" }, "https://a.test/a/b", { 0: "a.test", x: "a/b" }],
  [{ pathname: "/:x*" }, "https://a.test/", null],
  [{ pathname: "/a{/b}?" }, "https://a.test/a/b", { 0: "a.test" }],
  [{ pathname: "/(\\d+)" }, "https://a.test/7", { 0: "7" }],
  [{ pathname: "/(\\d+)" }, "https://a.test/x", null],
  [{ pathname: "/:x(a|b)" }, "https://a.test/b", { 0: "a.test", x: "b" }],
  [{ pathname: "/*" }, "https://a.test/x/y", { 0: "x/y" }],
  [{ pathname: "/caf\u00e9" }, "https://a.test/caf%C3%A9", { 0: "a.test" }],
  [{ hostname: ":sub.a.test" }, "https://x.a.test/", { sub: "x", 0: "/" }],
  ["https://*.a.test/:p", "https://x.a.test/1", { 0: "x", p: "1" }],
  ["http{s}?://a.test/", "http://a.test/", {}],
  ["https://a.test:8080/x", "https://a.test/x", null],
  ["https://a.test/x?q=:v", "https://a.test/x?q=1", {}],
  [{ pathname: "b", baseURL: "https://a.test/a/x" }, "https://a.test/a/b", {}],
])
  test(`${JSON.stringify(pattern)} and ${input}`, () => equal(matches(pattern, input), groups));
for (const pattern of [{ pathname: "/{" }, { pathname: "/:a/:a" }, { pathname: "/(" }, { pathname: "/(?a)" }, { port: "x" }, "/no-base"])
  test(`not ${JSON.stringify(pattern)}`, () => throws(() => new URLPattern(pattern), "TypeError"));
test("the parts are given back", () => {
  const { protocol, hostname, pathname, search } = new URLPattern("https://a.test/:x{.:y}?");
  equal([protocol, hostname, pathname, search], ["https", "a.test", "/:x{.:y}?", "*"]);
});
test("a default port is none", () => equal(new URLPattern({ protocol: "https", port: "443" }).port, ""));
test("ignoreCase", () => equal(new URLPattern({ pathname: "/A" }, { ignoreCase: true }).test("https://a.test/a"), true));
test("a base for the input", () => equal(new URLPattern({ pathname: "/a/:x" }).test("./b", "https://a.test/a/"), true));
test("what is no URL matches nothing", () => equal(new URLPattern({}).test("//"), false));
test("hasRegExpGroups", () => equal([new URLPattern({ pathname: "/:x" }).hasRegExpGroups, new URLPattern({ pathname: "/(x)" }).hasRegExpGroups], [false, true]));
