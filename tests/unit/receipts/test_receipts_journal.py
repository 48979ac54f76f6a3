"""The journal: tampering is found, what was acknowledged survives a crash, writers take turns."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dte_rules.receipts import Journal, Receipt
from dte_rules.receipts.journal import Anchor, NotAJournal, NotAnAnchor, chained
from dte_rules.receipts.receipt import SCHEMA

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def made(number: int) -> Receipt:
    question = {"region": "r", "decision": "d", "as_of": "2024-01-01", "readings": {}, "case": f"c{number}"}
    body = {"schema": SCHEMA, "engine": {"name": "compiled", "version": "0"}, "pack": {"name": "r", "version": "1", "digest": "0"}}
    return Receipt.made({**body, "question": question, "facts": {"n": number}, "result": {"verdict": "met"}, "conditions": []})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "journal.db"
    with Journal(file, create=True) as journal:
        for number in range(1, 6):
            journal.append([made(number)], NOW)
    return file


def tamper(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path)
    with db:
        for statement in statements:
            db.execute(statement)
    db.close()


def problems(path: Path) -> list[str]:
    with Journal(path) as journal:
        return [problem.en for problem in journal.verify()]


def test_a_sound_journal_verifies(path: Path) -> None:
    with Journal(path) as journal:
        assert journal.verify() == ()
        assert [entry.seq for entry in journal.entries()] == [1, 2, 3, 4, 5]
        assert [Receipt.read(entry.receipt).case for entry in journal.entries()] == ["c1", "c2", "c3", "c4", "c5"]
        assert journal.verify(journal.anchor()) == ()
    tamper(path, "PRAGMA user_version = 0")


def test_several_receipts_are_recorded_together_or_not_at_all(path: Path) -> None:
    def broken() -> object:
        yield made(6)
        raise RuntimeError

    with Journal(path) as journal:
        before = journal.anchor()
        with pytest.raises(RuntimeError):
            journal.append(broken(), NOW)  # type: ignore[arg-type]
        assert journal.anchor() == before
        assert journal.append([made(6), made(7)], NOW).seq == 7
        assert journal.verify(before) == ()


@pytest.mark.parametrize(
    "statements",
    [
        ["DELETE FROM entries WHERE seq = 3"],
        ["DELETE FROM entries WHERE seq = 1"],
        ["DELETE FROM entries WHERE seq = 5"],
        ["DELETE FROM entries"],
        ["DELETE FROM head"],
        ["UPDATE entries SET recorded = '2025-01-02T03:04:05+00:00' WHERE seq = 2"],
        ["UPDATE entries SET receipt = replace(receipt, '\"met\"', '\"not_met\"') WHERE seq = 2"],
        ["UPDATE entries SET receipt = 'nothing' WHERE seq = 4"],
        ["UPDATE entries SET hash = 'x' WHERE seq = 5"],
        [
            "UPDATE entries SET seq = 99 WHERE seq = 2",
            "UPDATE entries SET seq = 2 WHERE seq = 3",
            "UPDATE entries SET seq = 3 WHERE seq = 99",
        ],
        ["DELETE FROM entries WHERE seq = 2", "UPDATE entries SET seq = seq - 1 WHERE seq > 2"],
        ["INSERT INTO entries SELECT 6, recorded, receipt, hash FROM entries WHERE seq = 5"],
        ["UPDATE about SET id = 'other'"],
    ],
)
def test_removed_altered_and_moved_entries_are_found(path: Path, statements: list[str]) -> None:
    tamper(path, *statements)
    assert problems(path)


def test_an_entry_altered_with_its_own_hash_breaks_the_next(path: Path) -> None:
    with Journal(path) as journal:
        first, second = list(journal.entries())[:2]
    forged = made(222).text
    hash_ = chained(first.hash, 2, second.recorded, forged)
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE entries SET receipt = ?, hash = ? WHERE seq = 2", (forged, hash_))
    db.close()
    assert problems(path) == ["entry 3 does not follow from those before it"]


def test_a_cut_off_end_needs_an_anchor(path: Path) -> None:
    """Whoever can write the file can also move its head: only an anchor that was kept elsewhere shows that entries are gone."""
    with Journal(path) as journal:
        anchor = journal.anchor()
        fourth = list(journal.entries())[3]
    tamper(path, "DELETE FROM entries WHERE seq = 5", f"UPDATE head SET seq = 4, hash = '{fourth.hash}'")
    assert problems(path) == []
    with Journal(path) as journal:
        assert [problem.seq for problem in journal.verify(anchor)] == [5]
        journal.append([made(500)], NOW)
        assert [problem.seq for problem in journal.verify(anchor)] == [5]


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Journal(tmp_path / "none.db")
    text = tmp_path / "text.db"
    text.write_text("this is no database at all, but long enough to be read as one" * 20)
    with pytest.raises(NotAJournal):
        Journal(text)
    other = tmp_path / "other.db"
    tamper(other, "CREATE TABLE x (y)")
    for create in (False, True):
        with pytest.raises(NotAJournal):
            Journal(other, create=create)


WRITER = """
import sys
from datetime import UTC, datetime
from tests.unit.receipts.test_receipts_journal import made
from dte_rules.receipts import Journal
with Journal(sys.argv[1], create=True) as journal:
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        end = journal.append([made(number)], datetime.now(UTC))
        print(end.seq, number, flush=True)
