"""What analysing a pack gives: findings, facts to state, and what each reading changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dte_rules.analysis.space import Horizon
from dte_rules.analysis.typical import typical_facts
from dte_rules.engine.decision import Decision
from dte_rules.engine.plan import Readings
from dte_rules.program.nodes import Citation
from dte_rules.source.span import Span

Severity = Literal["error", "warning", "note"]
"""An error decides people wrongly or nobody at all, a warning is most likely a slip, a note is for the analyst to judge."""
Kind = Literal[
    "contradiction",
    "never-granted",
    "never-true",
    "never-false",
    "never-decides",
    "row-never-matches",
    "row-shadowed",
    "rows-conflict",
    "rows-open",
    "gap",
    "versions-overlap",
    "no-rule",
    "no-calendar",
    "idle-reading",
]
Aspect = Literal["verdict", "amount", "effect", "values", "dates"]
"""What of a decision differs between two readings."""
Stretch = tuple[date, date]
"""The first and the last day of a stretch of law, as far as the horizon goes."""


@dataclass(frozen=True)
class Shown:
    """A person who shows a finding, decided by the engine: the facts as in a case file, the day and the readings asked for."""

    facts: Mapping[str, Any]
    as_of: date
    readings: Readings
    decision: Decision


@dataclass(frozen=True)
class Finding:
    """Something in a pack that may be a fault.

    ``slot`` is what it is about; a row's has its number behind it: ``standard#3``. ``others`` are the slots that go with it: what
    contradicts it, what covers it. ``values`` are inputs by their texts. ``reading`` is an interpretation and a reading of it.
    ``place`` and ``cites`` say where it stands and on what it rests, ``also`` where the others stand.
    """

    kind: Kind
    severity: Severity
    slot: str
    decision: str | None = None
    place: Span | None = None
    cites: tuple[Citation, ...] = ()
    period: Stretch | None = None
    others: tuple[str, ...] = ()
    also: tuple[Span, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    reading: tuple[str, str] | None = None
    witness: Shown | None = None


@dataclass(frozen=True)
class Fact:
    """Something to know of a pack that is no fault.

    ``begins``: no rule before the period's first day. ``ends``: none after its last. ``delegated``: never granted, for ``names`` are
    left to other documents. ``at-discretion``: never simply met, for ``names`` always apply. ``never-refused``: nothing refuses
    anybody. ``calendar``: the years whose working days are known, of which ``names`` are the first and the last. ``unread``: no rule
    asks for the interpretation that ``names`` name.
    """

    kind: Literal["begins", "ends", "delegated", "at-discretion", "never-refused", "calendar", "unread"]
    decision: str
    period: Stretch | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effective:
    """A reading that matters: a person whom it decides otherwise than the default does.

    ``decisions`` are those whose rules it changes. Where ``known`` is false, it is proved that it changes nothing for anybody whose
    facts are all known.
    """

    interpretation: str
    reading: str
    decisions: tuple[str, ...]
    aspects: tuple[Aspect, ...]
    default: Shown
    departed: Shown
    known: bool = True


@dataclass(frozen=True)
class Options:
    """How a pack is analysed. ``timeout`` is in seconds for one question."""

    horizon: Horizon = field(default_factory=Horizon)
    timeout: float = 4.0
    typical: Mapping[str, Any] = field(default_factory=typical_facts)


@dataclass(frozen=True)
class Counted:
    """How much was looked at: plans, conditions and derived facts, rows of tables, readings."""

    plans: int = 0
    conditions: int = 0
    rows: int = 0
    readings: int = 0


@dataclass(frozen=True)
class Analysis:
    """A pack analysed.

    ``unsure`` is what the solver could not tell in time, ``not_analysed`` what isn't encoded, with the reason: of neither is
    anything said.
    """

    pack: str
    decisions: tuple[str, ...]
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    readings: tuple[Effective, ...]
    unsure: tuple[str, ...]
    not_analysed: Mapping[str, str]
    horizon: Horizon
    counted: Counted

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of a severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)
