"""What requests and responses that come in have in common: a body that is read once."""

from __future__ import annotations

import _isospin

from ._loop import ready
from ._pairs import Headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self


class Incoming:
    """A message whose body comes in. Iterating gives its pieces as they arrive."""

    __slots__ = ("_owner", "_stream", "_future", "_whole", "_ended", "_headers")

    def __init__(self, owner: Any) -> None:
        self._owner = owner
        self._stream = None
        self._future = None
        self._whole: bytes | None = None
        self._ended = False
        self._headers: Headers | None = None

    @property
    def headers(self) -> Headers:
        """The header fields."""
        raise NotImplementedError

    def _open(self) -> Any:
        """Takes the body from the host."""
        raise NotImplementedError

    async def read(self) -> bytes:
        """The next piece of the body, as soon as there is one; empty at the end."""
        if self._ended:
            return b""
        if self._stream is None:
            self._stream = self._open()
        while (piece := _isospin.read(self._stream)) is None:
            await ready(self._stream)
        if not piece:
            self._ended = True
            self._future = _isospin.finish(self._stream)
        return piece

    async def body(self) -> bytes:
        """The whole body. It is kept, so that it can be asked for again."""
        if self._whole is None:
            if self._stream is not None:
                raise RuntimeError("the body was already read in pieces")
            pieces = []
            while piece := await self.read():
                pieces.append(piece)
            self._whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return self._whole

    async def text(self, encoding: str | None = None) -> str:
        """The whole body as text, in the `charset` of its type or in UTF-8."""
        return (await self.body()).decode(encoding or self._charset())

    async def json(self) -> Any:
        """The whole body, which is JSON, as Python's values."""
        # Imported at build time where code uses the name `json`: see `_preload`.
        from json import loads

        return loads(await self.body())

    async def trailers(self) -> Headers:
        """The fields after the body; what was not read of the body is passed over."""
        while await self.read():
            pass
        if self._future is None:
            return Headers()
        while (fields := _isospin.trailers(self._future)) is None:
            await ready(self._future)
        self._future = None
        trailers = Headers()
        trailers.raw = fields
        return trailers

    def __aiter__(self) -> Self:
        if self._whole is not None:
            raise RuntimeError("the body was already read as a whole")
        return self

    async def __anext__(self) -> bytes:
        piece = await self.read()
        if not piece:
            raise StopAsyncIteration
        return piece

    def _charset(self) -> str:
        _, _, parameters = (self.headers.get("content-type") or "").partition(";")
        for parameter in parameters.split(";"):
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip('"')
        return "utf-8"

    def close(self) -> None:
        """Gives up what was not read."""
        self._ended = True
        for resource in (self._future, self._stream, self._owner):
            if resource is not None:
                _isospin.close(resource)
        self._future = None
