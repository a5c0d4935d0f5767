"""What modules of the standard library import late, or by names that they put together.

A late import of the library is followed where the component's own code imports the module
that does it: all of them together would make each component as large as the library.
"""

from __future__ import annotations

import sys

from ._absent import Finder, look_up, temporary_file
from ._preload import INTERACTIVE, late_imports, tree_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

# Large, and imported late for what a handler does not do.
LARGE = INTERACTIVE | {"argparse", "asyncio", "ctypes", "optparse", "platform", "ssl", "subprocess", "tkinter"}

# Modules, and what is imported when they are first used.
WITH = {
    "importlib.resources": ("importlib.resources._adapters", "importlib.readers"),
    "encodings.idna": ("encodings.punycode",),
}


class PasswordFinder:
    """Comes first of those that look for a module, and adds to `hashlib` when that is imported."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "hashlib":
            return None
        sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = _PasswordLoader(spec.loader)
                return spec
        return None


class _PasswordLoader:
    def __init__(self, loader: Any) -> None:
        self.loader = loader

    def create_module(self, spec: Any) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        from ._passwords import pbkdf2_hmac, scrypt

        # Nobody need know that it was another one.
        module.__loader__ = module.__spec__.loader = self.loader
        self.loader.exec_module(module)
        vars(module).update(pbkdf2_hmac=pbkdf2_hmac, scrypt=scrypt)


def complete(is_library: Callable[[ModuleType], bool], direct: set[str], failed: dict[str, str]) -> None:
    """Imports what the library needs later. `direct` are names that the component's own code
    imports, `failed` those that could not be imported, with the reasons."""
    for name, module in sorted(sys.modules.items()):
        wanted = any(name == first or name.startswith(first + ".") for first in direct)
        if wanted and is_library(module) and name.partition(".")[0] not in LARGE:
            _follow(module)
    if "zoneinfo" in sys.modules:
        _import("importlib.resources")
        _import_zones("tzdata")
    for name, others in WITH.items():
        if name in sys.modules:
            for other in others:
                _import(other)
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].TemporaryFile = temporary_file
    if "socket" in sys.modules:
        sys.modules["socket"].getaddrinfo = look_up
    sys.meta_path.append(Finder(failed))


def _follow(module: ModuleType) -> None:
    for wanted in list(late_imports(tree_of(module))):
        if wanted.module.partition(".")[0] not in LARGE:
            try:
                __import__(wanted.module, vars(module), None, wanted.names or ("__name__",), wanted.level)
            except Exception:
                pass


def _import(name: str) -> None:
    try:
        __import__(name)
    except ImportError:
        pass


def _import_zones(package: str) -> None:
    """The folders of the package `tzdata` are packages, which `zoneinfo` imports by their names."""
    import posix

    _import(package)
    folders = getattr(sys.modules.get(package), "__path__", ())
    for folder in folders:
        for name in sorted(posix.listdir(folder)):
            if "." not in name and "-" not in name and name != "__pycache__":
                try:
                    is_package = "__init__.py" in posix.listdir(f"{folder}/{name}")
                except OSError:
                    continue
                if is_package:
                    _import_zones(f"{package}.{name}")
