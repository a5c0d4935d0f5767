"""The response that a handler gives."""

from __future__ import annotations

from ._pairs import Headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
    from typing import Any, TypeAlias

    from ._pairs import HeadersLike

    Piece: TypeAlias = str | bytes | bytearray | memoryview
    # A whole body, or one that is sent piece by piece as it is produced.
    Body: TypeAlias = Piece | AsyncIterable[Piece] | Iterable[Piece] | None
    Trailers: TypeAlias = "HeadersLike | Callable[[], HeadersLike | Awaitable[HeadersLike]] | None"

# Statuses whose responses have no body.
BODILESS = (204, 304)


def to_bytes(piece: Piece) -> bytes:
    """A piece of a body as bytes; text becomes UTF-8."""
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, str):
        return piece.encode()
    if isinstance(piece, (bytearray, memoryview)):
        return bytes(piece)
    raise TypeError(f"a body is of str or bytes, and this is {type(piece).__name__}")


def to_body(body: Body) -> Any:
    """A body as bytes or as an iterable."""
    if body is None:
        return b""
    if isinstance(body, dict):
        raise TypeError("a body cannot be a dict: use `Response.json`")
    if hasattr(body, "__aiter__") or hasattr(body, "__iter__") and not isinstance(
        body, (str, bytes, bytearray, memoryview)
    ):
        return body
    return to_bytes(body)


class Response:
    """A response. The body is text (sent as UTF-8) or bytes, or gives them piece
    by piece: an async iterator, such as an `async def` with `yield`, or an iterator.

    `trailers` are fields that are sent after the body, or a function of no
    arguments that gives them when the body has been sent; name them in the header
    field `trailer`.
    """

    __slots__ = ("status", "headers", "body", "trailers", "after")

    status: int
    headers: Headers
    body: Any
    trailers: Trailers
    after: Awaitable[Any] | None
    """Awaited when the response has been sent."""

    def __init__(
        self,
        body: Body = None,
        status: int = 200,
        headers: HeadersLike | None = None,
        *,
        trailers: Trailers = None,
    ) -> None:
        if not 200 <= status <= 599:
            raise ValueError(f"{status} is not a status from 200 to 599")
        self.status = status
        self.headers = Headers(headers)
        self.body = to_body(body)
        self.trailers = trailers
        self.after = None
        if isinstance(body, str):
            self.headers.setdefault("content-type", "text/plain; charset=utf-8")
        if status in BODILESS and self.body != b"":
            raise ValueError(f"a response with status {status} has no body")

    @staticmethod
    def json(data: Any, status: int = 200, headers: HeadersLike | None = None) -> Response:
        """A response of JSON."""
        # Imported at build time where code uses the name `json`: see `_preload`.
        from json import dumps

        response = Response(dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), status, headers)
        response.headers.setdefault("content-type", "application/json")
        return response

    @staticmethod
    def redirect(location: str, status: int = 302) -> Response:
        """A response that sends the client to another URL."""
        return Response(status=status, headers={"location": location})

    def __repr__(self) -> str:
        return f"<Response {self.status}>"
