"""Counts the words of a text: see ../README.md for what each language answers."""

from collections.abc import AsyncIterable

from isospin import Request, Response, TransferError, fetch
from words import Counter


async def count(body: AsyncIterable[bytes]) -> Response:
    counter = Counter()
    try:
        async for piece in body:
            counter.add(piece)
        answer = counter.finish()
    except UnicodeDecodeError:
        return Response("the text is not UTF-8\n", 400)
    response = Response.json(answer)
    response.body += b"\n"
    return response


async def fetched(url: str) -> Response:
    try:
        answer = await fetch(url)
        if answer.status == 200:
            return await count(answer)
    except TransferError:
        pass
    return Response("the text could not be fetched\n", 502)


async def handle(request: Request) -> Response:
    if request.method == "POST":
        return await count(request)
    if request.method != "GET":
        return Response("method not allowed\n", 405, {"allow": "GET, POST"})
    source = request.query.get("from")
    return await fetched(source) if source else Response("Hello from Isospin!\n")
