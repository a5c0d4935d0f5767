"""Names with values, of which each may be there more than once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    Text: TypeAlias = str | bytes
    # What headers and trailers may be given as.
    HeadersLike: TypeAlias = (
        "Headers | Mapping[str, Text] | Mapping[bytes, bytes] | Iterable[tuple[Text, Text]]"
    )


class Pairs:
    """Reads like a mapping from each name to its first value."""

    __slots__ = ()

    def items(self) -> list[tuple[str, str]]:
        """Every name with its value, in their order, repeats kept."""
        raise NotImplementedError

    def getall(self, name: str) -> list[str]:
        """Every value of a name, in their order; empty if there is none."""
        return [value for key, value in self.items() if key == name]

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a name."""
        return next(iter(self.getall(name)), default)

    def __getitem__(self, name: str) -> str:
        values = self.getall(name)
        if not values:
            raise KeyError(name)
        return values[0]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.getall(name))

    def keys(self) -> list[str]:
        """Every name once."""
        return list(dict.fromkeys(key for key, _ in self.items()))

    def values(self) -> list[str]:
        return [value for _, value in self.items()]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.items()!r})"


def _field_name(name: Text) -> bytes:
    if isinstance(name, str):
        name = name.encode("latin-1")
    return name.lower()


def _field_value(name: Text, value: Text) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise TypeError(f"the value of the header `{name}` is {type(value).__name__} and not str or bytes")
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError as error:
        message = f"the value of the header `{name}` has the character {value[error.start]!r}: encode it to bytes"
        raise ValueError(message) from None


class Headers(Pairs):
    """Header fields. Names ignore case; values are text in Latin-1, or raw bytes in `raw`."""

    __slots__ = ("raw",)

    raw: list[tuple[bytes, bytes]]
    """Every field as it is: the name in lower case and the value's bytes."""

    def __init__(self, fields: HeadersLike | None = None) -> None:
        if isinstance(fields, Headers):
            self.raw = list(fields.raw)
            return
        self.raw = []
        if fields is not None:
            for name, value in fields.items() if hasattr(fields, "items") else fields:
                self.add(name, value)

    def add(self, name: Text, value: Text) -> None:
        """Adds a field after those that are there."""
        self.raw.append((_field_name(name), _field_value(name, value)))

    def items(self) -> list[tuple[str, str]]:
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.raw]

    def getall(self, name: str) -> list[str]:
        wanted = _field_name(name)
        return [value.decode("latin-1") for key, value in self.raw if key == wanted]

    def setdefault(self, name: Text, value: Text) -> None:
        """Sets a field unless it is there."""
        wanted = _field_name(name)
        if not any(key == wanted for key, _ in self.raw):
            self.add(name, value)

    def __setitem__(self, name: Text, value: Text) -> None:
        made = (_field_name(name), _field_value(name, value))
        self.raw = [field for field in self.raw if field[0] != made[0]]
        self.raw.append(made)

    def __delitem__(self, name: Text) -> None:
        wanted = _field_name(name)
        left = [field for field in self.raw if field[0] != wanted]
        if len(left) == len(self.raw):
            raise KeyError(name)
        self.raw = left

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, Headers) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


def unquote(text: str) -> bytes:
    """Undoes percent-encoding; what is not such stays as it is."""
    first, *rest = text.encode("utf-8", "surrogateescape").split(b"%")
    parts = [first]
    for part in rest:
        try:
            # `fromhex` would let spaces through.
            parts.append((bytes.fromhex(part[:2].decode("ascii")) if b" " not in part[:2] else b"") or b"%" + part[:2])
            parts.append(part[2:])
        except ValueError:
            parts.append(b"%" + part)
    return b"".join(parts)


class Query(Pairs):
    """The parameters of a query: percent-decoded UTF-8, with `+` as a space."""

    __slots__ = ("_items",)

    def __init__(self, text: str) -> None:
        self._items = []
        for part in text.split("&"):
            if part:
                name, _, value = part.replace("+", " ").partition("=")
                self._items.append((_decoded(name), _decoded(value)))

    def items(self) -> list[tuple[str, str]]:
        return self._items


def _decoded(text: str) -> str:
    return unquote(text).decode("utf-8", "replace")
