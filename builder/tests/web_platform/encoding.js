// After the Encoding standard: what is always there, and encodings that this file names.
import { area, equal, throws } from "./harness.js";

const test = area("encoding");
const utf8 = (...bytes) => new TextDecoder().decode(Uint8Array.from(bytes));
const list = (view) => [...view];

test("ASCII", () => equal(list(new TextEncoder().encode("abc")), [97, 98, 99]));
test("four bytes", () => equal(list(new TextEncoder().encode("\u{1f600}")), [240, 159, 152, 128]));
test("a lone surrogate is encoded as U+FFFD", () => equal(list(new TextEncoder().encode("\ud800")), [239, 191, 189]));
test("encode() of nothing is empty", () => equal(new TextEncoder().encode().length, 0));
test("encode(undefined) is empty", () => equal(new TextEncoder().encode(undefined).length, 0));
test("encodeInto tells what was read and written", () => {
  const target = new Uint8Array(4);
  equal([new TextEncoder().encodeInto("a\u20acb", target), list(target)], [{ read: 2, written: 4 }, [97, 226, 130, 172]]);
});
test("encodeInto does not split a character", () =>
  equal(new TextEncoder().encodeInto("\u{1f600}", new Uint8Array(3)), { read: 0, written: 0 }));
test("encodeInto counts a pair as two", () =>
  equal(new TextEncoder().encodeInto("\u{1f600}", new Uint8Array(4)), { read: 2, written: 4 }));
test("the encoder's name", () => equal(new TextEncoder().encoding, "utf-8"));

const bad = [
  ["a byte that cannot be", [0xff], "\ufffd"],
  ["a lone continuation", [0x80], "\ufffd"],
  ["an overlong two", [0xc0, 0x80], "\ufffd\ufffd"],
  ["an overlong three", [0xe0, 0x80, 0x80], "\ufffd\ufffd\ufffd"],
  ["an overlong four", [0xf0, 0x80, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
  ["a surrogate", [0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
  ["above U+10FFFF", [0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
  ["cut after one of three", [0xe2, 0x41], "\ufffdA"],
  ["cut after two of three", [0xe2, 0x82, 0x41], "\ufffdA"],
  ["cut after three of four", [0xf0, 0x9f, 0x98, 0x41], "\ufffdA"],
  ["cut at the end", [0x41, 0xf0, 0x9f], "A\ufffd"],
];
for (const [title, bytes, text] of bad) {
  test(`${title} is replaced`, () => equal(utf8(...bytes), text));
  test(`${title} is fatal`, () => throws(() => new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes)), "TypeError"));
}
test("one BOM is taken away", () => equal(utf8(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x41), "\ufeffA"));
test("ignoreBOM keeps it", () =>
  equal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)), "\ufeffA"));
test("a BOM in pieces", () => {
  const decoder = new TextDecoder();
  const parts = [[0xef], [0xbb], [0xbf, 0x41]].map((part) => decoder.decode(Uint8Array.from(part), { stream: true }));
  equal(parts.join("") + decoder.decode(), "A");
});
test("a character in pieces", () => {
  const decoder = new TextDecoder();
  const parts = [0xf0, 0x9f, 0x98, 0x80].map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true }));
  equal(parts.join("") + decoder.decode(), "\u{1f600}");
});
test("what is left at the end is replaced", () => {
  const decoder = new TextDecoder();
  equal(decoder.decode(Uint8Array.of(0xf0, 0x9f), { stream: true }) + decoder.decode(), "\ufffd");
});
test("a fatal decoder can be used again", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  throws(() => decoder.decode(Uint8Array.of(0xff)), "TypeError");
  equal(decoder.decode(Uint8Array.of(0x41)), "A");
});
test("UTF-16LE", () => equal(new TextDecoder("utf-16le").decode(Uint8Array.of(0x41, 0, 0x3d, 0xd8, 0, 0xde)), "A\u{1f600}"));
test("UTF-16LE replaces lone surrogates", () => equal(new TextDecoder("utf-16").decode(Uint8Array.of(0, 0xd8, 0x41, 0)), "\ufffdA"));
test("UTF-16LE in single bytes", () => {
  const decoder = new TextDecoder("utf-16le");
  const parts = [0x3d, 0xd8, 0, 0xde].map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true }));
  equal(parts.join("") + decoder.decode(), "\u{1f600}");
});
test("windows-1252", () => equal(new TextDecoder("latin1").decode(Uint8Array.of(0x80, 0xe9)), "\u20ac\xe9"));
for (const [label, name] of [["UTF8", "utf-8"], [" utf-8\n", "utf-8"], ["ascii", "windows-1252"], ["unicode", "utf-16le"], ["x-cp1252", "windows-1252"]])
  test(`the label ${JSON.stringify(label)}`, () => equal(new TextDecoder(label).encoding, name));
