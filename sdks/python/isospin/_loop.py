"""Runs coroutines, and waits for what they wait for.

Without `asyncio` this is all: coroutines yield what the world's poll takes.
Where a component imports `asyncio`, `_asyncio` puts its event loop in `runner`.
"""

from __future__ import annotations

from types import coroutine

import _isospin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Generator
    from typing import Any, TypeVar

    Result = TypeVar("Result")


class _Spawn:
    """What a coroutine yields to have another run beside it."""

    __slots__ = ("coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self.coroutine = coroutine


class Runner:
    """Runs coroutines without `asyncio`."""

    def running(self) -> Any:
        """The event loop of `asyncio` that runs now; None if there is none."""
        return None

    def run(self, awaitable: Awaitable[Result]) -> Result:
        return drive(awaitable)


runner = Runner()


def run(awaitable: Awaitable[Result]) -> Result:
    """Waits for an awaitable in a plain `def`: `answer = isospin.run(isospin.fetch(url))`.

    In an `async def` use `await`.
    """
    return runner.run(awaitable)


@coroutine
def ready(resource: Any) -> Generator[Any, None, None]:
    """Waits until something can be read, written or had."""
    loop = runner.running()
    if loop is None:
        yield resource
    else:
        yield from loop.ready(resource).__await__()


@coroutine
def spawn(work: Coroutine[Any, Any, None]) -> Generator[Any, None, None]:
    """Runs a coroutine, which must not raise, beside those that wait."""
    loop = runner.running()
    if loop is None:
        yield _Spawn(work)
    else:
        loop.keep(loop.create_task(work))


async def _result(awaitable: Awaitable[Result]) -> Result:
    return await awaitable


def as_coroutine(awaitable: Awaitable[Result]) -> Any:
    """What can be resumed with `send`."""
    return awaitable if hasattr(awaitable, "send") else _result(awaitable)


def drive(awaitable: Awaitable[Result]) -> Result:
    """Runs an awaitable to its end; what it spawned and is not done then is given up."""
    main = as_coroutine(awaitable)
    active: list[Any] = [main]
    waiting: list[tuple[Any, Any]] = []
    try:
        while True:
            # What is spawned is appended, and has its turn in this round.
            for task in active:
                try:
                    _advance(task, active, waiting)
                except StopIteration as stop:
                    if task is main:
                        return stop.value
            active.clear()
            _wait(active, waiting)
    finally:
        for task in [*active, *(task for _, task in waiting)]:
            if task is not main:
                task.close()


def _advance(task: Any, active: list[Any], waiting: list[tuple[Any, Any]]) -> None:
    """Runs a task until it waits or ends."""
    while True:
        wanted = task.send(None)
        if type(wanted) is _Spawn:
            active.append(wanted.coroutine)
        elif wanted is not None:
            waiting.append((wanted, task))
            return


def _wait(active: list[Any], waiting: list[tuple[Any, Any]]) -> None:
    """Moves those that are ready from `waiting` to `active`, in the order in which they began to wait."""
    if not waiting:
        raise RuntimeError("the handler waits for something that never happens")
    indexes = set(_isospin.poll([wanted for wanted, _ in waiting]))
    active.extend(task for index, (_, task) in enumerate(waiting) if index in indexes)
    waiting[:] = [entry for index, entry in enumerate(waiting) if index not in indexes]
