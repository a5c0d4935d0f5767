"""Runs at build time: imports the component's module and registers its handler.

What it alone needs is not imported by the component, so that the snapshot stays small.
"""

from __future__ import annotations

import sys

import _isospin

from ._entry import Entry
from ._errors import TransferError
from ._library import PasswordFinder, complete
from ._log import open_streams
from ._preload import LateImportError, preload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


class HandlerError(Exception):
    """The component's module has no handler of the right shape."""


def load(name: str) -> None:
    """Imports the module `name`, which may stand in a folder, and registers what it calls `handle`.

    Raises whatever the module raises, `HandlerError`, or `LateImportError`.
    """
    open_streams()
    folder, _, name = name.rpartition("/")
    if folder:
        # `src/handler` and the modules beside it.
        sys.path.append(f"{sys.path[-1]}/{folder}")
    passwords = PasswordFinder()
    sys.meta_path.insert(0, passwords)
    __import__(name)
    module = sys.modules[name]
    handler = _handler(module)
    places = _Places(module)
    complete(places.is_library, *preload(places.is_own, places.is_package))
    if "asyncio" in sys.modules:
        from ._asyncio import install

        install()
    if passwords in sys.meta_path:
        sys.meta_path.remove(passwords)
    _isospin.register(Entry(handler), TransferError)
    for used_up in ("isospin._build", "isospin._library", "isospin._preload"):
        sys.modules.pop(used_up, None)


class _Places:
    """Where modules come from."""

    def __init__(self, module: ModuleType) -> None:
        parts = module.__name__.count(".") + 1
        self.own = _folder(module.__file__ or "", parts)
        self.sdk = _folder(__file__, 1)
        # The folder of the standard library, whose late imports are its own affair.
        self.library = _folder(sys.modules["encodings"].__file__ or "", 2)

    def is_own(self, module: ModuleType) -> bool:
        file = getattr(module, "__file__", None) or ""
        return file.startswith(self.own) and not self._is_known(file)

    def is_package(self, module: ModuleType) -> bool:
        file = getattr(module, "__file__", None) or ""
        return file != "" and not file.startswith(self.own) and not self._is_known(file)

    def is_library(self, module: ModuleType) -> bool:
        return (getattr(module, "__file__", None) or "").startswith(self.library)

    def _is_known(self, file: str) -> bool:
        return file.startswith((self.sdk, self.library)) or not file.startswith("/")


def _folder(path: str, levels: int) -> str:
    """The folder so many levels above a path, with its slash."""
    return "/".join(path.split("/")[:-levels]) + "/"


def _handler(module: ModuleType) -> Any:
    handler = getattr(module, "handle", None)
    where = getattr(module, "__file__", module.__name__)
    if handler is None:
        raise HandlerError(
            f"{where} has no handler: write `async def handle(request): ...`, "
            "or `handle = isospin.wsgi(app)` or `isospin.asgi(app)`"
        )
    if not callable(handler):
        raise HandlerError(f"{where}: `handle` is {type(handler).__name__} and cannot be called")
    _check_parameters(where, handler)
    return handler


def _check_parameters(where: str, handler: Any) -> None:
    """A function that cannot take one argument would fail in every request."""
    code = getattr(handler, "__code__", None)
    if code is None:
        return
    takes_more = bool(code.co_flags & 0x04)  # *arguments
    needed = code.co_argcount - len(handler.__defaults__ or ())
    keywords = code.co_kwonlyargcount - len(handler.__kwdefaults__ or ())
    if needed > 1 or keywords > 0 or (code.co_argcount < 1 and not takes_more):
        raise HandlerError(f"{where}, line {code.co_firstlineno}: `handle` must take one argument, the request")


def failure(error: BaseException) -> str:
    """The text for the author: what failed, where in their files, and why."""
    if isinstance(error, (HandlerError, LateImportError)):
        return str(error)
    import traceback

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(("<frozen", _folder(__file__, 1))):
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        trace = None
    return "".join(traceback.format_exception(type(error), error, trace)).rstrip("\n")
