"""The smallest changes that turn a verdict: fewest facts first, then the nearest values; each is verified by deciding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import Any, Literal

from pydantic import BaseModel

from dte_rules.advice.inquiry import Inquiry
from dte_rules.advice.nearest import nearest_day, nearest_value, trimmed
from dte_rules.advice.paths import Plain, changed, plain
from dte_rules.advice.view import DAY
from dte_rules.advice.ways import Candidates, Ways, as_data
from dte_rules.engine.face import outcome
from dte_rules.engine.verdict import Verdict
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.vocabulary.meaning import Mutable

ChangeKind = Literal["value", "supplied", "added", "day"]
MOST_FACTS = 3
"""How many facts change at most."""
MOST_TRIES = 400
"""How many combinations of values are tried for one set of facts."""
MOST_FLIPS = 40
GRANTING: tuple[Verdict, ...] = ("met", "discretionary")
OPPOSITE: Mapping[Verdict, tuple[Verdict, ...]] = {
    "met": ("not_met",),
    "discretionary": ("not_met",),
    "not_met": GRANTING,
    "undetermined": GRANTING,
}
_ORDER: tuple[Mutable, ...] = ("person", "time", "fixed")


@dataclass(frozen=True)
class Change:
    """One fact with another value.

    ``value``: another value in the place of a known one; ``supplied``: a value for an unknown one; ``added``: ``after`` is a new
    member of the list at ``path``, of which only the fields that matter are given; ``day``: another day asked about.
    """

    path: str
    kind: ChangeKind
    before: Any
    after: Any
    mutable: Mutable

    @property
    def difference(self) -> Any:
        """How far the values lie apart: a Decimal or a number of days; None where that says nothing."""
        if isinstance(self.before, Decimal) and isinstance(self.after, Decimal):
            return self.after - self.before
        if isinstance(self.before, date) and isinstance(self.after, date):
            return (self.after - self.before).days
        return None


@dataclass(frozen=True)
class Flip:
    """Changes that together turn the verdict, none of them to spare, and what they lead to. ``who`` can bring them about."""

    changes: tuple[Change, ...]
    verdict: Verdict
    amount: Decimal | None
    effect: str | None
    who: Mutable


@dataclass(frozen=True)
class WhatIf:
    """The changes found, the smallest first, and what was looked for."""

    region: str
    decision: str
    as_of: date
    verdict: Verdict
    wanted: tuple[Verdict, ...]
    flips: tuple[Flip, ...]

    def of(self, who: Mutable) -> tuple[Flip, ...]:
        """Those that the person, or time, or nobody can bring about."""
        return tuple(flip for flip in self.flips if flip.who == who)


def what_if(inquiry: Inquiry, facts: BaseModel, as_of: date, wanted: Sequence[Verdict] | None = None) -> WhatIf:
    """What would change the verdict; the facts are closed under their implications.

    Looked at are other values of the facts that the rules read, another day within four years, and one more member of each list,
    up to three at a time. Values are those that the rules' constants, the facts and the day suggest; then each number, day and
    date is moved to the nearest that still turns the verdict. Of sets of facts only those are given of which no part will do.
    """
    verdict = inquiry.run(facts, as_of).verdict
    targets = tuple(wanted) if wanted is not None else OPPOSITE[verdict]
    flips = () if verdict in targets else tuple(_Search(inquiry, facts, as_of, targets).flips())
    if wanted is None and verdict == "discretionary":
        # where no authority decides, and only a usual requirement fails, it is of more use how to meet that
        better = tuple(_Search(inquiry, facts, as_of, ("met",)).flips())
        flips, targets = (better + flips, ("met", *targets)) if better else (flips, targets)
    return WhatIf(inquiry.program.name, inquiry.decision, as_of, verdict, targets, flips)


class _Search:
    def __init__(self, inquiry: Inquiry, facts: BaseModel, as_of: date, targets: tuple[Verdict, ...]) -> None:
        self.inquiry, self.facts, self.as_of, self.targets = inquiry, facts, as_of, targets
        self.data: Plain = plain(facts)
        self.candidates = Candidates(inquiry, inquiry.plan(as_of), facts, as_of)
        self._outcomes: dict[str, bool] = {}

    def flips(self) -> Iterator[Flip]:
        """The flips, the smallest first."""
        found: dict[frozenset[str], dict[str, Any]] = {}
        for changes in self._proposals():
            names = frozenset(changes)
            if len(names) > MOST_FACTS or any(smaller <= names for smaller in found):
                continue
            reached = self._turning(changes)
            if reached is not None and not any(smaller <= names for smaller in found):
                found = {other: value for other, value in found.items() if not names < other}
                found[names] = reached
        exact = [self._flip(self._exact(changes)) for changes in found.values()]
        exact.sort(key=lambda flip: (len(flip.changes), _ORDER.index(flip.who), *map(_distance, flip.changes)))
        yield from exact[:MOST_FLIPS]

    def _proposals(self) -> Iterator[Mapping[str, Any]]:
        """Changes to try: each fact by itself, then what the structure of the conditions suggests, the smallest first."""
        ways = Ways(self.inquiry, self.candidates)
        found = ways.granting(soft=self.targets == ("met",)) if self._grants else ways.refusal()
        proposals = [] if self.inquiry.plan(self.as_of).absent else [*found]
        for slot in self.inquiry.plan(self.as_of).decision.slots:
            ways.view.lookup(slot)
        for name in dict.fromkeys([DAY, *ways.view.read]):
            value = self._alone(name)
            if value is not None:
                yield {name: value}
        yield from (support for support in sorted(proposals, key=len) if support)

    @property
    def _grants(self) -> bool:
        return self.targets != ("not_met",)

    def _alone(self, name: str) -> Any:
        """A value that turns the verdict by itself; None where none was found."""
        if name == DAY:
            return nearest_day(self.as_of, lambda day: self.turns({DAY: day}))
        return next((value for value in self.candidates.of(name) if self.turns({name: value})), None)

    def _turning(self, changes: Mapping[str, Any]) -> dict[str, Any] | None:
        """Values for these facts, or for a part of them, that turn the verdict; those proposed are tried first."""
        if self.turns(changes):
            for size in range(1, len(changes)):
                for part in combinations(changes, size):
                    if self.turns(smaller := {name: changes[name] for name in part}):
                        return smaller
            return dict(changes)
        names = sorted(changes)
        columns = [(changes[name], *(value for value in self.candidates.of(name) if value is not changes[name])) for name in names]
        for tried, values in enumerate(product(*columns)):
            if tried >= MOST_TRIES:
                return None
            if self.turns(other := dict(zip(names, values, strict=True))):
                return other
        return None

    def turns(self, changes: Mapping[str, Any]) -> bool:
        """Whether the changes turn the verdict; changes that the vocabulary refuses do not."""
        try:
            return self._reached(changes)[0] in self.targets
        except DiagnosticsError:
            return False

    def _reached(self, changes: Mapping[str, Any]) -> tuple[Any, Any, Any]:
        day = changes.get(DAY, self.as_of)
        new = {path: as_data(value) for path, value in changes.items() if path != DAY}
        facts = self.inquiry.facts(changed(self.data, new)) if new else self.facts
        return outcome(self.inquiry.plan(day).decision, self.inquiry.run(facts, day))

    def _exact(self, changes: dict[str, Any]) -> dict[str, Any]:
        """The changes with each value moved to the nearest that still turns the verdict, the others held."""
        found = dict(changes)
        for _ in range(2):  # a value may let another come nearer
            for name in sorted(found):
                rest = {other: value for other, value in found.items() if other != name}

                def turns(value: Any, name: str = name, rest: Mapping[str, Any] = rest) -> bool:
                    return self.turns({**rest, name: value})

                now, value = self.candidates.current(name), found[name]
                if name == DAY:
                    found[name] = nearest_day(self.as_of, turns) or value
                elif isinstance(value, tuple):
                    found[name] = trimmed(value, self.as_of, turns)
                elif now is not None and isinstance(value, (Decimal, date)):
                    found[name] = nearest_value(now, (value, *self.candidates.of(name)), turns, self._step)
                elif isinstance(value, (Decimal, date)):
                    found[name] = value
        return found

    @property
    def _applied_for(self) -> bool:
        """Whether the day is one on which somebody applies for what is wanted: of a duty or a prohibition it is the day of a check."""
        modality = self.inquiry.program.decisions[self.inquiry.decision].modality
        return self._grants and modality in ("entitlement", "discretion")

    @property
    def _step(self) -> Decimal:
        """The smallest decimal place in use."""
        return min((Decimal((0, (1,), min(0, _exponent(n)))) for n in self.candidates.suppositions.numbers), default=Decimal(1))

    def _flip(self, changes: Mapping[str, Any]) -> Flip:
        verdict, amount, effect = self._reached(changes)
        made = tuple(self._change(path, value) for path, value in sorted(changes.items(), key=lambda item: item[0] != DAY))
        return Flip(made, verdict, amount, effect, max((change.mutable for change in made), key=_ORDER.index))

    def _change(self, path: str, value: Any) -> Change:
        before = self.candidates.current(path)
        if path == DAY:
            return Change(path, "day", before, value, "time" if value > self.as_of else "person" if self._applied_for else "fixed")
        mutable = self.inquiry.vocabulary.mutable(path)
        if isinstance(value, tuple):
            return Change(path, "added", None, as_data(value[-1]), mutable)
        return Change(path, "supplied" if before is None else "value", before, value, mutable)


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _distance(change: Change) -> tuple[int, Any]:
    difference = change.difference
    return (0, abs(Decimal(difference))) if difference is not None else (1, Decimal(0))
