"""The request that a handler gets."""

from __future__ import annotations

import _isospin

from ._incoming import Incoming
from ._pairs import Headers, Query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Request(Incoming):
    """A request. Its body is read once: whole with `body`, `text` or `json`, or
    in pieces with `async for`."""

    __slots__ = ("method", "target", "scheme", "authority")

    method: str
    """As it was sent: "GET", "POST", ..."""

    target: str
    """Path and query exactly as they were sent."""

    scheme: str
    """"http" or "https"."""

    authority: str
    """The host, and the port if it was given."""

    def __init__(self, owner: Any, method: str, target: str, scheme: str, authority: str) -> None:
        super().__init__(owner)
        self.method = method
        self.target = target
        self.scheme = scheme
        self.authority = authority

    @property
    def path(self) -> str:
        """The path as it was sent: percent-encoding is not undone."""
        return self.target.partition("?")[0]

    @property
    def query_string(self) -> str | None:
        """The query as it was sent, without the `?`; None if there was no `?`."""
        _, mark, query = self.target.partition("?")
        return query if mark else None

    @property
    def query(self) -> Query:
        """The query's parameters, decoded."""
        return Query(self.query_string or "")

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def headers(self) -> Headers:
        """The header fields, repeats kept."""
        if self._headers is None:
            self._headers = Headers()
            self._headers.raw = _isospin.request_fields(self._owner)
        return self._headers

    def _open(self) -> Any:
        return _isospin.request_body(self._owner)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.target}>"
