"""Serves ASGI applications (version 3)."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType

from ._errors import TransferError
from ._pairs import unquote
from ._response import BODILESS, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from typing import Any

    from ._request import Request

    Application = Callable[..., Awaitable[None]]

# The application learns from `send` that the client has left: see the specification.
VERSIONS = {"version": "3.0", "spec_version": "2.4"}


def handler(application: Application) -> Callable[[Request], Any]:
    """The handler that serves an application."""
    _do_without_threads()
    lifespan = _Lifespan(application)

    async def handle(request: Request) -> Response:
        await lifespan.begin()
        exchange = _Exchange(request)
        return await exchange.run(application, scope(request, lifespan.state))

    return handle


def scope(request: Request, state: dict[str, Any]) -> dict[str, Any]:
    """What the application is told of a request."""
    host, _, port = request.authority.partition(":")
    fields = request.headers.raw
    if not any(name == b"host" for name, _ in fields):
        fields = [(b"host", request.authority.encode("latin-1", "replace")), *fields]
    return {
        "type": "http",
        "asgi": VERSIONS,
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": unquote(request.path).decode("utf-8", "replace"),
        "raw_path": request.path.encode("utf-8", "replace"),
        "query_string": (request.query_string or "").encode("utf-8", "replace"),
        "root_path": "",
        "headers": fields,
        "client": None,
        "server": (host, int(port) if port.isdigit() else {"https": 443}.get(request.scheme, 80)),
        "state": state.copy(),
    }


class _Exchange:
    """One call of the application."""

    def __init__(self, request: Request) -> None:
        self.request = request
        # One piece at a time: an application is held back by a client that reads slowly.
        self.messages: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(1)
        self.start: dict[str, Any] | None = None
        self.received = False
        self.over = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if not self.received and not self.over.is_set():
            piece = await self.request.read()
            self.received = not piece
            return {"type": "http.request", "body": piece, "more_body": bool(piece)}
        await self.over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] != "http.response.body":
            raise RuntimeError(f"messages of the type `{message['type']}` are not known here")
        elif self.start is None:
            raise RuntimeError("the application sent a body before `http.response.start`")
        elif self.over.is_set():
            raise TransferError("connection-terminated")
        else:
            await self.messages.put(message)

    async def run(self, application: Application, told: dict[str, Any]) -> Response:
        task = asyncio.get_running_loop().create_task(self._call(application, told))
        first = await self.messages.get()
        if first is None:
            await task
            raise RuntimeError("the application sent no response")
        assert self.start is not None
        status, headers = self.start["status"], self.start.get("headers", ())
        body: Any = self._pieces(first, task) if first.get("more_body") else first.get("body", b"")
        if not first.get("more_body"):
            self.over.set()
        response = Response(b"" if status in BODILESS else body, status, headers)
        # What the application does after its response, such as background tasks.
        response.after = task
        return response

    async def _call(self, application: Application, told: dict[str, Any]) -> None:
        try:
            await application(told, self.receive, self.send)
        finally:
            if not self.over.is_set():
                await self.messages.put(None)

    async def _pieces(self, message: dict[str, Any] | None, task: asyncio.Task[None]) -> AsyncIterator[bytes]:
        try:
            while message is not None:
                if piece := message.get("body", b""):
                    yield piece
                if not message.get("more_body"):
                    return
                message = await self.messages.get()
            await task
            raise RuntimeError("the application did not end its response")
        finally:
            self.over.set()
            # An application that waits to hand over a piece learns that the client has left.
            while not self.messages.empty():
                self.messages.get_nowait()


class _Lifespan:
    """The application's life: it begins with the first request, and ends with the instance."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.state: dict[str, Any] = {}
        self.started: asyncio.Future[None] | None = None

    async def begin(self) -> None:
        """Starts the application once; requests that come meanwhile wait too."""
        if self.started is None:
            loop = asyncio.get_running_loop()
            self.started = loop.create_future()
            task = loop.create_task(self._run(self.started))
            loop.lasting.add(task)  # type: ignore[attr-defined]
        await asyncio.shield(self.started)

    async def _run(self, started: asyncio.Future[None]) -> None:
        told = {"type": "lifespan", "asgi": VERSIONS, "state": self.state}
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                # Instances end without notice.
                await asyncio.get_running_loop().create_future()
            asked = True
            return {"type": "lifespan.startup"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                started.set_result(None)
            elif message["type"] == "lifespan.startup.failed":
                started.set_exception(RuntimeError(f"the application did not start: {message.get('message', '')}"))

        try:
            await self.application(told, receive, send)
        except Exception:
            # An application that knows no lifespan raises.
            pass
        if not started.done():
            started.set_result(None)


def _do_without_threads() -> None:
    """There are no threads: what `anyio` would run in one runs at once."""
    if "anyio" not in sys.modules:
        return
    import anyio.to_thread  # type: ignore[import-not-found]

    _import_backend()

    async def run_sync(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return function(*arguments)

    anyio.to_thread.run_sync = run_sync


def _import_backend() -> None:
    """Imports what `anyio` imports by its name when it is first used. That mentions `ssl`,
    which is not there, for connections of its own; without those it does not use it."""
    absent = "ssl" not in sys.modules
    if absent:
        sys.modules["ssl"] = stand_in = ModuleType("ssl")
        stand_in.__getattr__ = _mentioned  # type: ignore[method-assign]
    try:
        __import__("anyio._backends._asyncio")
    finally:
        if absent:
            del sys.modules["ssl"]


def _mentioned(name: str) -> type:
    """What stands for a name of a module that is not there."""
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (), {})
