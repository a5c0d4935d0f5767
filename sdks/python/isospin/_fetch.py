"""Requests to others."""

from __future__ import annotations

import _isospin

from ._errors import TransferError
from ._incoming import Incoming
from ._loop import ready, spawn
from ._outgoing import fields_of, send
from ._pairs import Headers
from ._response import to_body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._pairs import HeadersLike
    from ._response import Body, Trailers


class ClientResponse(Incoming):
    """The response to a request of ours. Its body is read as that of a `Request`."""

    __slots__ = ("status", "url", "_upload")

    status: int
    url: str

    def __init__(self, owner: Any, status: int, fields: list[tuple[bytes, bytes]], url: str) -> None:
        super().__init__(owner)
        self.status = status
        self.url = url
        self._headers = Headers()
        self._headers.raw = fields

    @property
    def headers(self) -> Headers:
        """The header fields, repeats kept."""
        return self._headers or Headers()

    @property
    def ok(self) -> bool:
        """Whether the status tells of success."""
        return 200 <= self.status <= 299

    def _open(self) -> Any:
        return _isospin.response_body(self._owner)

    def __repr__(self) -> str:
        return f"<ClientResponse {self.status} {self.url}>"


async def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: HeadersLike | None = None,
    body: Body = None,
    trailers: Trailers = None,
    connect_timeout: float | None = None,
    first_byte_timeout: float | None = None,
    between_bytes_timeout: float | None = None,
) -> ClientResponse:
    """Sends a request and waits for the head of its response; both bodies are streamed.

    The component may call only what its manifest entry lists under `outbound`.
    Redirects are not followed. Limits are in seconds; without them the host's hold.
    Raises `TransferError` if no response comes.
    """
    limits = (_limit(connect_timeout), _limit(first_byte_timeout), _limit(between_bytes_timeout))
    scheme, authority, target = _parts(url)
    data = to_body(body)
    fields = Headers(headers)
    future, stream = _isospin.send(
        method, scheme, authority, target, fields.raw if body is None else fields_of(fields, data, trailers), limits
    )
    upload = _Upload(future, stream, data, trailers)
    if data == b"" and trailers is None:
        _isospin.end(stream, None)
    else:
        # A response may come before the request's body has been sent, and without it.
        await spawn(upload.run())
    try:
        owner, status, answered = await upload.response()
    except BaseException:
        upload.give_up()
        raise
    return ClientResponse(owner, status, answered, url)


class _Upload:
    """The request's way out, beside which its response is awaited."""

    __slots__ = ("future", "stream", "body", "trailers", "error")

    def __init__(self, future: Any, stream: Any, body: Any, trailers: Trailers) -> None:
        self.future = future
        self.stream = stream
        self.body = body
        self.trailers = trailers
        self.error: BaseException | None = None

    async def run(self) -> None:
        try:
            await send(self.stream, self.body, self.trailers)
        except TransferError:
            # Whoever is asked may answer without taking the whole body; if no
            # answer comes, the wait for it tells why.
            pass
        except Exception as error:
            self.error = error
            _isospin.close(self.future)

    async def response(self) -> Any:
        while True:
            if self.error is not None:
                raise self.error
            head = _isospin.response(self.future)
            if head is not None:
                return head
            await ready(self.future)

    def give_up(self) -> None:
        _isospin.close(self.future)
        _isospin.close(self.stream)


def _limit(seconds: float | None) -> int | None:
    return None if seconds is None else max(1, int(seconds * 1e9))


def _parts(url: str) -> tuple[str, str, str]:
    """Scheme, authority and target; the fragment is left out."""
    scheme, mark, rest = url.partition("#")[0].partition("://")
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    authority, target = rest[:end], rest[end:]
    if not mark or not authority:
        raise TransferError("http-request-uri-invalid")
    if not target.startswith("/"):
        target = "/" + target
    return scheme.lower(), authority, _escaped(target)


def _escaped(target: str) -> str:
    """What may not stand in a target, percent-encoded: spaces, controls and what is not ASCII."""
    if target.isascii() and target.isprintable() and " " not in target:
        return target
    return "".join(
        chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02X}" for byte in target.encode("utf-8", "surrogatepass")
    )
