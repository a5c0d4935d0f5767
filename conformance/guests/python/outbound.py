"""Requests to others."""

import asyncio

from answers import Route, parameters, text
from isospin import Headers, Request, Response, TransferError, fetch

HIDDEN = (b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"date")


async def forward(request: Request, _: str) -> Response:
    url = parameters(request, "url")[0]
    sent = [field for field in request.headers.raw if field[0] == b"content-type" or field[0].startswith(b"x-")]
    body = None if request.method in ("GET", "HEAD") else request
    limit = parameters(request, "ms")
    try:
        async with asyncio.timeout(int(limit[0]) / 1000 if limit else None):
            answer = await fetch(url, method=request.method, headers=sent, body=body)
    except TimeoutError:
        return text("timed out\n", 504)
    except TransferError as error:
        return text(f"{error.code}\n", 502)
    headers = Headers(field for field in answer.headers.raw if field[0] not in HIDDEN)
    return Response(None if answer.status in (204, 304) else answer, answer.status, headers)


async def line(url: str) -> str:
    try:
        answer = await fetch(url)
        return f"{answer.status} {len(await answer.body())}\n"
    except TransferError as error:
        return f"{error.code}\n"


async def gather(request: Request, _: str) -> Response:
    lines = await asyncio.gather(*(line(url) for url in parameters(request, "url")))
    return text("".join(lines))


ROUTES: dict[str, Route] = {"fetch": forward, "gather": gather}
