// After the Fetch standard: headers, requests and responses.
import { area, equal, rejects, throws } from "./harness.js";

const headers = area("fetch headers");
headers("names are case-insensitive", () => equal(new Headers({ "X-A": "1" }).get("x-a"), "1"));
headers("repeats are joined", () => equal(new Headers([["a", "1"], ["A", "2"]]).get("a"), "1, 2"));
headers("get of nothing is null", () => equal(new Headers().get("a"), null));
headers("a value is trimmed", () => equal(new Headers({ a: " \t\n1 2\r\n " }).get("a"), "1 2"));
headers("an empty value", () => equal(new Headers({ a: "" }).get("a"), ""));
headers("set replaces all", () => {
  const list = new Headers([["a", "1"], ["b", "2"], ["a", "3"]]);
  list.set("a", "4");
  equal([...list], [["a", "4"], ["b", "2"]]);
});
headers("iteration is sorted and joined", () =>
  equal([...new Headers([["b", "1"], ["a", "2"], ["b", "3"]])], [["a", "2"], ["b", "1, 3"]]));
headers("set-cookie is kept apart", () => {
  const list = new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"]]);
  equal([list.getSetCookie(), [...list].length, list.get("set-cookie")], [["a=1", "b=2"], 2, "a=1, b=2"]);
});
headers("delete", () => {
  const list = new Headers({ a: "1" });
  list.delete("A");
  equal(list.has("a"), false);
});
for (const name of ["", " a", "a b", "a:", "\u00e9", "a\0", "a\n"]) headers(`the name ${JSON.stringify(name)}`, () => throws(() => new Headers([[name, "1"]]), "TypeError"));
for (const value of ["a\0b", "a\nb", "a\rb", "\u0100"]) headers(`the value ${JSON.stringify(value)}`, () => throws(() => new Headers({ a: value }), "TypeError"));
headers("pairs must be pairs", () => throws(() => new Headers([["a"]]), "TypeError"));
headers("not from a number", () => throws(() => new Headers(1), "TypeError"));
headers("not from null", () => throws(() => new Headers(null), "TypeError"));
headers("forEach", () => {
  const seen = [];
  new Headers({ b: "2", a: "1" }).forEach((value, name) => seen.push(name + value));
  equal(seen, ["a1", "b2"]);
});
headers("a change while it is iterated is seen", () => {
  const list = new Headers({ a: "1", b: "2" });
  const seen = [];
  for (const [name] of list) {
    seen.push(name);
    list.delete("b");
  }
  equal(seen, ["a"]);
});
headers("keys and values", () => equal([[...new Headers({ a: "1" }).keys()], [...new Headers({ a: "1" }).values()]], [["a"], ["1"]]));
headers("the tag", () => equal(String(new Headers()), "[object Headers]"));

const request = area("fetch requests");
for (const [given, method] of [["get", "GET"], ["Post", "POST"], ["patch", "patch"], ["PATCH", "PATCH"], ["chicken", "chicken"]])
  request(`the method ${given}`, () => equal(new Request("http://a/", { method: given }).method, method));
for (const method of ["CONNECT", "trace", "TRACK", "a b", ""]) request(`not the method ${JSON.stringify(method)}`, () => throws(() => new Request("http://a/", { method }), "TypeError"));
request("the URL is parsed", () => equal(new Request("http://a/x/../y").url, "http://a/y"));
request("no credentials in the URL", () => throws(() => new Request("http://u:p@a/"), "TypeError"));
request("no URL", () => throws(() => new Request("//nowhere"), "TypeError"));
for (const method of ["GET", "HEAD"]) request(`no body with ${method}`, () => throws(() => new Request("http://a/", { method, body: "x" }), "TypeError"));
const post = (body, more) => new Request("http://a/", { method: "POST", body, ...more });
for (const [title, body, type] of [
  ["text", "x", "text/plain;charset=UTF-8"],
  ["a query", new URLSearchParams("a=1"), "application/x-www-form-urlencoded;charset=UTF-8"],
  ["a blob", new Blob(["x"], { type: "a/b" }), "a/b"],
  ["a blob without a type", new Blob(["x"]), null],
  ["bytes", Uint8Array.of(1), null],
])
  request(`the type of ${title}`, () => equal(post(body).headers.get("content-type"), type));
