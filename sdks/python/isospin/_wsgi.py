"""Serves WSGI applications (PEP 3333)."""

from __future__ import annotations

import io
import sys

from ._loop import drive
from ._pairs import unquote
from ._response import BODILESS, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ._request import Request


def handler(application: Callable[..., Any]) -> Callable[[Request], Response]:
    """The handler that serves an application."""

    def handle(request: Request) -> Response:
        return _Exchange().run(application, environ(request))

    return handle


class _Input(io.RawIOBase):
    """The request's body as a file."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = drive(self._request.read())
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)


def environ(request: Request) -> dict[str, Any]:
    """The variables of a request."""
    host, _, port = request.authority.partition(":")
    variables: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.path).decode("latin-1"),
        "QUERY_STRING": request.query_string or "",
        "REQUEST_URI": request.target,
        "SERVER_NAME": host,
        "SERVER_PORT": port or ("443" if request.scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": request.authority,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BufferedReader(_Input(request)),
        # The body ends where its stream ends, whether or not its length was announced.
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name in request.headers.keys():
        key = name.upper().replace("-", "_")
        values = request.headers.getall(name)
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            variables[key] = values[0]
        elif key != "HOST":
            variables[f"HTTP_{key}"] = ("; " if key == "COOKIE" else ",").join(values)
    return variables


class _Exchange:
    """One call of the application."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """Called by the application, again if it fails before the response has begun."""
        if self.status and exc_info is None:
            raise RuntimeError("the application called `start_response` twice")
        self.status = status
        self.headers = headers
        return self.written.append

    def run(self, application: Callable[..., Any], variables: dict[str, Any]) -> Response:
        result = application(variables, self.start_response)
        close = getattr(result, "close", None) or (lambda: None)
        try:
            # An application may start the response as late as with its first piece.
            rest = iter(result)
            begin = [*self.written, next(rest, b"")]
            if not self.status:
                raise RuntimeError("the application did not call `start_response`")
            code = int(self.status.split(" ", 1)[0])
            streamed = code not in BODILESS and not (hasattr(result, "__len__") and len(result) <= 1)
            body: Any = _pieces(begin, rest, close) if streamed else b"" if code in BODILESS else b"".join(begin)
            response = Response(body, code, self.headers)
        except BaseException:
            close()
            raise
        if not streamed:
            close()
        return response


def _pieces(begin: Iterable[bytes], rest: Iterator[bytes], close: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from filter(None, begin)
        yield from filter(None, rest)
    finally:
        close()
