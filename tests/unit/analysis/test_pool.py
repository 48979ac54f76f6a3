"""Jobs done by several processes: results with their places, errors as they are, and nobody left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dte_rules.analysis.pool import done


def begin(number: int) -> Callable[[int], int]:
    """Each process adds one number."""
    if number < 0:
        raise ValueError("no such number")

    def job(other: int) -> int:
        if other == 13:
            raise LookupError("thirteen")
        return number + other

    return job


def noted(folder: Path) -> Callable[[float], None]:
    """Each process notes its id, and sleeps for as long as it is told."""
    (folder / str(os.getpid())).touch()
    return time.sleep


def gone(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    return False


def test_each_result_has_the_place_of_its_job() -> None:
    told: list[int] = []
    found = dict(done([5, 6, 7, 8, 9], begin, 10, processes=2, told=told.append))
    assert found == {0: 15, 1: 16, 2: 17, 3: 18, 4: 19}
    assert told == [0, 1, 2, 3, 4]


def test_no_more_processes_than_jobs_and_none_for_no_job(tmp_path: Path) -> None:
    assert list(done([], begin, 1, processes=2)) == []
    assert dict(done([0.0], noted, tmp_path, processes=3)) == {0: None}
    assert len(list(tmp_path.iterdir())) == 1


def test_errors_are_raised_as_they_are(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LookupError, match="thirteen"):
        list(done([1, 13, 2], begin, 10, processes=2))
    with pytest.raises(ValueError, match="no such number"):
        list(done([1, 2], begin, -1, processes=2))
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="processes are looked up otherwise there")
def test_who_has_heard_enough_leaves_no_process_behind(tmp_path: Path) -> None:
    with closing(done([0.0, 600.0, 600.0], noted, tmp_path, processes=2)) as found:
        assert next(found) == (0, None)
    processes = [path.name for path in tmp_path.iterdir()]
    assert processes
    for _ in range(200):
        if all(map(gone, processes)):
            break
        time.sleep(0.05)
    assert all(map(gone, processes))
