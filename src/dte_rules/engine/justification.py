"""What made a decision, as data: every rule that fired, the facts it read, and the outcome of each step within it.

A justification is a graph: each rule's conclusion stands in it once, and is named by its id wherever it was read. Its static
parts (texts, places, clauses) are shared between all justifications of one question, so that making one costs little.
`justify_json` writes it as JSON and reads it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from dte_rules.engine.decision import Clause, Decision
from dte_rules.engine.verdict import Verdict
from dte_rules.program.nodes import ALWAYS, Label, Period
from dte_rules.source.span import Span

if TYPE_CHECKING:
    from dte_rules.engine.justify_why import Reason

SCHEMA = "dte-justification/1"
"""The version of the data; a change that a reader could trip over gives it a new number."""

Outcome = Literal["true", "false", "unknown"]
Part = Literal["requires", "excludes", "soft", "delegates", "empowers", "grants", "dates"]
PARTS: tuple[Part, ...] = ("requires", "excludes", "soft", "delegates", "empowers", "grants", "dates")
Op = Literal[
    "and",
    "or",
    "not",
    "if",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "some",
    "every",
    "filter",
    "map",
    "member",
    "call",
    "fact",
    "rule",
    "open",
    "value",
]
"""What a step does. ``fact``, ``rule`` and ``open`` are a truth value that stands by itself: a fact, another rule's conclusion, an
open point; ``member`` is one member of the list that the step around it goes through."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A value that is not known: for want of what, and between which values it lies, where that is known."""

    needs: tuple[str, ...] = ()
    low: Any = None
    high: Any = None


@dataclass(frozen=True, slots=True)
class RecordAt:
    """A record of facts, by its path."""

    path: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A value that is known and not shown: an identity number, a name."""


WITHHELD = Withheld()
Value = Any
"""None, bool, str, Decimal, date, Months, timedelta, a tuple of values, `NotKnown`, `RecordAt` or `Withheld`."""


def outcome_of(value: Value) -> Outcome:
    """A condition's value as an outcome; FEEL's null is no answer."""
    return "true" if value is True else "false" if value is False else "unknown"


class Written:
    """Parts of justifications that are the same in many. ``written`` is how they stand in JSON, once that was asked for.

    It is no part of what they are: it takes no part in comparisons, and is not pickled.
    """

    written: ClassVar[tuple[str, ...]] = ()

    def write(self, *texts: str) -> tuple[str, ...]:
        """Keeps the texts."""
        self.__dict__["written"] = texts
        return texts

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "written"}


@dataclass(frozen=True)
class Form(Written):
    """What is the same of a step in every decision: what it does, its text as FEEL, and where that stands.

    ``left`` and ``right`` are the texts of a comparison's sides, ``function`` is a call's name. ``rules`` are the ids of the rules read
    in this very step, ``parameters`` the names of the parameters.
    """

    op: Op
    text: str
    span: Span | None = None
    left: str = ""
    right: str = ""
    left_rule: str = ""
    right_rule: str = ""
    left_parameter: str = ""
    right_parameter: str = ""
    function: str = ""
    rules: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


class Step(NamedTuple):
    """A step within a rule: its value, the facts read in it, and the steps within it.

    Of a comparison ``left`` and ``right`` are the values compared; of a call they are its first two arguments.
    """

    form: Form
    value: Value
    facts: tuple[str, ...] = ()
    parts: tuple[Step, ...] = ()
    left: Value = None
    right: Value = None
    member: str = ""

    @property
    def outcome(self) -> Outcome:
        """The value as an outcome."""
        return outcome_of(self.value)

    def walk(self) -> Iterator[Step]:
        """The step and all within it, outermost first."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class RowForm(Written):
    """What is the same of a table's row in every decision; ``tests`` are the texts of its cells, empty where any value will do."""

    id: str
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    cites: tuple[Clause, ...] = ()
    period: Period = ALWAYS
    span: Span | None = None


class RowTrace(NamedTuple):
    """A row that was looked at: whether it holds, which inputs (from 0) made it miss, and the steps of tests that are not plain."""

    form: RowForm
    outcome: Outcome
    missed: tuple[int, ...] = ()
    parts: tuple[Step, ...] = ()

    @property
    def excepted(self) -> bool:
        """Whether the row's own condition holds and only an exception kept it from applying."""
        if self.outcome != "false" or len(self.parts) != 1 or self.parts[0].form.op != "and":
            return False
        operands = self.parts[0].parts
        return operands[0].value is True and all(step.form.op == "not" for step in operands if step.value is not True)


class TableTrace(NamedTuple):
    """What a table was asked, the row that was hit, those still possible, and those that come nearest of the others."""

    inputs: tuple[tuple[str, Value], ...]
    hit: tuple[RowTrace, ...] = ()
    possible: tuple[RowTrace, ...] = ()
    near: tuple[RowTrace, ...] = ()
    rows: int = 0
    otherwise: bool = False


