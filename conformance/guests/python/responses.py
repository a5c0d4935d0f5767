"""Responses of every shape."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from answers import pairs, parameters, text
from isospin import Request, Response

OCTETS = {"content-type": "application/octet-stream"}
PLAIN = {"content-type": "text/plain; charset=utf-8"}
CHUNK = 65536


def status(_request: Request, rest: str) -> Response:
    code = int(rest)
    return Response(status=code) if code in (204, 304) else text(f"status {code}\n", code)


def headers(request: Request, _: str) -> Response:
    return Response(b"ok\n", headers=pairs(request))


def pattern(start: int, length: int) -> bytes:
    """Bytes of which number i is `i mod 251`."""
    first = start % 251
    cycle = bytes(range(251))
    return (cycle * ((first + length) // 251 + 1))[first : first + length]


def whole(_request: Request, rest: str) -> Response:
    return Response(pattern(0, int(rest)), headers=OCTETS)


def stream(_request: Request, rest: str) -> Response:
    length = int(rest)

    def pieces() -> Iterator[bytes]:
        for start in range(0, length, CHUNK):
            yield pattern(start, min(CHUNK, length - start))

    return Response(pieces(), headers=OCTETS)


def ticks(request: Request, rest: str) -> Response:
    milliseconds = int(parameters(request, "ms")[0])

    async def lines() -> AsyncIterator[str]:
        for number in range(1, int(rest) + 1):
            if number > 1:
                await asyncio.sleep(milliseconds / 1000)
            yield f"tick {number}\n"

    return Response(lines(), headers=PLAIN)


def trailers(_request: Request, _: str) -> Response:
    return Response(
        "body\n",
        headers={"trailer": "x-checksum, x-second"},
        trailers={"x-checksum": "abc", "x-second": "two"},
    )


ROUTES = {
    "status": status,
    "headers": headers,
    "bytes": whole,
    "stream": stream,
    "ticks": ticks,
    "trailers": trailers,
}
