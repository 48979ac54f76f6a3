"""A comparison as data for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dte_rules.analysis.compare import Compared
from dte_rules.analysis.diff import Diff
from dte_rules.analysis.meaning import Direction, Meaning, Person, SideName
from dte_rules.analysis.structure import Item, Pair, Structure
from dte_rules.engine.decision import Decision
from dte_rules.report.compare_words import other
from dte_rules.source.diagnostic import Lang


def compared_data(compared: Compared, lang: Lang) -> dict[str, Any]:
    """Two packs compared, as data."""
    names: Mapping[SideName, str] = {"a": compared.a.program.name, "b": compared.b.program.name}
    return {
        "a": names["a"],
        "b": names["b"],
        "day": compared.day,
        "has": dict(compared.packs.decisions),
        "parameters": [pair_data(pair, lang) for pair in compared.packs.parameters],
        "interpretations": [pair_data(pair, lang) for pair in compared.packs.interpretations],
        "decisions": {
            structure.decision: {"structure": structure_data(structure, lang), "meaning": meaning_data(meaning, names, lang)}
            for structure, meaning in compared.decisions
        },
    }


def structure_data(structure: Structure, lang: Lang) -> dict[str, Any]:
    """A decision side by side, as data."""
    return {
        "conditions": [pair_data(pair, lang) for pair in structure.conditions],
        "terms": [pair_data(pair, lang) for pair in structure.terms],
        "rows": [pair_data(pair, lang) for pair in structure.rows],
        "cited": {"a": list(structure.sources[0]), "b": list(structure.sources[1])},
    }


def pair_data(pair: Pair, lang: Lang) -> dict[str, Any]:
    """Two things side by side, as data."""
    return {"part": pair.part, "id": pair.id, "how": pair.how, "a": _item(pair.a, lang), "b": _item(pair.b, lang)}


def _item(item: Item | None, lang: Lang) -> dict[str, Any] | None:
    if item is None:
        return None
    title = item.title.text(lang) if item.title else None
    return {"id": item.id, "title": title, "text": item.text, "cites": [str(cite) for cite in item.cites]}


def meaning_data(meaning: Meaning, names: Mapping[SideName, str], lang: Lang) -> dict[str, Any]:
    """A decision compared in meaning, as data."""
    return {
        "same": meaning.same,
        "period": list(meaning.period),
        "horizon": meaning.horizon.words(lang),
        "unspecified": [names[side] for side in meaning.unspecified],
        "settled": {names[side]: list(ids) for side, ids in meaning.settled.items()},
        "directions": [_direction(direction, names) for direction in meaning.directions],
        "same_amount": meaning.same_amount,
        "no_amount": [names[side] for side in meaning.no_amount],
        "amounts": [person_data(person) for person in meaning.amounts],
        "same_effect": meaning.same_effect,
        "effects": [{"a": pair.a, "b": pair.b, "order": pair.order, "person": person_data(pair.person)} for pair in meaning.effects],
        "values": {name: person_data(person) for name, person in meaning.values},
        "not_analysed": meaning.not_analysed,
        "unsure": list(meaning.unsure),
    }


def _direction(direction: Direction, names: Mapping[SideName, str]) -> dict[str, Any]:
    return {
        "grants": names[direction.granter],
        "refuses": names[other(direction.granter)],
        "somebody": direction.somebody,
        "nobody_proved": direction.nobody,
        "refused": [person_data(person) for person in direction.refused],
        "undetermined": None if direction.undetermined is None else person_data(direction.undetermined),
        "never_undetermined_proved": direction.never_undetermined,
        "unsure": list(direction.unsure),
    }


def person_data(person: Person) -> dict[str, Any]:
    """A witness with both decisions, as data."""
    return {
        "because": person.because,
        "route": person.route,
        "as_of": person.as_of,
        "facts": person.facts,
        "a": decision_data(person.a),
        "b": decision_data(person.b),
    }


def decision_data(decision: Decision) -> dict[str, Any]:
    """What a decision says, without what it was asked."""
    return {
        "verdict": decision.verdict,
        "amount": decision.amount,
        "effect": decision.effect,
        "failed": list(decision.failed),
        "missing": list(decision.missing),
        "values": decision.values,
        "citations": [f"{c.source} {c.locator}" for c in decision.citations],
    }


def diff_data(found: Diff, lang: Lang) -> dict[str, Any]:
    """Two versions compared, as data."""
    return {
        "pack": found.pack,
        "verdict_changing": found.verdict_changing,
        "dates_differ": found.dates_differ,
        "changed": [{"slot": c.slot, "how": c.how} for c in found.changed],
        "added": list(found.added),
        "removed": list(found.removed),
        "differences": [
            {
                "decision": d.decision,
                "period": list(d.period),
                "change": d.change,
                "reading": None if d.reading is None else {d.reading[0]: d.reading[1]},
                "settled": list(d.settled),
                "as_of": d.person.as_of,
                "facts": d.person.facts,
                "old": decision_data(d.person.a),
                "new": decision_data(d.person.b),
            }
            for d in found.differences
        ],
        "proved_same": list(found.proved),
        "untouched": list(found.untouched),
        "unsure": list(found.unsure),
        "not_analysed": dict(found.not_analysed),
        "horizon": found.horizon.words(lang),
    }
