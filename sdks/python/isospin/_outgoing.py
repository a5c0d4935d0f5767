"""Bodies that go out, with back-pressure."""

from __future__ import annotations

import _isospin

from ._loop import ready
from ._pairs import Headers
from ._response import to_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._response import Trailers

# What was written before a failure gets this long to go out, in nanoseconds: a host
# that sees the cut at once would send none of it, not even the head.
LINGER = 1_000_000


def fields_of(headers: Headers, body: Any, trailers: Trailers) -> list[tuple[bytes, bytes]]:
    """The fields of a head, with the body's length if that is known and nothing follows the body."""
    fields = headers.raw
    if type(body) is not bytes or trailers is not None:
        return fields
    if any(name == b"content-length" for name, _ in fields):
        return fields
    return [*fields, (b"content-length", b"%d" % len(body))]


async def send(stream: Any, body: Any, trailers: Trailers = None) -> None:
    """Sends a body to its end. If that fails it is cut, so that the other side sees that it is not whole."""
    try:
        if type(body) is bytes:
            if body:
                await _write(stream, body)
        else:
            await _pump(stream, body)
        _isospin.end(stream, None if trailers is None else await _fields(trailers))
    except GeneratorExit:
        # Nobody runs this any more: there is no waiting now.
        _isospin.close(stream)
        raise
    except BaseException:
        await _cut(stream)
        raise


async def _write(stream: Any, data: bytes) -> None:
    written = 0
    while True:
        written += _isospin.write(stream, data, written)
        if written == len(data):
            return
        await ready(stream)


async def _write_through(stream: Any, piece: Any) -> None:
    """Writes a piece and waits until it is on its way."""
    await _write(stream, to_bytes(piece))
    _isospin.flush(stream)
    await ready(stream)


async def _pump(stream: Any, body: Any) -> None:
    if hasattr(body, "__aiter__"):
        try:
            async for piece in body:
                await _write_through(stream, piece)
        finally:
            if hasattr(body, "aclose"):
                await body.aclose()
    else:
        try:
            for piece in body:
                await _write_through(stream, piece)
        finally:
            if hasattr(body, "close"):
                body.close()


async def _fields(trailers: Any) -> list[tuple[bytes, bytes]]:
    if callable(trailers):
        trailers = trailers()
    if hasattr(trailers, "__await__"):
        trailers = await trailers
    return Headers(trailers).raw


async def _cut(stream: Any) -> None:
    try:
        _isospin.flush(stream)
        await ready(stream)
        await ready(_isospin.timer(LINGER))
    except Exception:
        # The other side is gone: nothing is left to be sent.
        pass
    finally:
        _isospin.close(stream)
