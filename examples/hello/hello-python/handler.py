from isospin import Request, Response


async def handle(request: Request) -> Response:
    return Response("Hello from Python!\n")
