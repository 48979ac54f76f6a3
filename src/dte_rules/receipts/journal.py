"""A journal of receipts: an SQLite file whose entries are chained by hashes, so that none can be altered, removed or moved unnoticed.

What the chain can't show by itself is that its end was cut off, or that all of it was written anew by somebody who can write the file:
that takes an *anchor*, the number and hash of the last entry, kept somewhere else. With an anchor, everything up to it is sure.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dte_rules.receipts.receipt import BadReceipt, Receipt

FORM = "dte-journal/1"
PATIENCE = 60.0
"""For how many seconds a writer waits for another."""

_TABLES = """
CREATE TABLE about (form TEXT NOT NULL, id TEXT NOT NULL) STRICT;
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    recorded TEXT NOT NULL,
    receipt TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
"""


class NotAJournal(ValueError):
    """A file that is no journal."""


class NotAnAnchor(ValueError):
    """A text that is no anchor."""


@dataclass(frozen=True)
class Entry:
    """A receipt as it stands in the journal: its number from 1, when it was recorded, and the hash that chains it to those before."""

    seq: int
    recorded: str
    receipt: str
    hash: str


@dataclass(frozen=True)
class Anchor:
    """A journal's end at some time: the journal's id, the last entry's number and hash. To be kept elsewhere."""

    journal: str
    seq: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Anchor:
        """The anchor that a text holds, as ``dte journal anchor`` writes it.

        Raises:
            NotAnAnchor: where it holds none.
        """
        try:
            data = json.loads(text)
        except ValueError:
            data = None
        match data:
            case {"journal": str(journal), "seq": int(seq), "hash": str(hash_)} if len(data) == 3 and not isinstance(seq, bool):
                return cls(journal, seq, hash_)
            case _:
                raise NotAnAnchor(text)


@dataclass(frozen=True)
class Problem:
    """Something wrong with a journal: at which entry, and what, in both languages."""

    seq: int | None
    zh: str
    en: str


class Journal:
    """A journal file. Each append is one transaction and is on the disk when it returns; writers, in other processes too, take turns."""

    def __init__(self, path: str | Path, *, create: bool = False) -> None:
        """Opens a journal; with ``create`` a new one is made where there is none.

        Raises:
            FileNotFoundError: where there is none.
            NotAJournal: where the file is something else.
        """
        self.path = Path(path)
        if not create and not self.path.exists():
            raise FileNotFoundError(str(path))
        self._db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        try:
            self._open(create)
        except sqlite3.DatabaseError as error:
            self._db.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise NotAJournal(str(path)) from None
        except BaseException:
            self._db.close()
            raise

    def _open(self, create: bool) -> None:
        if create:
            self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if create:
            with self._writing():
                if not self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    for statement in filter(str.strip, _TABLES.split(";")):
                        self._db.execute(statement)
                    id_ = secrets.token_hex(16)
                    self._db.execute("INSERT INTO about VALUES (?, ?)", (FORM, id_))
                    self._db.execute("INSERT INTO head VALUES (1, 0, ?)", (_start(id_),))
        names = {name for (name,) in self._db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        about = self._db.execute("SELECT form, id FROM about").fetchone() if names >= {"about", "entries", "head"} else None
        if about is None or about[0] != FORM:
            raise NotAJournal(str(self.path))
        self.id: str = about[1]

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, receipts: Iterable[Receipt], recorded: datetime) -> Anchor:
        """Records receipts, all or none; when it returns, they are on the disk. The anchor is the new end.

        Raises:
            NotAJournal: where the record of its end is missing: nothing can be chained to it.
        """
        when = recorded.isoformat(timespec="seconds")
        with self._writing():
            seq, last = self._end()
            for receipt in receipts:
                seq += 1
                last = chained(last, seq, when, receipt.text)
                self._db.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", (seq, when, receipt.text, last))
            self._db.execute("UPDATE head SET seq = ?, hash = ?", (seq, last))
        return Anchor(self.id, seq, last)

    def entries(self) -> Iterator[Entry]:
        """The entries, in their order."""
        for row in self._db.execute("SELECT seq, recorded, receipt, hash FROM entries ORDER BY seq"):
            yield Entry(*row)

    def anchor(self) -> Anchor:
        """The journal's end as it is now.

        Raises:
            NotAJournal: where the record of its end is missing.
        """
        return Anchor(self.id, *self._end())

    def _end(self) -> tuple[int, str]:
        found = self._db.execute("SELECT seq, hash FROM head").fetchone()
        if found is None:
            raise NotAJournal(str(self.path))
        return found[0], found[1]

    def verify(self, anchor: Anchor | None = None) -> tuple[Problem, ...]:
        """What is wrong with the journal; with an anchor, also whether all that it stands for is still there."""
        return tuple(self._problems(anchor))

    def _problems(self, anchor: Anchor | None) -> Iterator[Problem]:
        last, expected = _start(self.id), 1
        seen: dict[int, str] = {0: last}
        self._db.execute("BEGIN")  # one state of the file, whatever is appended meanwhile
        try:
            head = self._db.execute("SELECT seq, hash FROM head").fetchone()
            for seq, recorded, receipt, hash_ in self._db.execute("SELECT seq, recorded, receipt, hash FROM entries ORDER BY seq"):
                if seq < expected:
                    yield Problem(seq, f"第 {seq} 条不在其位", f"entry {seq} is out of place")
                elif seq == expected + 1:
                    yield Problem(expected, f"缺少第 {expected} 条", f"entry {expected} is missing")
                elif seq != expected:
                    yield Problem(expected, f"缺少第 {expected} 至 {seq - 1} 条", f"entries {expected} to {seq - 1} are missing")
                if chained(last, seq, recorded, receipt) != hash_:
                    yield Problem(seq, f"第 {seq} 条与前文不相接", f"entry {seq} does not follow from those before it")
                try:
                    Receipt.read(receipt)
                except BadReceipt as bad:
                    yield Problem(seq, f"第 {seq} 条：{bad.zh}", f"entry {seq}: {bad.en}")
                last, expected = hash_, max(expected, seq + 1)
                if anchor is not None and seq == anchor.seq:
                    seen[seq] = hash_
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, or not to be read at all: says nothing of what stands in it
                raise
            yield Problem(
                expected, f"文件已损坏，第 {expected} 条起无法读取", f"the file is damaged: from entry {expected} on it can't be read"
            )
            return
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        if head is None:
            yield Problem(None, "缺少末端记录", "the record of the journal's end is missing")
        elif (expected - 1, last) != tuple(head):
            yield Problem(None, "末条与记录的末端不符", "the last entry is not the one that the journal names as its end")
        if anchor is not None:
            if anchor.journal != self.id:
                yield Problem(None, "锚点属于另一日志", "the anchor is another journal's")
            elif anchor.seq not in seen:
                yield Problem(anchor.seq, f"锚点所指的第 {anchor.seq} 条已不在", f"entry {anchor.seq}, where the anchor stands, is gone")
            elif seen[anchor.seq] != anchor.hash:
                yield Problem(anchor.seq, f"第 {anchor.seq} 条与锚点不符", f"entry {anchor.seq} is not the one that the anchor stands for")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def chained(previous: str, seq: int, recorded: str, receipt: str) -> str:
    """The hash of an entry, over the hash before it and all that it says."""
    return hashlib.sha256(f"{FORM}\n{previous}\n{seq}\n{recorded}\n{receipt}".encode()).hexdigest()


def _start(id_: str) -> str:
    return hashlib.sha256(f"{FORM}\n{id_}".encode()).hexdigest()
