from greeting import greeting
from isospin import Request, Response


async def handle(request: Request) -> Response:
    return Response(greeting(request.path))
