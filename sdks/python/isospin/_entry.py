"""From the host's request to the handler and back."""

from __future__ import annotations

import sys
from _contextvars import copy_context

import _isospin

from . import _loop
from ._environment import variables
from ._log import flush, log_exception
from ._loop import drive
from ._outgoing import fields_of, send
from ._request import Request
from ._response import BODILESS, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Entry:
    """What the native module calls for each request."""

    def __init__(self, handler: Callable[[Request], Any]) -> None:
        self.handler = handler
        self.started = False

    def __call__(self, owner: Any, outparam: Any, method: str, target: str, scheme: str, authority: str) -> None:
        if not self.started:
            self.started = True
            freshen()
        exchange = _Exchange(Request(owner, method, target, scheme, authority), outparam)
        copy_context().run(exchange.answer, self.handler)
        flush()


def freshen() -> None:
    """Renews what start-up at build time has frozen."""
    given = variables()
    if given and "os" in sys.modules:
        sys.modules["os"].environ.update(given)
    if "random" in sys.modules:
        sys.modules["random"].seed()


class _Exchange:
    """One request and its response."""

    __slots__ = ("request", "outparam", "begun")

    def __init__(self, request: Request, outparam: Any) -> None:
        self.request = request
        self.outparam = outparam
        self.begun = False

    def answer(self, handler: Callable[[Request], Any]) -> None:
        try:
            result = handler(self.request)
            if hasattr(result, "__await__"):
                _loop.runner.run(self.respond_later(result))
            elif hasattr(getattr(result, "body", None), "__aiter__"):
                _loop.runner.run(self.respond(result))
            else:
                drive(self.respond(result))
        except BaseException as error:
            log_exception(error)
            self.fail()
        self.request.close()

    async def respond_later(self, awaitable: Any) -> None:
        await self.respond(await awaitable)

    async def respond(self, response: Any) -> None:
        if not isinstance(response, Response):
            raise TypeError(f"the handler returned {response!r:.200} and not a `Response`")
        body, trailers = response.body, response.trailers
        bodiless = response.status in BODILESS
        fields = response.headers.raw if bodiless else fields_of(response.headers, body, trailers)
        stream = self.begin(response.status, fields)
        await send(stream, body, trailers)
        if response.after is not None:
            await response.after

    def begin(self, status: int, fields: list[tuple[bytes, bytes]]) -> Any:
        """Sends the head of the response; gives its body."""
        stream = _isospin.respond(self.outparam, status, fields)
        self.begun = True
        return stream

    def fail(self) -> None:
        """Answers with 500 and nothing more, unless an answer has begun."""
        if not self.begun:
            _isospin.end(self.begin(500, []), None)
