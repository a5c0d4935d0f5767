// Words in a stream of bytes. A word is a run of ASCII letters, apostrophes and
// bytes from 0x80 up; ASCII letters count as lower case.

const TOP = 20;

/** The lower-case form of each byte that may be in a word, else 0. */
const letters = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 32;
  return (byte >= 0x61 && byte <= 0x7a) || byte === 0x27 || byte >= 0x80 ? byte : 0;
});

export interface Answer {
  words: number;
  distinct: number;
  top: [string, number][];
}

export class Counter {
  // UTF-8 in byte order is the order of code points, which is not that of UTF-16:
  // words are strings of bytes until they are shown.
  #counts = new Map<string, number>();
  #words = 0;
  #rest = "";
  #decoder = new TextDecoder("utf-8", { fatal: true });
  #valid = true;

  /** False when the text is not UTF-8: nothing more needs to be read. */
  add(chunk: Uint8Array): boolean {
    this.#valid &&= this.#check(chunk, true);
    if (!this.#valid) return false;
    let start = -1;
    const lower = chunk.slice();
    for (let i = 0; i < lower.length; i++) {
      const letter = letters[lower[i]];
      if (letter) {
        lower[i] = letter;
        if (start < 0) start = i;
      } else if (start >= 0) {
        this.#word(bytes(lower.subarray(start, i)));
        start = -1;
      } else if (this.#rest) {
        this.#word("");
      }
    }
    if (start >= 0) this.#rest += bytes(lower.subarray(start));
    return true;
  }

  finish(): Answer | null {
    this.#valid &&= this.#check(new Uint8Array(0), false);
    if (!this.#valid) return null;
    if (this.#rest) this.#word("");
    const sorted = [...this.#counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
    const decoder = new TextDecoder();
    const top = sorted.slice(0, TOP).map(([word, count]): [string, number] => {
      return [decoder.decode(Uint8Array.from(word, (c) => c.charCodeAt(0))), count];
    });
    return { words: this.#words, distinct: this.#counts.size, top };
  }

  /** Ends a word, whose beginning may be in the chunk before. */
  #word(end: string) {
    const word = this.#rest + end;
    this.#rest = "";
    this.#words++;
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  #check(chunk: Uint8Array, stream: boolean): boolean {
    try {
      this.#decoder.decode(chunk, { stream });
      return true;
    } catch {
      return false;
    }
  }
}

/** Bytes as a string with one character for each; in parts, since arguments are limited. */
function bytes(part: Uint8Array): string {
  let text = "";
  for (let i = 0; i < part.length; i += 8192) text += String.fromCharCode(...part.subarray(i, i + 8192));
  return text;
}
