from isospin import Request, Response


def divide(all: int, by: int) -> float:
    return all / by  # crashes: /divide


async def handle(request: Request) -> Response:
    if request.path.endswith("/divide"):
        divide(7, 0)
    return Response("well\n")
