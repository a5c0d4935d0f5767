"""Finds the modules that code imports late: there are no files in a request, so
they are imported at build time.

In the component's own modules an import that fails is an error, unless the code
itself expects that (`try: ... except ImportError`). What packages import late is
imported if it can be: they often name modules that are not needed here.

Only what the interpreter itself holds is used, so that nothing is imported that
the component would not import.
"""

from __future__ import annotations

import sys

import _ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType
    from typing import Any

# The flag of `compile` for a syntax tree, as the module `ast` has it.
ONLY_TREE = 0x400

# What packages import for a developer at a terminal; a component has neither.
INTERACTIVE = frozenset(
    ("code", "doctest", "getpass", "multiprocessing", "pdb", "pydoc", "readline", "unittest", "webbrowser")
)


class LateImportError(ImportError):
    """A module that a function imports cannot be imported."""


# What is imported when an attribute of that name is called, as in `request.json()`.
ATTRIBUTES = {"json": "json", "strptime": "_strptime"}


def preload(
    is_own: Callable[[ModuleType], bool], is_package: Callable[[ModuleType], bool]
) -> tuple[set[str], dict[str, str]]:
    """Imports what the modules that are there import late, and what those do, to the end.

    Gives the names that the component's own modules import, and those that packages could not
    import, with the reasons.
    """
    direct: set[str] = set()
    failed: dict[str, str] = {}
    seen: set[str] = set()
    while found := [name for name in sys.modules if name not in seen]:
        for name in found:
            seen.add(name)
            module = sys.modules.get(name)
            if module is not None and (is_own(module) or is_package(module)):
                late, imports, chains, encodings = _read(module)
                for wanted in late:
                    _import(module, wanted, is_own(module), failed)
                if is_own(module):
                    direct |= imports
                for chain in chains:
                    _find_lazy(chain, vars(module))
                for encoding in encodings:
                    _find_encoding(encoding)
    return direct, failed


def _read(module: ModuleType) -> tuple[list[_Wanted], set[str], set[str], set[str]]:
    """What a module's code imports late, what it imports, what it names with dots, and encodings.

    Its tree is gone when that is imported: what stays would lie between what it leaves behind.
    """
    tree = tree_of(module)
    return list(late_imports(tree)), set(_imports(tree)), set(_chains(tree)), set(_encodings(tree))


def tree_of(module: ModuleType) -> Any:
    """The module's syntax tree; None if it was not made of a source text."""
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    try:
        source = loader.get_source(module.__name__) if loader else None
        return compile(source, module.__name__, "exec", ONLY_TREE) if source else None
    except (AttributeError, ImportError, OSError, SyntaxError, ValueError):
        return None


class _Wanted:
    """An import statement in a function."""

    __slots__ = ("module", "level", "names", "line", "guarded")

    def __init__(self, module: str, level: int, names: list[str], line: int, guarded: bool) -> None:
        self.module = module
        self.level = level
        self.names = names
        self.line = line
        self.guarded = guarded


def _children(node: Any) -> Iterator[Any]:
    for field in node._fields:
        value = getattr(node, field, None)
        for child in value if isinstance(value, list) else (value,):
            if isinstance(child, _ast.AST):
                yield child


def _imports(node: Any) -> Iterator[str]:
    """The names of the modules, and of what may be one, that code below a node imports."""
    if isinstance(node, _ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, _ast.ImportFrom) and node.level == 0 and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif node is not None:
        for child in _children(node):
            yield from _imports(child)


def late_imports(node: Any, inside: bool = False, guarded: bool = False) -> Iterator[_Wanted]:
    """The imports in functions below a node. `inside` a function, `guarded` by `except ImportError`."""
    if node is None:
        return
    if isinstance(node, _ast.Import) and inside:
        for alias in node.names:
            yield _Wanted(alias.name, 0, [], node.lineno, guarded)
    elif isinstance(node, _ast.ImportFrom) and inside:
        yield _Wanted(node.module or "", node.level, [alias.name for alias in node.names], node.lineno, guarded)
    elif isinstance(node, _ast.Attribute) and node.attr in ATTRIBUTES:
        yield _Wanted(ATTRIBUTES[node.attr], 0, [], node.lineno, True)
    elif isinstance(node, _ast.Call) and inside and (name := _imported_by_name(node)):
        module = name.lstrip(".")
        yield _Wanted(module, len(name) - len(module), [], node.lineno, guarded)
    inside = inside or isinstance(node, (_ast.FunctionDef, _ast.AsyncFunctionDef))
    tried = node.body if isinstance(node, _ast.Try) and _expects_failure(node) else ()
    for child in _children(node):
        yield from late_imports(child, inside, guarded or child in tried)


def _imported_by_name(call: Any) -> str | None:
    """The name in `import_module("name")` or `__import__("name")`."""
    function = getattr(call.func, "attr", getattr(call.func, "id", None))
    first = call.args[0] if call.args else None
    if function not in ("import_module", "__import__") or not isinstance(first, _ast.Constant):
        return None
    return first.value if isinstance(first.value, str) else None


def _chains(node: Any) -> Iterator[str]:
    """Names with dots (`anyio.open_file`) below a node."""
    if isinstance(node, _ast.Attribute):
        parts = [node.attr]
        inner = node.value
        while isinstance(inner, _ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, _ast.Name):
            yield ".".join((inner.id, *reversed(parts)))
            return
    if node is not None:
        for child in _children(node):
            yield from _chains(child)


def _find_lazy(chain: str, names: dict[str, Any]) -> None:
    """Asks modules for what code names of them: some packages import it only then."""
    first, *rest = chain.split(".")
    value = names.get(first, sys.modules.get(first))
    for name in rest:
        if not isinstance(value, type(sys)):
            return
        try:
            value = getattr(value, name)
        except Exception:
            return


def _encodings(node: Any) -> Iterator[str]:
    """The encodings that code below a node names: each is a module, imported when it is first used."""
    if node is None:
        return
    if isinstance(node, _ast.Call):
        texts = [keyword.value for keyword in node.keywords if keyword.arg == "encoding"]
        if isinstance(node.func, _ast.Attribute) and node.func.attr in ("encode", "decode"):
            texts += node.args[:1]
        for text in texts:
            if isinstance(text, _ast.Constant) and isinstance(text.value, str):
                yield text.value
    for child in _children(node):
        yield from _encodings(child)


def _find_encoding(name: str) -> None:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        # Not an encoding of text, or no encoding: the code that names it will say so.
        pass


_IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")


def _expects_failure(node: Any) -> bool:
    """Whether a `try` catches an import that fails."""
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, _ast.Tuple) else [handler.type]
        if any(kind is None or getattr(kind, "id", None) in _IMPORT_ERRORS for kind in kinds):
            return True
    return False


def _import(module: ModuleType, wanted: _Wanted, own: bool, failed: dict[str, str]) -> None:
    parts = [part for part in wanted.names if part != "*"]
    if not own and wanted.level == 0 and wanted.module in INTERACTIVE:
        return
    try:
        __import__(wanted.module, vars(module), None, parts or ("__name__",), wanted.level)
    except Exception as error:
        if wanted.level == 0:
            failed[wanted.module] = f"it could not be imported when that was built: {error}"
        if own and not wanted.guarded:
            where = f"{getattr(module, '__file__', module.__name__)}, line {wanted.line}"
            name = "." * wanted.level + wanted.module
            raise LateImportError(f"{where}: a function imports `{name}`, which cannot be imported: {error}") from error