"""


def writer(path: Path, first: int, last: int) -> subprocess.Popen[str]:
    home = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(home)}
    command = [sys.executable, "-c", WRITER, str(path), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=home)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_writer_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    acknowledged: dict[int, int] = {}
    for round_ in range(4):
        process = writer(path, round_ * 100000, (round_ + 1) * 100000)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5 + 7 * round_)]
        time.sleep(0.003 * round_)
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read()
        process.wait()
        process.stdout.close()
        for line in (*lines, *rest.splitlines()):
            if len(parts := line.split()) == 2:
                acknowledged[int(parts[0])] = int(parts[1])
    with Journal(path) as journal:
        assert journal.verify() == ()
        kept = {entry.seq: int(str(Receipt.read(entry.receipt).data["facts"]["n"])) for entry in journal.entries()}
    assert len(acknowledged) > 40
    # a killed process may have been cut off in the middle of its last line
    assert {seq: number for seq, number in acknowledged.items() if kept.get(seq) != number} == {}


def test_writers_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    processes = [writer(path, n * 1000, n * 1000 + 25) for n in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()
    with Journal(path) as journal:
        assert journal.verify() == ()
        numbers = [int(str(Receipt.read(entry.receipt).data["facts"]["n"])) for entry in journal.entries()]
    assert sorted(numbers) == sorted(n * 1000 + i for n in range(3) for i in range(25))
    for n in range(3):
        own = [number for number in numbers if number // 1000 == n]
        assert own == sorted(own)


def test_a_missing_end_is_told_and_nothing_is_appended_to_it(path: Path) -> None:
    tamper(path, "DELETE FROM head")
    assert problems(path) == ["the record of the journal's end is missing"]
    with Journal(path) as journal:
        with pytest.raises(NotAJournal):
            journal.append([made(6)], NOW)
        with pytest.raises(NotAJournal):
            journal.anchor()
    tamper(path, "DELETE FROM entries WHERE seq = 3", "UPDATE entries SET seq = -1 WHERE seq = 1")
    assert problems(path)[0] == "entry -1 is out of place"
    assert "entries 1 to 3 are missing" not in problems(path)


def test_one_missing_entry_is_told_as_one(path: Path) -> None:
    tamper(path, "DELETE FROM entries WHERE seq = 3")
    assert problems(path)[0] == "entry 3 is missing"
    tamper(path, "DELETE FROM entries WHERE seq = 4")
    assert problems(path)[0] == "entries 3 to 4 are missing"


def test_a_damaged_page_is_a_finding(path: Path) -> None:
    with Journal(path) as journal:
        journal.append([made(number) for number in range(6, 60)], NOW)
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [root] = [page for name, page in db.execute("SELECT name, rootpage FROM sqlite_schema") if name == "entries"]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    data = bytearray(path.read_bytes())
    data[(root - 1) * size : (root - 1) * size + 200] = b"\x5a" * 200
    path.write_bytes(data)
    assert problems(path) == ["the file is damaged: from entry 1 on it can't be read"]


@pytest.mark.parametrize("text", ["", "[1]", '{"journal": "a", "seq": "3", "hash": "b"}', '{"journal": "a", "seq": true, "hash": "b"}'])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(NotAnAnchor):
        Anchor.read(text)
    assert Anchor.read('{"journal": "a", "seq": 3, "hash": "b"}') == Anchor("a", 3, "b")
