"""What a request holds, and bodies that are read."""

import zlib
from collections.abc import AsyncIterator

from answers import Route, text
from isospin import Headers, Request, Response, TransferError


def escape(value: bytes) -> str:
    """Every byte outside of 0x21..0x7e and `%` as `%XX`."""
    return "".join(chr(byte) if 0x21 <= byte <= 0x7E and byte != 0x25 else f"%{byte:02X}" for byte in value)


def reflect(request: Request, _: str) -> Response:
    lines = [f"method {request.method}", f"path {request.path}"]
    if request.query_string is not None:
        lines.append(f"query {request.query_string}")
    lines += [f"header {name.decode()} {escape(value)}" for name, value in request.headers.raw]
    return text("\n".join(lines) + "\n")


async def collect(request: Request, _: str) -> Response:
    length, checksum = 0, zlib.adler32(b"")
    async for piece in request:
        length += len(piece)
        checksum = zlib.adler32(piece, checksum)
    return text(f"length {length}\nadler32 {checksum:08x}\n")


def echo_headers(request: Request) -> Headers:
    headers = Headers({"content-type": request.headers.get("content-type", "application/octet-stream")})
    for value in request.headers.getall("trailer"):
        headers.add("trailer", value)
    return headers


def echo(request: Request, _: str) -> Response:
    headers = echo_headers(request)
    return Response(request, headers=headers, trailers=request.trailers if "trailer" in headers else None)


def duplex(request: Request, _: str) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield b"ready\n"
        async for piece in request:
            yield piece

    headers = echo_headers(request)
    return Response(body(), headers=headers, trailers=request.trailers if "trailer" in headers else None)


def early(_request: Request, _: str) -> Response:
    return text("early\n", 403)


def watch(request: Request, _: str) -> Response:
    async def told() -> AsyncIterator[str]:
        yield "begun\n"
        length, end = 0, "whole"
        try:
            async for piece in request:
                length += len(piece)
        except TransferError:
            end = "cut"
        yield f"{end} {length}\n"

    return Response(told(), headers={"content-type": "text/plain; charset=utf-8"})


ROUTES: dict[str, Route] = {
    "reflect": reflect,
    "collect": collect,
    "echo": echo,
    "duplex": duplex,
    "early": early,
    "watch": watch,
}
