"""Asks the solver: whether anybody is as the goal says, as near as can be to a typical person, or that there is nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from dte_rules.analysis.expansion import expanded
from dte_rules.analysis.logic import Bit, conjoined
from dte_rules.analysis.solver import z3
from dte_rules.analysis.space import Space
from dte_rules.analysis.witness import Witness, witness_of

TIMEOUT = 10.0
"""Seconds for which one question is asked."""
EFFORT, TRIES = 3_000_000, 8
"""How hard is tried to fulfil all wishes, in z3's own measure; and how many of those given up are tried again."""
LITTLE, STEPS = 400_000, 16
"""Where all wishes together are too hard: how hard is tried for one more, and how many times."""

BRIEF = 20_000
"""How hard is tried before formulas are expanded."""
MET = 16
"""So many of those met before are looked at again before the solver is asked."""


@dataclass(frozen=True)
class Soft:
    """Something that is wished of a witness: of two that can't both be, the lighter is given up."""

    bit: Bit
    weight: int = 1


@dataclass(frozen=True)
class Found:
    """There is somebody; ``model`` is the solver's, from which `witness_of` reads persons of other spaces too."""

    witness: Witness
    model: Any = field(compare=False, repr=False)

    def holds(self, bit: Bit) -> bool:
        """Whether a bit is true of the person."""
        return bit if isinstance(bit, bool) else bool(z3.is_true(self.model.eval(bit, model_completion=True)))


@dataclass(frozen=True)
class Nobody:
    """It is proved that within the horizon there is nobody."""


@dataclass(frozen=True)
class Unsure:
    """The solver could not tell in time."""

    reason: str


Answer = Found | Nobody | Unsure


