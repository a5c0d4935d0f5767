"""The log: `print`, `logging` and tracebacks end up in the host's stderr."""

from __future__ import annotations

import io
import sys

import _isospin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Failures of failures are told, but not for ever: they may refer to one another in a circle.
CAUSES = 8


class _Raw(io.RawIOBase):
    """Where text streams write."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        data = bytes(data)
        _isospin.log(data)
        return len(data)


def open_streams() -> None:
    """Makes `sys.stdout` and `sys.stderr` write lines to the log."""
    for name in ("stdout", "stderr"):
        buffer = io.BufferedWriter(_Raw())
        stream = io.TextIOWrapper(buffer, "utf-8", "backslashreplace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def flush() -> None:
    """Sends what is left of lines that have not ended."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def log_exception(error: BaseException) -> None:
    """Writes an exception with its traceback and causes."""
    flush()
    lines: list[str] = []
    _describe(error, lines, 0)
    _isospin.log("\n".join([*lines, ""]).encode("utf-8", "backslashreplace"))


# Frames that say nothing to the author of a handler.
_OURS = (__file__.rpartition("/")[0] + "/", "<frozen ")


def _describe(error: BaseException, lines: list[str], depth: int) -> None:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and depth < CAUSES:
        _describe(cause, lines, depth + 1)
        how = "was the direct cause of" if error.__cause__ else "was being handled when"
        lines.append(f"\nThe above exception {how} the following exception" + ("" if error.__cause__ else " occurred"))
        lines[-1] += ":\n"
    lines.append("Traceback (most recent call last):")
    lines.extend(_frames(error.__traceback__))
    lines.append(_last_line(error))
    lines.extend(str(note) for note in getattr(error, "__notes__", ()))
    if isinstance(error, BaseExceptionGroup) and depth < CAUSES:
        for number, inner in enumerate(error.exceptions, 1):
            lines.append(f"---------------- {number} ----------------")
            _describe(inner, lines, depth + 1)


def _frames(trace: Any) -> list[str]:
    """The frames but our own, repeats told once."""
    lines: list[str] = []
    repeats = 0
    while trace is not None:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(_OURS):
            line = f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_qualname}'
            if lines and line == lines[-1]:
                repeats += 1
            else:
                _tell_repeats(lines, repeats)
                repeats = 0
                lines.append(line)
        trace = trace.tb_next
    _tell_repeats(lines, repeats)
    return lines


def _tell_repeats(lines: list[str], repeats: int) -> None:
    if repeats:
        lines.append(f"  [Previous line repeated {repeats} more times]")


def _last_line(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    try:
        text = str(error)
    except Exception:
        text = "<exception str() failed>"
    return f"{name}: {text}" if text else name
