"""What goes wrong between this component and others."""

from __future__ import annotations


class TransferError(OSError):
    """A request, response or body did not arrive as it should.

    `code` is the name of the world's error code: "connection-refused",
    "http-request-denied", "dns-error", ...
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
