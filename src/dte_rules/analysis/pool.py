"""Jobs done by several processes: each is told once what all jobs need, then does one job after the other.

Processes are spawned, never forked, so that none has another's threads or the solver's state. What goes to a process and comes back
is pickled: plain results, no terms of the solver. `begin` is a function of a module; it is called once in each process and returns
what does a job::

    def begin(work: Work) -> Callable[[Job], Result]: ...

    with closing(done(jobs, begin, work, processes=2)) as results:
        for index, result in results:
            ...

Ctrl-C, an error, or closing the results ends the processes at once, and so does the end of this one, whatever brought it about.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from dte_rules.workers import end_with_parent

Work = TypeVar("Work")
Job = TypeVar("Job")
Result = TypeVar("Result")


def done(
    jobs: Iterable[Job],
    begin: Callable[[Work], Callable[[Job], Result]],
    work: Work,
    *,
    processes: int,
    told: Callable[[int], None] | None = None,
) -> Generator[tuple[int, Result], None, None]:
    """The results as they come, each with the place of its job; jobs are begun in their order, the longest had better be first.

    ``told`` hears the place of each job that is begun. No more processes are started than there are jobs.

    Raises:
        Exception: what ``begin`` or a job raised; it has to be one that can be pickled.
    """
    waiting: dict[Future[Result], int] = {}
    left = enumerate(jobs)
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_start, initargs=(begin, work))

    def submit() -> None:
        for place, job in left:
            if told is not None:
                told(place)
            waiting[pool.submit(_do, job)] = place
            return

    try:
        with _held_back():
            for _ in range(processes):
                submit()
        while waiting:
            # another job only when one is done: a place that is told is one that is worked on
            finished = [(waiting.pop(future), future) for future in wait(waiting, return_when=FIRST_COMPLETED).done]
            for _ in finished:
                submit()
            for place, future in finished:
                yield place, future.result()
    except BaseException:
        # nobody waits for what they are still at; a process that was not ready for Ctrl-C would go on for minutes
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _held_back() -> Iterator[None]:
    """Ctrl-C waits meanwhile; in processes started within, until they are ready to end quietly instead of complaining amid an import."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a process of its own ---

_here: list[Callable[[Any], Any]] = []
"""What does a job; set once, by `_start`, in a process that does nothing else."""


def _start(begin: Callable[[Any], Callable[[Any], Any]], work: Any) -> None:
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # Ctrl-C reaches every process; only the first has anything to say
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    end_with_parent()
    try:
        _here[:] = [begin(work)]
    except Exception as error:
        _here[:] = [_raiser(error)]  # raised here, it would be printed, and the first process would hear only of a broken pool


def _raiser(error: Exception) -> Callable[[Any], Any]:
    def job(_: Any) -> Any:
        raise error

    return job


def _do(job: Any) -> Any:
    return _here[0](job)
