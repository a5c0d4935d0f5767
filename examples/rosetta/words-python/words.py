"""Words in a stream of bytes: runs of ASCII letters, apostrophes and bytes from 0x80 up."""

import codecs
import re

TOP = 20
WORD = re.compile(rb"[a-z'\x80-\xff]+")
# What is taken of a piece at a time: lists of words are as long as their text.
PART = 4096


class Counter:
    """Counts the words of a text that comes in pieces."""

    def __init__(self) -> None:
        self._counts: dict[bytes, int] = {}
        self._rest = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def add(self, piece: bytes) -> None:
        """Raises `UnicodeDecodeError` if the text is not UTF-8."""
        for start in range(0, len(piece), PART):
            part = piece[start : start + PART]
            self._decoder.decode(part)
            self._count(self._rest + part.lower())

    def finish(self) -> dict[str, object]:
        """What was counted, with the most frequent words; equal counts in byte order."""
        self._decoder.decode(b"", final=True)
        self._count(self._rest + b" ")
        counts = sorted(self._counts.items(), key=lambda entry: (-entry[1], entry[0]))
        return {
            "words": sum(self._counts.values()),
            "distinct": len(counts),
            "top": [(word.decode(), count) for word, count in counts[:TOP]],
        }

    def _count(self, text: bytes) -> None:
        """Counts all words but one at the very end, which may go on in the next piece."""
        self._rest = b""
        for match in WORD.finditer(text):
            word = match[0]
            if match.end() == len(text):
                self._rest = word
            else:
                self._counts[word] = self._counts.get(word, 0) + 1
