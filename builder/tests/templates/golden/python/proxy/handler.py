"""A proxy: every request goes to the upstream, both bodies are streamed."""

from forwarding import passed_on, target
from isospin import Headers, Request, Response, TransferError, environment, fetch

BODILESS = ("GET", "HEAD")


async def handle(request: Request) -> Response:
    upstream = environment()["UPSTREAM"]
    try:
        answer = await fetch(
            target(upstream, request.target),
            method=request.method,
            headers=passed_on(request.headers.raw),
            body=None if request.method in BODILESS else request,
        )
    except TransferError as error:
        print(f"{upstream}: {error}")
        return Response("the upstream does not answer\n", 502)
    headers = Headers(passed_on(answer.headers.raw))
    body = None if answer.status in (204, 304) else answer
    return Response(body, answer.status, headers)
