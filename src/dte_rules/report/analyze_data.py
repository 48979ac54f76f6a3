"""A pack analysed, as data for programs; and its witnesses as cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dte_rules.analysis.analyze_findings import Analysis, Effective, Finding, Shown
from dte_rules.analysis.witness import Policy
from dte_rules.cases import Case, Expect
from dte_rules.engine.decision import Decision
from dte_rules.report.analyze_words import Wording
from dte_rules.report.compare_data import decision_data
from dte_rules.source.diagnostic import Lang


def analyzed_data(analysis: Analysis, policy: Policy, lang: Lang) -> dict[str, Any]:
    """A pack analysed, as data."""
    wording = Wording(policy, lang)
    counted = analysis.counted
    return {
        "pack": analysis.pack,
        "decisions": list(analysis.decisions),
        "findings": [_finding(finding, wording) for finding in analysis.findings],
        "readings": [_effective(found) for found in analysis.readings],
        "facts": [{"kind": f.kind, "decision": f.decision or None, "period": f.period, "names": list(f.names)} for f in analysis.facts],
        "unsure": list(analysis.unsure),
        "not_analysed": dict(analysis.not_analysed),
        "horizon": {"words": analysis.horizon.words(lang), "slots": analysis.horizon.slots},
        "counted": {"plans": counted.plans, "conditions": counted.conditions, "rows": counted.rows, "readings": counted.readings},
    }


def _finding(finding: Finding, wording: Wording) -> dict[str, Any]:
    span = finding.place
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "message": wording.message(finding),
        "help": wording.hint(finding),
        "decision": finding.decision,
        "slot": finding.slot,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "clauses": [str(cite) for cite in finding.cites],
        "period": finding.period,
        "others": list(finding.others),
        "also": [{"file": other.file, "line": other.line, "column": other.column} for other in finding.also],
        "values": dict(finding.values),
        "reading": None if finding.reading is None else dict([finding.reading]),
        "witness": None if finding.witness is None else _shown(finding.witness),
    }


def _shown(found: Shown) -> dict[str, Any]:
    return {"as_of": found.as_of, "readings": dict(found.readings), "facts": found.facts, "decision": decision_data(found.decision)}


def _effective(found: Effective) -> dict[str, Any]:
    return {
        "interpretation": found.interpretation,
        "reading": found.reading,
        "decisions": list(found.decisions),
        "decision": found.default.decision.decision,
        "changes": list(found.aspects),
        "facts_known": found.known,
        "as_of": found.default.as_of,
        "facts": found.default.facts,
        "default": decision_data(found.default.decision),
        "departed": decision_data(found.departed.decision),
    }


def cases_of(analysis: Analysis, policy: Policy, lang: Lang) -> Iterator[Case]:
    """The witnesses as cases that expect what the engine decides: one for a finding, two for a reading."""
    wording = Wording(policy, lang)
    for number, finding in enumerate(analysis.findings, 1):
        if finding.witness is not None:
            yield _case(f"{analysis.pack}-{number:02}-{finding.kind}", wording.message(finding), finding.witness)
    for found in analysis.readings:
        name = f"{analysis.pack}-{found.interpretation}-{found.reading}"
        title = wording.reading(found.interpretation, found.reading)
        yield _case(f"{name}-default", title, found.default)
        yield _case(name, title, found.departed)


def _case(id_: str, title: str, found: Shown) -> Case:
    decision = found.decision
    expect = Expect(dict(_expected(decision)), frozenset(name for name in ("failed",) if getattr(decision, name)))
    return Case(
        id=id_,
        title=title,
        region=decision.region,
        decision=decision.decision,
        as_of=found.as_of,
        readings=dict(found.readings),
        facts=found.facts,
        expect=expect,
    )


def _expected(decision: Decision) -> Iterator[tuple[str, Any]]:
    yield "verdict", decision.verdict
    for name in ("amount", "effect"):
        if getattr(decision, name) is not None:
            yield name, getattr(decision, name)
    for name in ("dates", "values"):
        if getattr(decision, name):
            yield name, dict(getattr(decision, name))
    for name in ("failed", "missing"):
        if getattr(decision, name):
            yield name, list(getattr(decision, name))
