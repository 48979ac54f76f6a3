"""What a pack grants: each decision with its conditions, exclusions, delegations, powers and results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from dte_rules.pack.model import Condition, DecisionItem, Grant, Item
from dte_rules.program.nodes import Period
from dte_rules.report.contract_words import DATES, VALUES
from dte_rules.report.pages.markdown import code, text
from dte_rules.report.pages.words import PackWords
from dte_rules.report.phrases import pick
from dte_rules.report.schemas.words import MODALITIES


def decision_sections(words: PackWords) -> Iterator[str]:
    """All decisions of the pack."""
    yield from (f"## {words['decisions']}", "")
    for decision in words.pack.decisions:
        yield from _decision(words, decision)


def _decision(words: PackWords, decision: DecisionItem) -> Iterator[str]:
    yield from (f"### {words.heading(decision.title, decision.id)} {code(decision.id)}", "")
    origin = words.sentence("；", "; ") + words.origin(decision) if decision.pack != words.pack.name else ""
    nature = MODALITIES[decision.modality]
    yield from (words.sentence(f"性质：{nature[0]}{origin}。", f"Nature: {decision.modality} ({nature[1]}){origin}."), "")
    for part in ("requires", "excludes", "soft"):
        yield from _conditions(words, decision, words[part], getattr(decision, part))
    yield from _conditions(words, decision, words["delegates"], decision.delegates)
    yield from _conditions(words, decision, words["empowers"], decision.empowers)
    if decision.grants:
        yield from (f"**{words['grants']}**", "")
        for grant in decision.grants:
            yield from _grant(words, grant, _standing(decision))
        yield ""


def _conditions(words: PackWords, decision: DecisionItem, heading: str, conditions: Iterable[Condition]) -> Iterator[str]:
    several = tuple(conditions)
    if several:
        yield from (f"**{heading}**", "")
        for condition in several:
            yield from _condition(words, condition, _standing(decision), "")
        yield ""


def _standing(decision: DecisionItem) -> Item:
    """What the parts of a decision may share with it without saying so: the pack alone, since each has its own clause."""
    return replace(decision, cites=(), period=Period(date.min, date.min))


def _condition(words: PackWords, condition: Condition, above: Item, indent: str) -> Iterator[str]:
    title = words.label(condition.title, condition.id)
    if condition.to is not None:
        title += words.sentence("，以下列文件为准：", ", to ") + words.label(condition.to)
    if condition.by is not None:
        title += words.sentence("，由其决定：", ", by ") + words.label(condition.by)
    kind = "" if condition.kind == "when" else words.sentence(f"（{words[condition.kind]}）", f" ({words[condition.kind]})")
    remarks = words.remarks(condition, above)
    yield f"{indent}- {title}{kind} {code(condition.id)}" + (f" — {remarks}" if remarks else "")
    # a line of its own within the list's item
    if condition.when is not None and condition.when.text != "true":
        yield f"{indent}  <br>{code(condition.when.text)}"
    for member in condition.members:
        yield from _condition(words, member, condition, f"{indent}  ")


def _grant(words: PackWords, grant: Grant, above: Item) -> Iterator[str]:
    section, _, name = grant.path.rpartition("grants.")[2].partition(".")
    if not name:
        title = words[section]
    else:
        fixed = (DATES if section == "dates" else VALUES).get(name)
        title = words.label(grant.title, name) if grant.title or fixed is None else text(pick(fixed, words.lang))
    yield f"- {title} {code(grant.id)}: {code(grant.formula.text)} — {words.remarks(grant, above)}"
