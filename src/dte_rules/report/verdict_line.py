"""A decision in a line."""

from __future__ import annotations

from decimal import Decimal

from dte_rules.engine.decision import Decision
from dte_rules.report.names import Names
from dte_rules.report.phrases import Pair, amount_words, listing, pick, verdict_word
from dte_rules.source.diagnostic import Lang

_COLON: Pair = ("：", ": ")


def verdict_line(decision: Decision, names: Names, lang: Lang) -> str:
    """A decision in a line: verdict, amount, effect, what fails or is missing, and the clauses."""
    parts = [verdict_word(decision.verdict, lang)]
    if decision.amount is not None:
        parts.append(amount_words(Decimal(decision.amount), lang))
    if decision.effect is not None:
        parts.append(names.effect(decision.effect))
    line = listing(parts, lang)
    if decision.verdict == "not_met":
        shown = [c.title + (_bracketed(c.clauses, lang) if c.clauses else "") for c in names.failed()]
        return line + pick(_COLON, lang) + pick(("；", "; "), lang).join(shown)
    if decision.verdict == "undetermined" and decision.missing:
        return line + pick(_COLON, lang) + listing([names.missing(name).text for name in decision.missing[:3]], lang)
    clauses = names.clauses(decision.citations)
    return line + _bracketed(pick(("；", "; "), lang).join(clauses), lang) if clauses else line


def _bracketed(text: str, lang: Lang) -> str:
    return f"（{text}）" if lang == "zh" else f" ({text})"
