"""What goes wrong, on purpose."""

from collections.abc import AsyncIterator

from isospin import Request, Response


def error(_request: Request, _: str) -> Response:
    raise ValueError("deliberate error")


def panic(_request: Request, _: str) -> Response:
    raise RuntimeError("deliberate panic")


def error_after_start(_request: Request, _: str) -> Response:
    async def begun() -> AsyncIterator[str]:
        yield "begun\n"
        raise ValueError("deliberate error")

    return Response(begun(), headers={"content-type": "text/plain; charset=utf-8"})


def loop(_request: Request, _: str) -> Response:
    while True:
        pass


def allocate(_request: Request, _: str) -> Response:
    kept = []
    while True:
        kept.append(b"\1" * (1 << 20))


def deeper(depth: int) -> int:
    return deeper(depth + 1) + 1


def recurse(_request: Request, _: str) -> Response:
    return Response(str(deeper(0)))


ROUTES = {
    "error": error,
    "panic": panic,
    "error-after-start": error_after_start,
    "loop": loop,
    "allocate": allocate,
    "recurse": recurse,
}
