"""What can be wrong with a question (DTE601 to DTE604) and with a case file (DTE605 to DTE614)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dte_rules.cases.diagnostics_file import (
    CaseNotMapping,
    DuplicateCaseId,
    MissingCaseKey,
    MissingCases,
    NoSuchDay,
    NotCases,
    UnexpectedName,
    UnknownCaseKey,
    UnknownVerdict,
    WrongCaseValue,
)
from dte_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class UnknownRegion(Diagnostic):
    """A case or a call names a region for which no pack is loaded.

    Use one of the names that the message lists, or load the directory in which the region's pack lies (``--rules DIR``).
    """

    code = "DTE601"
    zh = "没有地区 `{name}` 的规则包"
    en = "there is no pack for the region `{name}`"
    zh_help = "可用的地区：{listed}{near_zh}"
    en_help = "known regions: {listed}{near_en}"
    name: str
    known: tuple[str, ...] = ()
    suggestion: str | None = None

    def _values(self) -> dict[str, Any]:
        return {**super()._values(), "listed": ", ".join(self.known) or "-", **_near(self.suggestion)}


@dataclass(frozen=True, kw_only=True)
class UnknownDecision(Diagnostic):
    """A case or a call asks a question that the region's pack does not answer.

    The message lists the questions that it does answer.
    """

    code = "DTE602"
    zh = "规则包 `{region}` 没有决定 `{name}`"
    en = "the pack `{region}` has no decision `{name}`"
    zh_help = "可用的决定：{listed}{near_zh}"
    en_help = "its decisions: {listed}{near_en}"
    name: str
    region: str
    known: tuple[str, ...] = ()
    suggestion: str | None = None

    def _values(self) -> dict[str, Any]:
        return {**super()._values(), "listed": ", ".join(self.known) or "-", **_near(self.suggestion)}


@dataclass(frozen=True, kw_only=True)
class UnknownInterpretation(Diagnostic):
    """A choice of readings names an interpretation that the pack does not have."""

    code = "DTE603"
    zh = "规则包 `{region}` 没有解释口径 `{name}`"
    en = "the pack `{region}` has no interpretation `{name}`"
    zh_help = "请核对解释口径的标识{near_zh}"
    en_help = "check the interpretation's id{near_en}"
    name: str
    region: str
    suggestion: str | None = None

    def _values(self) -> dict[str, Any]:
        return {**super()._values(), **_near(self.suggestion)}


@dataclass(frozen=True, kw_only=True)
class UnknownReading(Diagnostic):
    """A choice of readings names a reading that the interpretation does not have."""

    code = "DTE604"
    zh = "解释口径 `{interpretation}` 没有口径 `{name}`"
    en = "the interpretation `{interpretation}` has no reading `{name}`"
    zh_help = "可用的口径：{listed}"
    en_help = "its readings: {listed}"
    name: str
    interpretation: str
    known: tuple[str, ...] = ()

    def _values(self) -> dict[str, Any]:
        return {**super()._values(), "listed": ", ".join(self.known)}


def _near(suggestion: str | None) -> dict[str, str]:
    if suggestion is None:
        return {"near_zh": "", "near_en": ""}
    return {"near_zh": f"；是否指 `{suggestion}`？", "near_en": f"; did you mean `{suggestion}`?"}


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    UnknownRegion,
    UnknownDecision,
    UnknownInterpretation,
    UnknownReading,
    NotCases,
    MissingCases,
    CaseNotMapping,
    UnknownCaseKey,
    MissingCaseKey,
    DuplicateCaseId,
    WrongCaseValue,
    NoSuchDay,
    UnknownVerdict,
    UnexpectedName,
)

__all__ = [
    "DIAGNOSTICS",
    "CaseNotMapping",
    "DuplicateCaseId",
    "MissingCaseKey",
    "MissingCases",
    "NoSuchDay",
    "NotCases",
    "UnexpectedName",
    "UnknownCaseKey",
    "UnknownDecision",
    "UnknownInterpretation",
    "UnknownReading",
    "UnknownRegion",
    "UnknownVerdict",
    "WrongCaseValue",
]
