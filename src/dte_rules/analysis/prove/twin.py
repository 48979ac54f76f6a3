"""The facts of somebody who is like another person but for some facts: what is the same has the same symbols."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from dte_rules.analysis.days import Day, day_of
from dte_rules.analysis.logic import Bit, Int, conj, disj, equal, iff, implies, neg
from dte_rules.analysis.numbers import Num, num_at_most
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.analysis.space import Leaf, Space
from dte_rules.analysis.values import Entry, Listing, Ordered, Text, Truth, Value
from dte_rules.feel.types import Enum, ListOf, Record, Type

_POSITION = re.compile(r"\[\d+\]")


@dataclass
class Twin(Space):
    """A space on top of another: ``loose`` paths have symbols of their own, everything else is the other's.

    ``rising`` ones have too, and are at least the other's; ``growing`` lists have the other's members and perhaps more. With
    ``knowing``, every fact has the other's value and may be known where the other's is not.
    """

    base: Space = field(kw_only=True)
    loose: frozenset[str] = frozenset()
    rising: frozenset[str] = frozenset()
    growing: frozenset[str] = frozenset()
    knowing: bool = False

    @classmethod
    def on(
        cls,
        base: Space,
        name: str,
        *,
        loose: Iterable[str] = (),
        rising: Iterable[str] = (),
        growing: Iterable[str] = (),
        knowing: bool = False,
        days: tuple[date, date] | None = None,
    ) -> Twin:
        """A twin of a person; ``days`` are the first and the last of its own days, None where it is asked for the same day."""
        made = cls(
            base.types,
            base.pool,
            base.horizon,
            base.vocabularies,
            f"{name}:",
            base.long_ago,
            base.as_of,
            base.define,
            base=base,
            loose=frozenset(loose),
            rising=frozenset(rising),
            growing=frozenset(growing),
            knowing=knowing,
        )
        if days is not None:
            made.as_of = day_of(days[0]) if days[0] == days[1] else made._symbolic_day("as_of", *days)
            if "as_of" in made.rising:
                made.require(made.as_of.key >= base.as_of.key)
        return made

    def at(self, path: str, type_: Type, parent: str) -> Value:
        """The value of a path: the other's, or one of its own."""
        if isinstance(type_, Record):
            return super().at(path, type_, parent)
        theirs = self.base.at(path, type_, parent)
        if self.knowing or self._is_among(self.loose, path):
            return super().at(path, type_, parent)
        if self._is_among(self.rising, path):
            known = path in self.leaves
            found = super().at(path, type_, parent)
            if not known:
                self._raise(path)
            return found
        if isinstance(type_, ListOf):
            return self._longer(path, type_) if self._plainly(path) in self.growing else self._shared_list(path, type_)
        self.leaves[path] = self.base.leaves[path]
        return theirs

    def mirrored(self) -> None:
        """Takes over what the other person's rules read and this one's don't, so that a witness is the whole person."""
        if isinstance(self.base, Twin):
            self.base.mirrored()
        for path, leaf in list(self.base.leaves.items()):
            self.at(path, leaf.type, leaf.parent)
        for path, (_, _, type_) in list(self.base.lists.items()):
            self.at(path, type_, path.rpartition(".")[0])

    # --- what is its own -------------------------------------------------------------------------------------------------

    def _made(self, path: str, type_: Type, parent: str) -> Value:
        if not self.knowing or isinstance(type_, Record):
            return super()._made(path, type_, parent)
        if isinstance(type_, ListOf):
            return self._better_known_list(path, type_)
        # the value is the other's, by the names of its symbols; what is known of it is its own
        theirs, known = self.base.leaves[path], z3.Bool(f"{self.name}{path}?", self.context)
        if path.endswith("]"):
            known = True
        value = self._known_as(theirs, known)
        self.require(implies(theirs.known, known))
        self.leaves[path] = Leaf(path, type_, value, known, parent)
        return value

    def _better_known_list(self, path: str, type_: ListOf) -> Listing:
        size, theirs, _ = self.base.lists[path]
        known = z3.Bool(f"{self.name}{path}?", self.context)
        self.require(implies(theirs, known))
        self.lists[path] = size, known, type_
        entries = [
            Entry(self.at(f"{path}[{n}]", type_.element, path), there, there)
            for n in range(1, self.horizon.slots + 1)
            for there in (size >= n,)
        ]
        return Listing(tuple(entries), known)

    def _shared_list(self, path: str, type_: ListOf) -> Listing:
        size, known, _ = self.base.lists[path]
        self.lists[path] = size, known, type_
        return self._with_members(path, type_, size, known)

    def _longer(self, path: str, type_: ListOf) -> Listing:
        if path not in self.lists:
            size, known, _ = self.base.lists[path]
            own = z3.Int(f"{self.name}{path}#", self.context)
            self.require(conj(own >= size, own <= self.horizon.slots))
            self.lists[path] = own, known, type_
        own, known, _ = self.lists[path]
        return self._with_members(path, type_, own, known)

    def _with_members(self, path: str, type_: ListOf, size: Int, known: Bit) -> Listing:
        numbers = range(1, self.horizon.slots + 1)
        members = [self.at(f"{path}[{n}]", type_.element, path) for n in numbers]
        there = [size >= n for n in numbers]
        return Listing(tuple(Entry(member, bit, bit) for member, bit in zip(members, there, strict=True)), known)

    def _raise(self, path: str) -> None:
        own, theirs = self.leaves[path], self.base.leaves[path]
        self.require(iff(own.known, theirs.known))
        match own.value, theirs.value:
            case Truth(), Truth():
                self.require(implies(theirs.value.t, own.value.t))
            case Ordered(low=Day() as mine), Ordered(low=Day() as other):
                self.require(mine.key >= other.key)
            case Ordered(low=Num() as mine), Ordered(low=Num() as other):
                self.require(num_at_most(other, mine))
            case Text(), Text() if isinstance(own.type, Enum):
                codes = [self.pool.code(text) for text in own.type.values]
                steps = [
                    conj(equal(theirs.value.code, low), equal(own.value.code, high)) for n, low in enumerate(codes) for high in codes[n:]
                ]
                self.require(disj(*steps))
            case _:
                raise NotEncoded(f"{path}, which may rise")

    def _known_as(self, leaf: Leaf, known: Bit) -> Value:
        """A fact's value, known where ``known`` is."""
        match leaf.value:
            case Truth():
                maker = self.base
                while isinstance(maker, Twin):
                    if not maker.knowing:
                        raise NotEncoded("a case that knows more than one that differs in facts")
                    maker = maker.base
                symbol = z3.Bool(f"{maker.name}{leaf.path}", self.context)
                return Truth(conj(known, symbol), conj(known, neg(symbol)))
            case Text(code, _, _):
                return Text(code, known)
            case Ordered() as value:
                return replace(value, known=known, low_on=known, high_on=known)
            case _:
                raise NotEncoded("a fact of such a kind")

    @staticmethod
    def _plainly(path: str) -> str:
        return _POSITION.sub("", path)

    def _is_among(self, paths: frozenset[str], path: str) -> bool:
        plain = self._plainly(path)
        return any(plain == one or plain.startswith(f"{one}.") for one in paths)
