"""What the routes have in common."""

from urllib.parse import unquote_to_bytes

from isospin import Request, Response


def text(body: str, status: int = 200) -> Response:
    return Response(body, status)


def pairs(request: Request) -> list[tuple[bytes, bytes]]:
    """The query's names and values as raw bytes, in their order."""
    found = []
    for part in (request.query_string or "").split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((unquote_to_bytes(name), unquote_to_bytes(value)))
    return found


def parameters(request: Request, name: str) -> list[str]:
    """The values of a name in the query, as text."""
    return [value.decode() for key, value in pairs(request) if key == name.encode()]
