"""Repeats what receipts say: with the same pack the result must be the same, byte for byte; with another, it tells what changed and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dte_rules.receipts.canonical import canonical
from dte_rules.receipts.receipt import Data, Receipt

Status = Literal["same", "differs", "changed", "unchanged", "withheld", "wrong_facts", "refused"]
"""``same``, ``differs``: against the very pack. ``unchanged``, ``changed``: against another version of it. ``withheld``: personal data was
replaced and the original facts were not given; ``wrong_facts``: those given are not the original ones. ``refused``: the question
or the facts are no longer accepted."""
FINDINGS: frozenset[Status] = frozenset(["differs", "changed", "wrong_facts", "refused"])
PARTS = (
    "verdict",
    "amount",
    "effect",
    "dates",
    "values",
    "failed",
    "missing",
    "missing_sets",
    "flags",
    "alternatives",
    "citations",
    "readings",
)


@dataclass(frozen=True)
class FieldDifference:
    """A field of the result that differs."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ConditionDifference:
    """A condition that came out differently, is new, is gone, or rests on other clauses; None: unknown, "" as ``was``: not there."""

    id: str
    change: Literal["turned", "new", "gone", "cited"]
    before: bool | None
    after: bool | None
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Replayed:
    """What came of repeating a receipt."""

    receipt: Receipt
    status: Status
    fields: tuple[FieldDifference, ...] = ()
    conditions: tuple[ConditionDifference, ...] = ()
    pack: tuple[str, str] = ("", "")
    """Version and digest of the pack that repeated it."""
    engine: str = ""
    """The version of dte-rules that repeated it."""
    message: str = ""

    @property
    def found(self) -> bool:
        """Whether something differs."""
        return self.status in FINDINGS


def replay(receipt: Receipt, again: Callable[[Receipt], Receipt]) -> Replayed:
    """Repeats a receipt; ``again`` makes the receipt of the same question anew."""
    new = again(receipt)
    old_pack, new_pack = receipt.data["pack"], new.data["pack"]
    same_pack = old_pack["digest"] == new_pack["digest"]
    fields = tuple(
        FieldDifference(name, receipt.data["result"].get(name), new.data["result"].get(name))
        for name in sorted(receipt.data["result"], key=_order)  # what an older engine did not tell can't be compared
        if canonical(receipt.data["result"].get(name)) != canonical(new.data["result"].get(name))
    )
    conditions = tuple(_conditions(receipt.data["conditions"], new.data["conditions"]))
    status: Status
    if same_pack:
        status = "differs" if fields or conditions else "same"
    else:
        status = "changed" if fields or any(each.change != "cited" for each in conditions) else "unchanged"
    version = str(new.data["engine"]["version"])
    return Replayed(receipt, status, fields, conditions, (str(new_pack["version"]), str(new_pack["digest"])), version)


def _conditions(old: list[Data], new: list[Data]) -> list[ConditionDifference]:
    before: Mapping[str, Data] = {each["id"]: each for each in old}
    after: Mapping[str, Data] = {each["id"]: each for each in new}
    found: list[ConditionDifference] = []
    for id_ in dict.fromkeys([*after, *before]):
        a, b = before.get(id_), after.get(id_)
        if a is None and b is not None:
            found.append(ConditionDifference(id_, "new", None, b["holds"], tuple(b["cites"])))
        elif b is None and a is not None:
            found.append(ConditionDifference(id_, "gone", a["holds"], None, tuple(a["cites"])))
        elif a is not None and b is not None and a["holds"] is not b["holds"]:
            found.append(ConditionDifference(id_, "turned", a["holds"], b["holds"], tuple(b["cites"])))
        elif a is not None and b is not None and a["cites"] != b["cites"]:
            found.append(ConditionDifference(id_, "cited", a["holds"], b["holds"], tuple(b["cites"])))
    return found


def _order(name: str) -> tuple[int, str]:
    return (PARTS.index(name) if name in PARTS else len(PARTS), name)
