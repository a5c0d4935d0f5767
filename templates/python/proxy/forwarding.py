"""What of a request is passed on, and where to."""

from collections.abc import Iterable

# Headers that belong to one connection alone.
OF_CONNECTION = {
    b"connection",
    b"host",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}


def target(upstream: str, asked: str) -> str:
    """The upstream's address with the path and query that were asked for."""
    return upstream.removesuffix("/") + asked


def passed_on(fields: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [field for field in fields if field[0].lower() not in OF_CONNECTION]