@dataclass
class Search:
    """One solver over a space of facts; encode everything first, then ask.

    With ``expands``, what isn't told in a moment is asked again of a solver that gets the formulas as `expansion` makes them. Where persons
    are compared, or one person on several days, that is many times faster.
    """

    space: Space
    softs: Sequence[Soft] = ()
    timeout: float = TIMEOUT
    expands: bool = False
    _solver: Any = field(init=False, default=None)
    _expanding: bool = field(init=False, default=False)
    _named: dict[int, tuple[Any, Bit]] = field(init=False, default_factory=dict)
    _told: int = field(init=False, default=0)
    _others: list[Space] = field(init=False, default_factory=list)
    _met: list[Any] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._solver = self._fresh()

    def _fresh(self) -> Any:
        solver = z3.SimpleSolver(ctx=self.space.context)  # of z3's solvers by far the fastest on case trees over bounded integers
        solver.set("timeout", int(self.timeout * 1000))
        solver.set("random_seed", 7)
        solver.set("ctrl_c", False)  # z3 would take Ctrl-C for itself, and only say that it does not know
        return solver

    def also(self, space: Space) -> None:
        """Takes in the facts of another person, in a space whose symbols have other names."""
        self._others.append(space)

    def find(self, *goals: Bit, softs: Sequence[Soft] | None = None) -> Answer:
        """Somebody for whom all goals hold; as many of the soft wishes as can be are fulfilled too."""
        goal = conjoined(goals)
        if goal is False:
            return Nobody()
        anybody = self._anybody(goal)
        if isinstance(anybody, Nobody | Unsure):
            return anybody
        hard = [] if goal is True else [self._literal(goal, expand=self._expanding)]  # after it was asked, for it may be another solver now
        best = self._best(hard, self.softs if softs is None else softs, anybody)
        return Found(witness_of(best, self.space), best)

    def holds(self, *goals: Bit) -> bool | None:
        """Whether anybody is as the goals say; None where the solver can't tell. Cheaper than `find`."""
        goal = conjoined(goals)
        if isinstance(goal, bool) and not goal:
            return False
        found = self._anybody(goal)
        return None if isinstance(found, Unsure) else not isinstance(found, Nobody)

    def opposed(self, bits: Sequence[Bit]) -> tuple[int, ...] | None:
        """The places of some of several that are never so together; None where all can be, or the solver can't tell with some effort."""
        for place, bit in enumerate(bits):
            if bit is False:
                return (place,)
        self._tell()
        literals = {self._literal(bit).get_id(): place for place, bit in enumerate(bits) if bit is not True}
        self._solver.set("rlimit", EFFORT)
        result = self._patiently([self._literal(bits[place]) for place in literals.values()])
        self._solver.set("rlimit", 0)
        return tuple(sorted(literals[term.get_id()] for term in self._solver.unsat_core())) if result == z3.unsat else None

    def disproved(self, *goals: Bit) -> bool:
        """Whether it is proved without much effort that there is nobody as the goals say."""
        goal = conjoined(goals)
        return goal is False or bool(self._asked(goal, EFFORT) == z3.unsat)

    @property
    def _constraints(self) -> list[Any]:
        return [c for space in (self.space, *self._others) for c in space.constraints]

    def _tell(self) -> None:
        constraints = self._constraints
        # constraints are only ever added, in two lists; telling one twice does no harm
        if len(constraints) != self._told:
            self._solver.add(*constraints)
            self._told = len(constraints)

    def _literal(self, bit: Bit, *, expand: bool = False) -> Any:
        key = bit.get_id()
        if key not in self._named:
            literal = z3.Bool(f"wish!{len(self._named)}", self.space.context)
            self._solver.add(*(z3.Implies(literal, part) for part in (expanded([bit]) if expand else [bit])))
            self._named[key] = literal, bit
        return self._named[key][0]

    def _renew(self) -> None:
        """Another solver, which has learned nothing yet."""
        self._solver, self._told, self._expanding = self._fresh(), 0, self.expands
        self._named.clear()

    def _best(self, hard: list[Any], softs: Sequence[Soft], anybody: Any) -> Any:
        """A model that fulfils the wishes, given up one by one as the solver's unsatisfiable cores show what can't be."""
        kept = {self._literal(s.bit).get_id(): s for s in sorted(softs, key=lambda s: -s.weight) if not isinstance(s.bit, bool)}
        every = list(kept.values())
        dropped: list[Soft] = []
        while True:
            result = self._wished(hard, kept.values())
            if result == z3.sat:
                model = self._solver.model()
                break
            if result != z3.unsat:
                return self._stepwise(hard, every, anybody)
            core = [c.get_id() for c in self._solver.unsat_core() if c.get_id() in kept]
            dropped.append(kept.pop(min(core, key=lambda c: kept[c].weight)))
        tries = 0
        for soft in sorted(dropped, key=lambda s: -s.weight):
            if tries == TRIES:
                break
            if z3.is_true(model.eval(soft.bit, model_completion=True)):
                continue
            tries += 1
            if self._wished(hard, [*kept.values(), soft]) == z3.sat:
                model = self._solver.model()
                kept[self._literal(soft.bit).get_id()] = soft
        return model

    def _stepwise(self, hard: list[Any], softs: Sequence[Soft], model: Any) -> Any:
        """From anybody nearer to the wishes, one at a time, without losing any that are fulfilled already."""
        steps = 0
        for number, soft in enumerate(softs):
            if steps == STEPS:
                break
            if z3.is_true(model.eval(soft.bit, model_completion=True)):
                continue
            steps += 1
            held = [s for s in softs[:number] if z3.is_true(model.eval(s.bit, model_completion=True))]
            if self._wished(hard, [*held, soft], LITTLE) == z3.sat:
                model = self._solver.model()
        return model

    def _wished(self, hard: list[Any], softs: Iterable[Soft], effort: int = EFFORT) -> Any:
        """Whether wishes can be fulfilled; with a limit of effort that is the same on every machine."""
        self._solver.set("rlimit", effort)
        result = self._solver.check(*hard, *(self._literal(s.bit) for s in softs))
        self._solver.set("rlimit", 0)
        return result

    def _anybody(self, goal: Bit) -> Any:
        """A model without any wishes, or that there is none. What is too hard is asked again of a solver that has not learned yet:
        what one has learned from other questions can be a burden.
        """
        known = self._known(goal)
        if known is not None:
            return known
        result = self._asked(goal, BRIEF if self.expands and not self._expanding else EFFORT)
        if result == z3.unknown:
            self._renew()
            result = self._asked(goal, 0)
        if result == z3.sat:
            model = self._solver.model()
            self._met = [model, *self._met[: MET - 1]]
            return model
        return Nobody() if result == z3.unsat else Unsure(self._solver.reason_unknown())

    def _known(self, goal: Bit) -> Any:
        """The model of somebody met before who is as the goal says: looking again is cheaper than asking. None where there is none."""
        if isinstance(goal, bool):
            return None
        if len(self._constraints) != self._told:
            self._met.clear()  # they have nothing of the symbols made since
        for place, model in enumerate(self._met):
            if z3.is_true(model.eval(goal, model_completion=True)):
                self._met.insert(0, self._met.pop(place))
                return model
        return None

    def _asked(self, goal: Bit, effort: int) -> Any:
        self._tell()
        self._solver.set("rlimit", effort)
        literals = [] if goal is True else [self._literal(goal, expand=self._expanding)]
        result = self._patiently(literals)
        self._solver.set("rlimit", 0)
        return result

    def _patiently(self, literals: Sequence[Any]) -> Any:
        """What the solver says, however long it takes; in a thread of its own, so that this one hears of Ctrl-C meanwhile."""
        said: list[Any] = []
        thread = Thread(target=lambda: said.append(self._solver.check(*literals)), daemon=True)
        thread.start()
        try:
            thread.join()
        except BaseException:
            self._solver.ctx.interrupt()
            thread.join()
            raise
        return said[0]
