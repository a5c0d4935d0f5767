// EUC-JP and ISO-2022-JP, as the Encoding standard has them: characters of one, two
// and three bytes, and states that sequences of bytes switch between.
import { jis0208, jis0212 } from "encoding-tables";

const NONE = "\ufffd";
const ESCAPE = 0x1b;

const isHigh = (byte) => byte >= 0xa1 && byte <= 0xfe;
const isLow = (byte) => byte >= 0x21 && byte <= 0x7e;
const katakana = (offset) => String.fromCharCode(0xff61 + offset);
const kanji = (table, row, column) => table[row * 94 + column];

// The character at a place of EUC-JP, and how many bytes it takes: none if there are too few.
export function eucJp(bytes, at) {
  const [lead, second, third] = bytes.subarray(at, at + 3);
  if (lead < 0x80) return [String.fromCharCode(lead), 1];
  if (lead !== 0x8e && lead !== 0x8f && !isHigh(lead)) return [NONE, 1];
  if (second === undefined) return [NONE, 0];
  let found = NONE, last = second, length = 2;
  if (lead === 0x8e) {
    if (second >= 0xa1 && second <= 0xdf) found = katakana(second - 0xa1);
  } else if (isHigh(second)) {
    if (lead === 0x8f) {
      if (third === undefined) return [NONE, 0];
      [last, length] = [third, 3];
      if (isHigh(third)) found = kanji(jis0212, second - 0xa1, third - 0xa1);
    } else {
      found = kanji(jis0208, lead - 0xa1, second - 0xa1);
    }
  }
  // ASCII is not taken along by what it does not belong to.
  return [found, found === NONE && last < 0x80 ? length - 1 : length];
}

const switches = { "(B": "ascii", "(J": "roman", "(I": "katakana", "$@": "kanji", "$B": "kanji" };

// As `eucJp`, but that there are never too few once the text has `ended`; keeps in `state` its `set` of characters, and whether the last bytes
// `switched` to it and no character has come since.
export function iso2022Jp(bytes, at, state, ended) {
  const [byte, second, third] = bytes.subarray(at, at + 3);
  if (byte === ESCAPE) return escape(second, third, state, ended);
  const set = state.set ?? "ascii";
  state.switched = false;
  if (set === "kanji") {
    if (!isLow(byte)) return [NONE, 1];
    if (second === undefined) return [NONE, ended ? 1 : 0];
    if (second === ESCAPE) return [NONE, 1];
    return [isLow(second) ? kanji(jis0208, byte - 0x21, second - 0x21) : NONE, 2];
  }
  if (set === "katakana") return [byte >= 0x21 && byte <= 0x5f ? katakana(byte - 0x21) : NONE, 1];
  if (byte > 0x7f || byte === 0x0e || byte === 0x0f) return [NONE, 1];
  if (set === "roman" && byte === 0x5c) return ["\u00a5", 1];
  if (set === "roman" && byte === 0x7e) return ["\u203e", 1];
  return [String.fromCharCode(byte), 1];
}

function escape(second, third, state, ended) {
  const begins = second === 0x24 || second === 0x28;
  if (!ended && (second === undefined || (begins && third === undefined))) return [NONE, 0];
  const set = begins && switches[String.fromCharCode(second, third)];
  if (!set) {
    state.switched = false;
    return [NONE, 1];
  }
  // Two sequences with nothing between them are an error: they hide from whom looks for text.
  const found = state.switched ? NONE : "";
  Object.assign(state, { set, switched: true });
  return [found, 3];
}
