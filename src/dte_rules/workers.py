"""What processes that work for another one have in common."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from threading import Thread


def cores(most: int) -> int:
    """How many processes can work at once on this machine, but no more than ``most``."""
    affinity = getattr(os, "sched_getaffinity", None)
    return min(len(affinity(0)) if affinity is not None else os.cpu_count() or 1, most)


def end_with_parent() -> None:
    """Lets this process end when the one that started it does, whatever brought that about: nobody waits for its work any more."""
    Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(130)
