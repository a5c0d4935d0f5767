// The encodings of before Unicode that an app names. Their tables are the builder's:
// `bytes` for one byte from 0x80, `pairs` for two, `at` and `text` for pairs of which
// each gives two units, `from` and `to` for the ranges of GB18030's four bytes.
import { encodings, labels } from "encoding-tables";
import { eucJp, iso2022Jp } from "./japanese.js";

const NONE = "\ufffd", OTHER = "\ufffe";
const TRAILS = 0xff - 0x40;

export const legacyName = (label) => (Object.hasOwn(labels, label) ? labels[label] : undefined);

function pair(table, lead, trail) {
  if (trail < 0x40 || trail === 0xff) return NONE;
  const index = (lead - 0x81) * TRAILS + trail - 0x40;
  if (table.pairs[index] !== OTHER) return table.pairs[index];
  const place = 2 * table.at.indexOf(String.fromCharCode(index));
  return table.text.slice(place, place + 2);
}

function four({ from, to }, pointer) {
  if (pointer >= 189000) return pointer <= 1237575 ? String.fromCodePoint(pointer - 189000 + 0x10000) : NONE;
  if (pointer > 39419) return NONE;
  let range = from.length - 1;
  while (from.charCodeAt(range) > pointer) range -= 1;
  return String.fromCharCode(to.charCodeAt(range) + pointer - from.charCodeAt(range));
}

const isDigit = (byte) => byte >= 0x30 && byte <= 0x39;
const isLead = (byte) => byte >= 0x81 && byte <= 0xfe;

// The character at a place and its bytes: none if there are too few.
function character(name, bytes, at, state, ended) {
  if (name === "euc-jp") return eucJp(bytes, at);
  if (name === "iso-2022-jp") return iso2022Jp(bytes, at, state, ended);
  const table = encodings[name];
  const [lead, second, third, fourth] = bytes.subarray(at, at + 4);
  if (lead < 0x80) return [String.fromCharCode(lead), 1];
  if (table.bytes[lead - 0x80] !== OTHER) return [table.bytes[lead - 0x80], 1];
  if (second === undefined) return [NONE, 0];
  if (!table.from || !isDigit(second)) {
    const found = pair(table, lead, second);
    return [found, found === NONE && second < 0x80 ? 1 : 2];
  }
  if (third === undefined) return [NONE, 0];
  if (!isLead(third)) return [NONE, 1];
  if (fourth === undefined) return [NONE, 0];
  if (!isDigit(fourth)) return [NONE, 1];
  return [four(table, (((lead - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30), 4];
}

// The text, null where it is fatal that there is none, and how many bytes wait for more.
// `state` is what an encoding remembers of the bytes before.
export function decodeLegacy(name, bytes, fatal, stream, state) {
  let text = "", at = 0;
  while (at < bytes.length) {
    const [found, length] = character(name, bytes, at, state, !stream);
    if (length === 0 && stream) break;
    if (found === NONE && fatal) return { text: null, rest: 0 };
    text += found;
    at += length || bytes.length - at;
  }
  return { text, rest: bytes.length - at };
}
