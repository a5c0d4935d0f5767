"""What a component has in the place of files: words for modules and sockets that are
not there, and temporary files in memory."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What looks for a module because of an import; others only ask whether there is one.
IMPORTING = "_find_and_load_unlocked"


class Finder:
    """Comes last of those that look for a module, and says why there is none."""

    def __init__(self, failed: dict[str, str]) -> None:
        self.failed = failed

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if sys._getframe(2).f_code.co_name != IMPORTING:
            return
        why = self.failed.get(name, "import it at the top of a module, so that the component has it")
        raise ModuleNotFoundError(f"No module named {name!r} in the component: {why}", name=name)


def temporary_file(mode: str = "w+b", *_: Any, encoding: Any = None, newline: Any = None, errors: Any = None, **__: Any) -> Any:
    """`tempfile.TemporaryFile`, with which large uploads begin."""
    import io

    file = io.BytesIO()
    return file if "b" in mode else io.TextIOWrapper(file, encoding=encoding, newline=newline, errors=errors)


def look_up(*_: Any, **__: Any) -> Any:
    """`socket.getaddrinfo`, with which connections begin. The interpreter's own would want the
    encoding of names before it says that there is none."""
    raise sys.modules["socket"].gaierror(-4, "a component has no sockets: use `isospin.fetch`")
