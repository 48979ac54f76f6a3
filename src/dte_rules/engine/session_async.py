"""A session for asyncio: updates are awaited, and the event loop goes on meanwhile.

Everything runs in one thread of the session's own, so the loop is never held up, and durable-rules is only ever driven from there.
Listeners are called in the loop, and may be coroutine functions; they are awaited one after the other, in the order of the changes.
An update that has its turn is done, even where the task that awaits it is cancelled; listeners then hear of it with the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import TracebackType
from typing import Any, Self, TypeVar

from dte_rules.engine.decision import Decision
from dte_rules.engine.session import Session
from dte_rules.engine.session_changes import Change

T = TypeVar("T")
AsyncListener = Callable[[Change], Awaitable[object] | object]


class AsyncSession:
    """A session whose updates are awaited. ``make`` makes the session; it is called in the session's thread.

    Make it by ``LoadedPack.async_session``, use it by ``async with``.
    """

    def __init__(self, make: Callable[[], Session]) -> None:
        self._make = make
        self._session: Session | None = None
        self._thread = ThreadPoolExecutor(1, "dte-session")
        self._listeners: list[tuple[AsyncListener, frozenset[str]]] = []
        self._turn = asyncio.Lock()
        self._untold: deque[Change] = deque()
        self._telling = False

    async def __aenter__(self) -> Self:
        def begin() -> None:
            self._session = self._make()
            self._session.on_change(self._untold.append)

        await self._run(begin)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._run(self._let_go)
        self._thread.shutdown(wait=False)

    async def put(self, path: str, member: Any) -> str:
        """As `Session.put`."""
        return await self._update(lambda session: session.put(path, member))

    async def set(self, path: str, value: Any) -> str:
        """As `Session.set`."""
        return await self._update(lambda session: session.set(path, value))

    async def change(self, handle: str, value: Any) -> None:
        """As `Session.change`."""
        await self._update(lambda session: session.change(handle, value))

    async def retract(self, handle: str) -> None:
        """As `Session.retract`."""
        await self._update(lambda session: session.retract(handle))

    async def advance(self, to: date) -> list[Change]:
        """As `Session.advance`."""
        return await self._update(lambda session: session.advance(to))

    async def decision(self, name: str) -> Decision:
        """As `Session.decision`."""
        async with self._turn:
            return await self._run(lambda: self._own.decision(name))

    async def snapshot(self) -> dict[str, Any]:
        """As `Session.snapshot`."""
        async with self._turn:
            return await self._run(lambda: self._own.snapshot())

    def on_change(self, listener: AsyncListener, *decisions: str) -> Callable[[], None]:
        """As `Session.on_change`; a listener may be a coroutine function."""
        entry = (listener, frozenset(decisions))
        self._listeners.append(entry)

        def end() -> None:
            with contextlib.suppress(ValueError):  # ended before
                self._listeners.remove(entry)

        return end

    @property
    def session(self) -> Session:
        """The session itself, to read what it holds: ``as_of``, ``facts``, ``log``."""
        return self._own

    @property
    def _own(self) -> Session:
        if self._session is None:
            raise RuntimeError("the session is not open; use `async with`")
        return self._session

    def _let_go(self) -> None:
        self._session = None  # in its own thread, where durable-rules' networks are to be deleted

    async def _run(self, act: Callable[[], T]) -> T:
        # shielded: what has its turn is done, even where nobody waits for it any longer
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, act))

    async def _update(self, act: Callable[[Session], T]) -> T:
        async with self._turn:
            result = await self._run(lambda: act(self._own))
        if not self._telling:  # else whoever tells goes on with these
            self._telling = True
            try:
                await self._tell()
            finally:
                self._telling = False
        return result

    async def _tell(self) -> None:
        while self._untold:
            change = self._untold.popleft()
            for listener, decisions in tuple(self._listeners):
                if not decisions or change.decision in decisions:
                    heard = listener(change)
                    if inspect.isawaitable(heard):
                        await heard
