"""A session for asyncio: updates are awaited, and the event loop goes on meanwhile.

Everything runs in one thread of the session's own, so the loop is never held up, and durable-rules is only ever driven from there.
Listeners are called in the loop, and may be coroutine functions; they are awaited one after the other, in the order of the changes.
An update that has its turn is done, even where the task that awaits it is cancelled; listeners then hear of it with the next, or when
the session ends. An exception of a listener comes out when all have heard everything.
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
Entry = tuple[AsyncListener, frozenset[str]]
"""A listener, and the decisions of which it hears; of all, where there are none."""


class AsyncSession:
    """A session whose updates are awaited. ``make`` makes the session; it is called in the session's thread.

    Make it by ``LoadedPack.async_session``, use it by ``async with``.
    """

    def __init__(self, make: Callable[[], Session]) -> None:
        self._make = make
        self._session: Session | None = None
        self._thread = ThreadPoolExecutor(1, "dte-session")
        self._listeners: list[Entry] = []
        self._turns: deque[tuple[Entry, Change]] = deque()
        """Who is still to hear of the change that is being told."""
        self._turn = asyncio.Lock()
        self._untold: deque[Change] = deque()
        self._telling = False

    async def __aenter__(self) -> Self:
        def begin() -> None:
            session = self._make()
            for _, decisions in self._listeners:
                session.check_followed(decisions)
            session.on_change(self._untold.append)
            self._session = session

        await self._run(begin)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            await self._run(_nothing)  # an update whose task was cancelled may still be at work
            await self._tell()
        finally:
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
        """As `Session.on_change`; a listener may be a coroutine function.

        Before the session is open the decisions can't be looked up; `async with` then raises KeyError for one that it does not follow.
        """
        if self._session is not None:
            self._session.check_followed(decisions)
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
        await self._tell()
        return result

    async def _tell(self) -> None:
        """Calls the listeners; the first exception of one is raised when all have heard everything."""
        if self._telling:  # whoever tells goes on with what there is now
            return
        self._telling = True
        raised: Exception | None = None
        try:
            while self._untold or self._turns:
                if not self._turns:
                    change = self._untold.popleft()
                    self._turns.extend((entry, change) for entry in self._listeners if not entry[1] or change.decision in entry[1])
                    continue
                entry, change = self._turns.popleft()  # the others keep their turns, where this one is cancelled
                if entry in self._listeners:
                    try:
                        heard = entry[0](change)
                        if inspect.isawaitable(heard):
                            await heard
                    except Exception as error:
                        raised = raised or error
        finally:
            self._telling = False
        if raised is not None:
            raised.add_note("a listener raised this; the update stands")
            raise raised


def _nothing() -> None:
    """Done when everything before it is."""