test("a label that is none", () => throws(() => new TextDecoder("nothing"), "RangeError"));
test("a label with a no-break space is none", () => throws(() => new TextDecoder("utf-8\u00a0"), "RangeError"));
for (const label of ["utf-16be", "shift_jis", "gbk", "euc-kr", "big5", "euc-jp", "iso-2022-jp", "iso-8859-2", "windows-1251", "koi8-r"])
  test(`the encoding ${label}`, () => equal(new TextDecoder(label).encoding, label));
const legacy = [
  ["utf-16be", [0x00, 0x41, 0xd8, 0x3d, 0xde, 0x00, 0xd8], "A\u{1f600}\ufffd"],
  ["iso-8859-2", [0x41, 0xb1], "A\u0105"],
  ["windows-1251", [0xe0, 0x98], "\u0430\x98"],
  ["windows-1253", [0xe1, 0xaa], "\u03b1\ufffd"],
  ["koi8-r", [0xc1], "\u0430"],
  ["cyrillic", [0xd0], "\u0430"],
  ["x-user-defined", [0x41, 0x80, 0xff], "A\uf780\uf7ff"],
  ["shift_jis", [0x82, 0xa0, 0xb1, 0x80, 0x82, 0x41, 0xa0, 0x82], "\u3042\uff71\x80\ufffdA\ufffd\ufffd"],
  ["euc-kr", [0xb0, 0xa1, 0xb0, 0xff, 0xb0, 0x20], "\uac00\ufffd\ufffd "],
  ["big5", [0xa4, 0x40, 0x88, 0x62, 0x80, 0xa4], "\u4e00\xca\u0304\ufffd\ufffd"],
  ["gbk", [0xc4, 0xe3, 0x80, 0x81, 0x30, 0x81, 0x30, 0x90, 0x30, 0x81, 0x30], "\u4f60\u20ac\x80\u{10000}"],
  ["gb18030", [0x84, 0x31, 0xa4, 0x39, 0x81, 0x30, 0x41, 0xff, 0x81, 0x30], "\uffff\ufffd0A\ufffd\ufffd"],
  ["euc-jp", [0xa4, 0xa2, 0x8e, 0xb1, 0x8f, 0xb0, 0xa1, 0xa4, 0x41, 0x8f, 0xa2, 0x42, 0xff, 0x8f], "\u3042\uff71\u4e02\ufffdA\ufffdB\ufffd\ufffd"],
  ["iso-2022-jp", [0x41, 0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x4a, 0x5c, 0x7e, 0x1b, 0x28, 0x49, 0x31, 0x1b, 0x28, 0x42, 0x5c], "A\u3042\u00a5\u203e\uff71\\"],
  ["iso-2022-jp", [0x1b, 0x24, 0x42, 0x1b, 0x28, 0x42, 0x1b, 0x24, 0x24, 0x41, 0x80, 0x1b, 0x24], "\ufffd\ufffd$$A\ufffd\ufffd$"],
];
for (const [label, bytes, text] of legacy) {
  const whole = Uint8Array.from(bytes);
  test(`${label} is decoded`, () => equal(new TextDecoder(label).decode(whole), text));
  test(`${label} in single bytes`, () => {
    const decoder = new TextDecoder(label);
    equal(bytes.map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true })).join("") + decoder.decode(), text);
  });
  test(`${label} when errors are fatal`, () => {
    const decode = () => new TextDecoder(label, { fatal: true }).decode(whole);
    text.includes("\ufffd") ? throws(decode, "TypeError") : equal(decode(), text);
  });
}
test("decode() of an ArrayBuffer and of a view", () => {
  const bytes = Uint8Array.of(0x41, 0x42, 0x43);
  equal([new TextDecoder().decode(bytes.buffer), new TextDecoder().decode(bytes.subarray(1, 2))], ["ABC", "B"]);
});
test("decode() of something else", () => throws(() => new TextDecoder().decode("text"), "TypeError"));
test("streams", async () => {
  const source = ReadableStream.from(["\ud83d", "\ude00", "a"]);
  const text = await new Response(source.pipeThrough(new TextEncoderStream())).text();
  equal(text, "\u{1f600}a");
});
test("a decoder stream joins pieces", async () => {
  const source = ReadableStream.from([Uint8Array.of(0xe2), Uint8Array.of(0x82, 0xac)]);
  let text = "";
  for await (const part of source.pipeThrough(new TextDecoderStream())) text += part;
  equal(text, "\u20ac");
});
