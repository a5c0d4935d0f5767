"""An event loop for `asyncio` over the world's poll; used where a component imports `asyncio`."""

from __future__ import annotations

import asyncio
from asyncio import events

import _isospin

from . import _loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar

    Result = TypeVar("Result")


class _Selector:
    """What the loop asks for what is ready."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, asyncio.Future[None]]] = []

    def select(self, timeout: float | None) -> list[asyncio.Future[None]]:
        """Waits, at most for `timeout` seconds; gives the futures that are ready."""
        self.waiting = [entry for entry in self.waiting if not entry[1].done()]
        resources = [resource for resource, _ in self.waiting]
        if timeout is None and not resources:
            raise RuntimeError("the handler waits for something that never happens")
        if timeout is not None and timeout <= 0 and not resources:
            return []
        if timeout is not None:
            resources.append(_isospin.timer(max(0, int(timeout * 1e9))))
        indexes = set(_isospin.poll(resources))
        found = [future for index, (_, future) in enumerate(self.waiting) if index in indexes]
        self.waiting = [entry for index, entry in enumerate(self.waiting) if index not in indexes]
        return found

    def close(self) -> None:
        self.waiting.clear()


class Loop(asyncio.BaseEventLoop):
    """The event loop. There are no threads, sockets or processes in a component."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Selector()
        self._kept: set[asyncio.Task[Any]] = set()
        self.lasting: set[asyncio.Task[Any]] = set()
        """Tasks that outlive a request."""

    def ready(self, resource: Any) -> asyncio.Future[None]:
        """Done when something can be read, written or had."""
        future = self.create_future()
        self._selector.waiting.append((resource, future))
        return future

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Keeps a task alive that nobody else refers to."""
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)

    def run_request(self, awaitable: Awaitable[Result]) -> Result:
        """Runs an awaitable to its end, and cancels the tasks that it leaves."""
        try:
            return self.run_until_complete(_loop.as_coroutine(awaitable))
        finally:
            left = asyncio.all_tasks(self) - self.lasting
            for task in left:
                task.cancel()
            if left:
                self.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    # There are no threads: what would run in one runs at once.
    def run_in_executor(self, executor: Any, function: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        from ._log import log_exception

        error = context.get("exception")
        if error is not None:
            log_exception(error)
        else:
            _isospin.log(f"{context.get('message')}\n".encode("utf-8", "backslashreplace"))

    def _process_events(self, found: list[asyncio.Future[None]]) -> None:
        for future in found:
            if not future.done():
                future.set_result(None)

    def _write_to_self(self) -> None:
        """Wakes a loop that waits in another thread; there is none."""


class _Runner(_loop.Runner):
    """Runs coroutines in one loop, which all requests of an instance share."""

    def __init__(self) -> None:
        self.loop = Loop()

    def running(self) -> Any:
        return events._get_running_loop()

    def run(self, awaitable: Awaitable[Result]) -> Result:
        return self.loop.run_request(awaitable)


class _Policy(events._AbstractEventLoopPolicy):
    """Makes `asyncio.run` and the like use our loop."""

    def __init__(self, loop: Loop) -> None:
        self._loop: asyncio.AbstractEventLoop | None = loop

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("there is no current event loop")
        return self._loop

    def set_event_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop = loop

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return Loop()


def install() -> None:
    """Makes all coroutines run in an event loop of `asyncio`."""
    runner = _Runner()
    _loop.runner = runner
    events._set_event_loop_policy(_Policy(runner.loop))
