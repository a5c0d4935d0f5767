"""Strings of start-up and strings of requests, side by side."""

import datetime
import decimal
import encodings.utf_16_le
import encodings.utf_32_be
import ipaddress
import json
import pathlib
import pickle
import random
import sys
import uuid

from isospin import Request, Response

# What the test knows of start-up: its hash tells the key of start-up.
KNOWN = "a text of start-up"

# One for each range of characters in which CPython stores strings differently.
RANGES = ((0x00, 0x7F), (0x80, 0xFF), (0x100, 0xD7FF), (0x10000, 0x10FFFF))


def strings(source: random.Random, count: int) -> list[str]:
    """Strings of every kind and of many lengths."""
    made = []
    for number in range(count):
        low, high = RANGES[number % len(RANGES)]
        length = source.randrange(40) if number % 50 else 3000
        made.append("".join(chr(source.randint(low, high)) for _ in range(length)))
    return made


# The same in each build, so that the component is.
OLD = ["", "\0", "a", "a\0b", "alpha", "Größe", "日本語", "😀", "\ud800", "x" * 100_000, *strings(random.Random(1), 400)]
OLD_TEXTS = {text: number for number, text in enumerate(OLD)}
OLD_BYTES = {text.encode("utf-8", "surrogatepass"): number for number, text in enumerate(OLD)}
OLD_PAIRS = frozenset((text, number) for text, number in OLD_TEXTS.items())


class Field:
    """Its hash is that of a string which nothing keeps."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and self.name.casefold() == other.name.casefold()

    def __hash__(self) -> int:
        return hash(self.name.casefold() + "!")


# Objects whose hashes come from strings or bytes, made anew to be found.
OBJECTS = {
    eval(source): source
    for source in (
        "Field('Content-Type')",
        "ipaddress.ip_address('192.0.2.1')",
        "ipaddress.ip_network('2001:db8::/32')",
        "datetime.date(2026, 11, 27)",
        "datetime.datetime(2026, 11, 27, 8, 30, tzinfo=datetime.timezone.utc)",
        "datetime.timedelta(days=3)",
        "decimal.Decimal('1.50')",
        "pathlib.PurePosixPath('/a/b')",
        "uuid.UUID(int=7)",
        "memoryview(b'a view')",
        "frozenset(['a', ('b', 'c'), b'd'])",
    )
}


class Text(str):
    """A string of another class is equal to a plain one."""


def copies(text: str) -> list[str]:
    """Strings that are equal to `text`, each made in another way."""
    middle = len(text) // 2
    made = [
        "".join(list(text)),
        text[:middle] + text[middle:],
        (text + "x")[:-1],
        ("😀" + text)[1:],
        Text(text),
        sys.intern("".join(list(text))),
        json.loads(json.dumps(text)),
        pickle.loads(pickle.dumps(text)),
    ]
    for encoding in ("utf-8", "utf-16-le", "utf-32-be"):
        made.append(text.encode(encoding, "surrogatepass").decode(encoding, "surrogatepass"))
    return made


def copies_are_found(texts: list[str], table: dict[str, int]) -> list[str]:
    """What is wrong with a table of texts by their numbers."""
    wrong = []
    for number, text in enumerate(texts):
        for way, made in enumerate(copies(text)):
            if hash(made) != hash(text) or table.get(made) != table[text]:
                wrong.append(f"{text[:20]!a}, number {number}, made in way {way}")
    return wrong


def old_objects() -> list[str]:
    wrong = [source for source in OBJECTS.values() if OBJECTS.get(eval(source)) != source]
    for text, number in OLD_TEXTS.items():
        made = bytes(bytearray(text, "utf-8", "surrogatepass"))
        if OLD_BYTES.get(made) != number or OLD_BYTES.get(memoryview(made)) != number:
            wrong.append(f"bytes of {text[:20]!a}")
        if (copies(text)[0], number) not in OLD_PAIRS:
            wrong.append(f"pair of {text[:20]!a}")
        if text.isascii() and text and (text in OLD_BYTES or made in OLD_TEXTS):
            wrong.append(f"text and bytes are one: {text[:20]!a}")
    return wrong


def modules() -> list[str]:
    """Every name in every module, and every documentation."""
    wrong = []
    for name, module in list(sys.modules.items()):
        if sys.modules.get("".join(list(name))) is not module:
            wrong.append(name)
        for attribute, value in list(vars(module).items()):
            made = "".join(list(attribute))
            if vars(module).get(made) is not value or getattr(module, made) is not value:
                wrong.append(f"{name}.{attribute}")
            documentation = getattr(value, "__doc__", None)
            if isinstance(documentation, str) and hash("".join(list(documentation))) != hash(documentation):
                wrong.append(f"{name}.{attribute}.__doc__")
    return wrong


def new_and_old() -> list[str]:
    new = strings(random.Random(), 400)
    both = dict(OLD_TEXTS)
    for number, text in enumerate(new):
        both.setdefault(text, -number)
    wrong = copies_are_found(new + OLD, both)
    if pickle.loads(pickle.dumps(both)) != both or set(both) != {*new, *OLD}:
        wrong.append("a copy of the table")
    for text in new + OLD:
        both.pop(copies(text)[0], None)
    return wrong + [f"{text[:20]!a} is left" for text in both]


CHECKS = {
    "/texts": lambda: copies_are_found(OLD, OLD_TEXTS),
    "/objects": old_objects,
    "/modules": modules,
    "/new-and-old": new_and_old,
}


async def handle(request: Request) -> Response:
    if request.path in CHECKS:
        wrong = CHECKS[request.path]()
        return Response("".join(f"wrong: {what}\n" for what in wrong) or "right\n")
    if request.path == "/hashes":
        # One line for each line of the body.
        return Response("".join(f"{hash(line) & 0xFFFFFFFF}\n" for line in (await request.text()).splitlines()))
    if request.path == "/order":
        return Response(" ".join({f"{request.query_string}{number}" for number in range(30)}) + "\n")
    return Response(f"{sys.flags.hash_randomization} {sys.hash_info.algorithm} {hash(KNOWN) & 0xFFFFFFFF}\n")