request("a given type stays", () => equal(post("x", { headers: { "content-type": "a/b" } }).headers.get("content-type"), "a/b"));
request("a form's type has its boundary", () => equal(/^multipart\/form-data; boundary=.+/.test(post(new FormData()).headers.get("content-type")), true));
request("a body is read once", async () => {
  const one = post("x");
  await one.text();
  equal(one.bodyUsed, true);
  await rejects(one.text(), "TypeError");
});
request("a used body is not cloned", async () => {
  const one = post("x");
  await one.text();
  throws(() => one.clone(), "TypeError");
});
request("a clone has its own body", async () => {
  const one = post("x");
  const two = one.clone();
  equal([await one.text(), await two.text()], ["x", "x"]);
});
request("a request made of a request takes its body", async () => {
  const one = post("x");
  const two = new Request(one);
  equal([one.bodyUsed, await two.text(), two.method], [true, "x", "POST"]);
});
request("init goes before the request", () => equal(new Request(post("x"), { method: "PUT" }).method, "PUT"));
request("the defaults", () => {
  const one = new Request("http://a/");
  equal([one.method, one.redirect, one.body, one.bodyUsed, one.mode], ["GET", "follow", null, false, "cors"]);
});
request("a wrong redirect", () => throws(() => new Request("http://a/", { redirect: "sometimes" }), "TypeError"));

const response = area("fetch responses");
response("the defaults", () => {
  const one = new Response();
  equal([one.status, one.ok, one.statusText, one.type, one.url, one.body, one.redirected], [200, true, "", "default", "", null, false]);
});
for (const status of [199, 600, 0, 1000]) response(`not the status ${status}`, () => throws(() => new Response(null, { status }), "RangeError"));
for (const status of [204, 205, 304]) response(`no body with ${status}`, () => throws(() => new Response("x", { status }), "TypeError"));
for (const status of [200, 299, 404]) response(`ok of ${status}`, () => equal(new Response(null, { status }).ok, status < 300));
response("a status text with a line end", () => throws(() => new Response(null, { statusText: "a\n" }), "TypeError"));
response("error()", () => equal([Response.error().type, Response.error().status], ["error", 0]));
response("error() cannot be changed", () => throws(() => Response.error().headers.set("a", "1"), "TypeError"));
response("redirect()", () => equal([Response.redirect("http://a/").status, Response.redirect("http://a/", 301).headers.get("location")], [302, "http://a/"]));
response("redirect() with another status", () => throws(() => Response.redirect("http://a/", 200), "RangeError"));
response("redirect() to no URL", () => throws(() => Response.redirect("http://:::"), "TypeError"));
response("json()", async () => {
  const one = Response.json({ a: [1] }, { status: 201 });
  equal([one.status, one.headers.get("content-type"), await one.json()], [201, "application/json", { a: [1] }]);
});
response("json() of what is none", () => throws(() => Response.json(undefined), "TypeError"));
response("a BOM is no text", async () => equal(await new Response("\ufeffa").text(), "a"));
response("what is no JSON", () => rejects(new Response("{").json(), "SyntaxError"));
response("arrayBuffer, bytes and blob", async () => {
  const kinds = [new Response("ab").arrayBuffer(), new Response("ab").bytes(), new Response("ab", { headers: { "content-type": "A/B" } }).blob()];
  const [buffer, bytes, blob] = await Promise.all(kinds);
  equal([buffer.byteLength, [...bytes], blob.size, blob.type], [2, [97, 98], 2, "a/b"]);
});
response("a body of null is none", async () => equal([new Response(null).body, await new Response(null).text()], [null, ""]));
response("bodyUsed after the reader read", async () => {
  const one = new Response("x");
  const reader = one.body.getReader();
  equal(one.bodyUsed, false);
  await reader.read();
  equal(one.bodyUsed, true);
});
response("a locked body is not read", async () => {
  const one = new Response("x");
  one.body.getReader();
  await rejects(one.text(), "TypeError");
});
response("a stream as a body", async () => {
  const stream = ReadableStream.from([Uint8Array.of(97), Uint8Array.of(98)]);
  equal(await new Response(stream).text(), "ab");
});
response("a stream of strings is refused when it is read", () => rejects(new Response(ReadableStream.from(["a"])).text(), "TypeError"));
response("a form goes there and back", async () => {
  const form = new FormData();
  form.append("a", "1\n2");
  form.append("f", new File(["x"], "n\".txt", { type: "text/x" }));
  const back = await new Response(form).formData();
  const file = back.get("f");
  equal([back.get("a"), file.name, file.type, await file.text()], ["1\r\n2", "n\".txt", "text/x", "x"]);
});
response("a query goes there and back", async () => {
  const back = await new Response(new URLSearchParams("a=1&b=%20+")).formData();
  equal([...back], [["a", "1"], ["b", "  "]]);
});
response("what is no form", () => rejects(new Response("x").formData(), "TypeError"));
response("blob parts and slices", async () => {
  const blob = new Blob(["ab", Uint8Array.of(99), new Blob(["d"])]);
  equal([blob.size, await blob.slice(1, 3).text(), await blob.slice(-1).text()], [4, "bc", "d"]);
});