@dataclass(frozen=True)
class RuleForm(Written):
    """What is the same of a rule in every decision. ``group`` is set for a condition made of ``members``."""

    id: str
    kind: Literal["term", "table", "condition", "grant"]
    title: Label | None = None
    part: Part | None = None
    group: Literal["all", "any", "none"] | None = None
    members: tuple[str, ...] = ()
    text: str = ""
    cites: tuple[Clause, ...] = ()
    period: Period = ALWAYS
    under: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pack: str = ""
    reads: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    span: Span | None = None


class Conclusion(NamedTuple):
    """A rule that fired, and what it concluded: a value by slot, one but for tables."""

    form: RuleForm
    values: tuple[tuple[str, Value], ...]
    step: Step | None = None
    table: TableTrace | None = None

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.form.id

    @property
    def value(self) -> Value:
        """The value of a rule that concludes one."""
        return self.values[0][1]

    @property
    def outcome(self) -> Outcome:
        """The value of a condition as an outcome."""
        return outcome_of(self.values[0][1])


@dataclass(frozen=True)
class ParameterUsed:
    """A parameter: the value it had on the day, and how long it has it."""

    name: str
    value: Value
    period: Period = ALWAYS
    title: Label | None = None
    cites: tuple[Clause, ...] = ()
    pack: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class ReadingChosen:
    """An interpretation on which the decision rests, and the reading chosen."""

    interpretation: str
    reading: str
    default: bool
    question: Label
    label: Label
    cites: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class SourceUsed:
    """A document that is cited."""

    id: str
    number: str = ""
    title: Label | None = None
    issued: date | None = None
    period: Period = ALWAYS


@dataclass(frozen=True)
class Frame(Written):
    """What is the same in every justification of one question on one stretch of law: the parts, parameters, readings and sources."""

    title: Label
    parts: Mapping[Part, tuple[str, ...]]
    parameters: tuple[ParameterUsed, ...] = ()
    readings: tuple[ReadingChosen, ...] = ()
    sources: tuple[SourceUsed, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Justification:
    """Everything that made a decision. ``conclusions`` are the rules in the order in which they fired."""

    region: str
    decision: str
    as_of: date
    verdict: Verdict
    frame: Frame
    conclusions: tuple[Conclusion, ...]
    facts: tuple[tuple[str, Value], ...]
    schema: str = SCHEMA

    @classmethod
    def made(
        cls,
        region: str,
        decision: str,
        as_of: date,
        verdict: Verdict,
        frame: Frame,
        conclusions: tuple[Conclusion, ...],
        facts: tuple[tuple[str, Value], ...],
    ) -> Justification:
        """As the constructor, which sets the fields of a frozen class one by one, in a fraction of its time."""
        made = cls.__new__(cls)
        made.__dict__.update(
            region=region,
            decision=decision,
            as_of=as_of,
            verdict=verdict,
            frame=frame,
            conclusions=conclusions,
            facts=facts,
            schema=SCHEMA,
        )
        return made

    @cached_property
    def by_slot(self) -> Mapping[str, Conclusion]:
        """Conclusions by the slots that they conclude, a table's also by its own id."""
        found = {slot: conclusion for conclusion in self.conclusions for slot, _ in conclusion.values}
        return found | {conclusion.id: conclusion for conclusion in self.conclusions}

    @cached_property
    def fact_values(self) -> Mapping[str, Value]:
        """The facts that were read, by path."""
        return dict(self.facts)

    @cached_property
    def parameters(self) -> Mapping[str, ParameterUsed]:
        """The parameters used, by name."""
        return {each.name: each for each in self.frame.parameters}

    def part(self, name: Part) -> tuple[Conclusion, ...]:
        """The conclusions of a part of the decision, in the pack's order."""
        return tuple(self.by_slot[slot] for slot in self.frame.parts.get(name, ()) if slot in self.by_slot)

    def value(self, slot: str) -> Value:
        """The value of a slot."""
        return dict(self.by_slot[slot].values)[slot]

    @cached_property
    def why_not(self) -> tuple[Reason, ...]:
        """What keeps the verdict from being `met`: each part with what was found and what was asked."""
        from dte_rules.engine.justify_why import why_not

        return why_not(self)

    def as_dict(self) -> dict[str, Any]:
        """The justification as plain data, the schema's version first."""
        from dte_rules.engine.justify_json import as_dict

        return as_dict(self)

    def to_json(self) -> str:
        """The justification as JSON."""
        from dte_rules.engine.justify_text import to_json

        return to_json(self)

    @staticmethod
    def from_json(text: str) -> Justification:
        """The justification that JSON holds.

        Raises:
            ValueError: for another schema, or text that is no justification.
        """
        from dte_rules.engine.justify_json import from_json

        return from_json(text)


class Explained(NamedTuple):
    """A decision and what made it."""

    decision: Decision
    justification: Justification
