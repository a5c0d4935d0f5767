"""Write an HTTP handler in Python; Isospin makes a WebAssembly component of it.

    from isospin import Request, Response

    async def handle(request: Request) -> Response:
        return Response(f"You asked for {request.path}\\n")

The handler stands in `handler.py` and may be a plain `def` too. An exception is
logged with its traceback and answered with status 500 and an empty body; in a
body that has begun it cuts the response.

=====================================  =======================================
for                                    see
=====================================  =======================================
what came in                           `Request`, `Headers`, `Query`
answers, whole and streamed            `Response`
requests to others                     `fetch`, `TransferError`
work at the same time, time            `asyncio`
awaiting in a plain `def`              `run`
a Flask or other WSGI application      `wsgi`
a Starlette or other ASGI application  `asgi`
variables                              `environment`, `os.environ`
the log                                `print`, `logging`
=====================================  =======================================

What stands outside of functions runs once, at build time: the host, the network,
the clock and randomness of the real world are there in requests alone.
"""

from __future__ import annotations

from ._errors import TransferError
from ._fetch import ClientResponse, fetch
from ._loop import run
from ._pairs import Headers, Query
from ._request import Request
from ._response import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = [
    "ClientResponse",
    "Headers",
    "Query",
    "Request",
    "Response",
    "TransferError",
    "asgi",
    "environment",
    "fetch",
    "run",
    "wsgi",
]


def wsgi(application: Callable[..., Any]) -> Callable[[Request], Response]:
    """The handler that serves a WSGI application: `handle = isospin.wsgi(app)`."""
    from ._wsgi import handler

    return handler(application)


def asgi(application: Callable[..., Any]) -> Callable[[Request], Any]:
    """The handler that serves an ASGI application: `handle = isospin.asgi(app)`.

    The application's lifespan begins with the first request of an instance.
    """
    from ._asgi import handler

    return handler(application)


def environment() -> dict[str, str]:
    """The variables that the app's manifest gives to this component; none if it gives none."""
    from ._environment import variables

    return variables()
