"""`analyze`: one small pack for each kind of finding, and one beside it in which all is well."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent, indent
from typing import Literal

import pytest

pytest.importorskip("z3")

from pydantic import BaseModel, ConfigDict

from dte_rules import LoadedPack, load_packs
from dte_rules.analysis.analyze import analyze
from dte_rules.analysis.analyze_findings import Analysis, Finding


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Loan(_Model):
    kind: Literal["novel", "map"] | None = None
    lent_on: date | None = None


class Reader(_Model):
    points: int | None = None
    member: bool | None = None
    staff: bool | None = None
    town: Literal["east", "west"] | None = None


class Root(_Model):
    reader: Reader | None = None
    loans: tuple[Loan, ...] | None = None


HEAD = """\
pack: library
version: "1"
jurisdiction: "330000"
title: {zh: 图书馆, en: library}
sources:
  law: {number: 法〔2024〕1号, issued: 2024-01-01, in_force: {from: 2024-01-01}}
"""
DECISION = """\
decisions:
  card:
    title: {zh: 借书证, en: card}
    modality: entitlement
"""


def loaded(directory: Path, rest: str) -> LoadedPack:
    """A pack of the head and the rest; in the rest, ``@`` stands for the clause that rules cite."""
    text = HEAD + dedent(rest).replace("@1", "cite: law 一")
    (directory / "library.yaml").write_text(text, encoding="utf-8")
    return load_packs(directory, facts=Root)["library"]


def card(parts: str, before: str = "") -> str:
    """A pack with one decision of these parts."""
    return dedent(before) + DECISION + indent(dedent(parts), "    ")


def analyzed(directory: Path, rest: str) -> Analysis:
    analysis = analyze(loaded(directory, rest))
    assert not analysis.unsure
    assert not analysis.not_analysed
    return analysis


def only(analysis: Analysis) -> Finding:
    (found,) = analysis.findings
    return found


def brief(analysis: Analysis) -> list[tuple[str, str, str]]:
    return [(f.severity, f.kind, f.slot) for f in analysis.findings]


def facts(analysis: Analysis) -> dict[str, tuple[str, ...]]:
    return {fact.kind: fact.names for fact in analysis.facts}


def test_a_pack_in_which_all_is_well(tmp_path: Path) -> None:
    parts = """
        requires:
          member: {@1, when: reader.member}
          points: {@1, when: reader.points >= 10}
        excludes:
          staff: {@1, when: reader.staff}
        """
    analysis = analyzed(tmp_path, card(parts))
    assert analysis.findings == ()
    assert facts(analysis) == {"begins": ("law",)}
    assert (analysis.counted.plans, analysis.counted.conditions) == (1, 3)


def test_a_requirement_that_always_holds(tmp_path: Path) -> None:
    found = only(analyzed(tmp_path, card("requires:\n  any_points: {@1, when: reader.points < 10 or reader.points >= 10}\n")))
    assert (found.severity, found.kind, found.slot) == ("warning", "never-false", "card.requires.any_points")
    assert found.place is not None
    assert (Path(found.place.file).name, found.place.line) == ("library.yaml", 12)
    assert [str(cite) for cite in found.cites] == ["law 一"]
    assert found.period == (date(2024, 1, 1), date(2029, 12, 31))


def test_a_route_that_nobody_can_take(tmp_path: Path) -> None:
    parts = """
        requires:
          way:
            @1
            any:
              member: {@1, when: reader.member}
              point: {@1, when: reader.points > 5 and reader.points < 4}
        """
    assert brief(analyzed(tmp_path, card(parts))) == [("warning", "never-true", "card.requires.way.point")]


def test_requirements_that_contradict_each_other(tmp_path: Path) -> None:
    parts = """
        requires:
          member: {@1, when: reader.member}
          many: {@1, when: reader.points >= 10}
        excludes:
          rich: {@1, when: reader.points > 5}
        """
    found = only(analyzed(tmp_path, card(parts)))
    assert (found.severity, found.kind) == ("error", "contradiction")
    assert (found.slot, found.others) == ("card.requires.many", ("card.excludes.rich",))
    assert len(found.also) == 1


def test_where_everybody_is_refused_nothing_more_is_asked_of_other_conditions(tmp_path: Path) -> None:
    parts = """
        requires:
          member: {@1, when: reader.member}
          many: {@1, when: reader.points >= 10}
          few: {@1, when: reader.points <= 5}
        excludes:
          staff: {@1, when: 'if who = "east" then reader.town = "east" else reader.staff'}
        """
    readings = """
        interpretations:
          who: {@1, question: {zh: 谁？, en: who?}, readings: {east: {zh: 东, en: east}, staff: {zh: 员, en: staff}}}
        """
    analysis = analyzed(tmp_path, card(parts, readings))
    assert brief(analysis) == [("error", "contradiction", "card.requires.many")]
    assert not analysis.readings[0].known  # it changes something only for those of whom something is unknown
    assert analysis.counted.plans == 1  # under the reading the same two are in everybody's way


def test_a_requirement_that_contradicts_itself_is_said_once(tmp_path: Path) -> None:
    parts = "requires:\n  odd: {@1, when: reader.points > 5 and reader.points < 4}\n"
    assert brief(analyzed(tmp_path, card(parts))) == [("error", "contradiction", "card.requires.odd")]


def test_a_requirement_that_another_covers(tmp_path: Path) -> None:
    parts = """
        requires:
          some: {@1, when: reader.points >= 5}
          many: {@1, when: reader.points >= 10}
        """
    found = only(analyzed(tmp_path, card(parts)))
    assert (found.severity, found.kind, found.slot, found.others) == (
        "note",
        "never-decides",
        "card.requires.some",
        ("card.requires.many",),
    )


def test_a_route_that_another_covers(tmp_path: Path) -> None:
    parts = """
        requires:
          way:
            @1
            any:
              member: {@1, when: reader.member}
              many: {@1, when: reader.member and reader.points >= 10}
              staff: {@1, when: reader.staff}
        """
    found = only(analyzed(tmp_path, card(parts)))
    assert (found.kind, found.slot, found.others) == ("never-decides", "card.requires.way.many", ("card.requires.way.member",))


def test_a_route_that_another_condition_closes(tmp_path: Path) -> None:
    parts = """
        requires:
          way:
            @1
            any:
              member: {@1, when: reader.member}
              staff: {@1, when: reader.staff}
        excludes:
          staff: {@1, when: reader.staff}
        """
    found = only(analyzed(tmp_path, card(parts)))
    assert (found.kind, found.slot, found.others) == ("never-decides", "card.requires.way.staff", ("card.excludes.staff",))


def test_a_bound_that_a_power_makes_idle(tmp_path: Path) -> None:
    parts = """
        requires:
          member: {@1, when: reader.member}
        soft:
          points: {@1, when: reader.points >= 10}
        empowers:
          office: {@1, by: {zh: 馆方, en: the library}}
        """
    analysis = analyzed(tmp_path, card(parts))
    found = only(analysis)
    assert (found.kind, found.slot, found.others) == ("never-decides", "card.soft.points", ("card.empowers.office",))
    assert facts(analysis)["at-discretion"] == ("card.empowers.office",)


def test_what_is_left_to_others_is_no_fault(tmp_path: Path) -> None:
    parts = """
        requires:
          member: {@1, when: reader.member}
        delegates:
          rules: {@1, to: {zh: 馆规, en: house rules}}
        """
    analysis = analyzed(tmp_path, card(parts))
    assert analysis.findings == ()
    assert facts(analysis)["delegated"] == ("card.delegates.rules",)


def test_an_open_point_is_no_fault(tmp_path: Path) -> None:
    before = """
        open:
          worthy: {@1, question: {zh: 是否值得？, en: Is it worthy?}}
        """
    parts = "requires:\n  worthy: {@1, when: reader.member and worthy}\n"
    assert analyzed(tmp_path, card(parts, before)).findings == ()


TABLE = """
    tables:
      fee:
        @1
        hit: {hit}
        inputs: [reader.town, reader.points]
        outputs: [yuan]
        rows:
    {rows}
    """
GRANT = "requires:\n  member: {@1, when: reader.member}\ngrants:\n  amount: {@1, is: fee.yuan}\n"


def table(hit: str, *rows: str, otherwise: str = "") -> str:
    lines = "\n".join(f"          - {row}" for row in rows)
    text = dedent(TABLE).replace("{hit}", hit).replace("{rows}", lines)
    return card(GRANT, text + (f"    otherwise: {otherwise}\n" if otherwise else ""))


def test_a_row_behind_others(tmp_path: Path) -> None:
    rows = "[east, -, 1]", "[west, -, 2]", "[-, '> 3', 3]", "[-, -, 4]"
    analysis = analyzed(tmp_path, table("first", *rows))
    assert brief(analysis) == [("warning", "row-shadowed", "fee#3"), ("warning", "row-shadowed", "fee#4")]
    assert analysis.findings[0].others == ("fee#1", "fee#2")
    witness = analysis.findings[0].witness
    assert witness is not None
    assert witness.facts["reader"]["points"] > 3
    assert witness.decision.amount in (None, 1, 2)


def test_a_row_that_matches_nobody(tmp_path: Path) -> None:
    before = """
        terms:
          place: {@1, is: if reader.points > 5 then "east" else reader.town}
        tables:
          fee:
            @1
            inputs: [place, reader.points]
            outputs: [yuan]
            rows:
              - [east, -, 1]
              - [west, <= 5, 2]
              - [west, '> 5', 3]
        """
    assert brief(analyzed(tmp_path, card(GRANT, before))) == [("warning", "row-never-matches", "fee#3")]


def test_inputs_without_a_row(tmp_path: Path) -> None:
    found = only(analyzed(tmp_path, table("unique", "[east, '> 3', 1]", "[west, -, 2]", "[east, '< 3', 5]")))
    assert (found.severity, found.kind, found.slot) == ("warning", "gap", "fee")
    assert found.values == (("reader.town", "east"), ("reader.points", "3"))
    assert found.witness is not None
    assert found.witness.decision.verdict == "undetermined"
    assert found.witness.decision.missing == ("fee(east, 3)",)


def test_a_gap_that_the_pack_means(tmp_path: Path) -> None:
    found = only(analyzed(tmp_path, table("unique", "[east, '> 3', 1]", "[west, -, 2]", otherwise="unspecified")))
    assert (found.severity, found.kind) == ("note", "gap")


def test_a_table_that_leaves_nothing_out(tmp_path: Path) -> None:
    assert analyzed(tmp_path, table("unique", "[east, '> 3', 1]", "[west, -, 2]", "[east, <= 3, 5]")).findings == ()


def test_rows_that_give_different_results(tmp_path: Path) -> None:
    found = only(analyzed(tmp_path, table("any", "[east, -, reader.points]", "[west, -, 2]", "[-, '> 3', 2]")))
    assert (found.severity, found.kind, found.slot, found.others) == ("error", "rows-conflict", "fee#3", ("fee#1",))
    assert found.witness is not None
    assert found.witness.facts["reader"]["town"] == "east"
    assert found.witness.facts["reader"]["points"] > 3


def test_rows_that_agree(tmp_path: Path) -> None:
    assert analyzed(tmp_path, table("any", "[east, -, 2]", "[west, -, 2]", "[-, '> 3', 2]")).findings == ()


def test_a_period_without_rule(tmp_path: Path) -> None:
    parts = """
        requires:
          member: {@1, when: reader.member, in_force: {from: 2024-01-01, to: 2025-01-01}}
          again: {@1, when: reader.member, in_force: {from: 2025-03-01}}
        """
    analysis = analyzed(tmp_path, card(parts))
    found = only(analysis)
    assert (found.severity, found.kind, found.slot, found.period) == (
        "warning",
        "no-rule",
        "card",
        (date(2025, 1, 1), date(2025, 2, 28)),
    )
    assert found.witness is not None
    assert found.witness.decision.verdict == "undetermined"
    assert found.others == ("law",)


def test_a_decision_that_comes_to_an_end(tmp_path: Path) -> None:
    parts = "requires:\n  member: {@1, when: reader.member, in_force: {from: 2024-01-01, to: 2025-01-01}}\n"
    analysis = analyzed(tmp_path, card(parts))
    assert analysis.findings == ()
    ends = next(fact for fact in analysis.facts if fact.kind == "ends")
    assert ends.period == (date(2024, 1, 1), date(2024, 12, 31))


def test_a_year_without_calendar(tmp_path: Path) -> None:
    parts = "requires:\n  soon: {@1, in_force: {from: 2021-05-01}, when: 'as_of <= working_day_on_or_after(loans[1].lent_on)'}\n"
    analysis = analyzed(tmp_path, card(parts))
    assert [(f.kind, f.slot) for f in analysis.findings] == [("no-calendar", "calendar-2021"), ("no-calendar", "calendar-2022")]
    assert facts(analysis)["calendar"][0] == "2023"


READINGS = """
    interpretations:
      bound:
        @1
        question: {zh: 是否含10？, en: Is ten included?}
        readings:
          included: {zh: 含, en: it is}
          excluded: {zh: 不含, en: it is not}
    """


def test_a_reading_that_changes_nothing(tmp_path: Path) -> None:
    parts = "requires:\n  points: {@1, when: 'if bound = \"included\" then reader.points >= 10 else reader.points > 9'}\n"
    analysis = analyzed(tmp_path, card(parts, READINGS))
    found = only(analysis)
    assert (found.severity, found.kind, found.reading, found.others) == ("warning", "idle-reading", ("bound", "excluded"), ("card",))


def test_a_reading_that_matters(tmp_path: Path) -> None:
    parts = "requires:\n  points: {@1, when: 'if bound = \"included\" then reader.points >= 10 else reader.points > 10'}\n"
    analysis = analyzed(tmp_path, card(parts, READINGS))
    assert analysis.findings == ()
    (found,) = analysis.readings
    assert (found.interpretation, found.reading, found.decisions, found.aspects) == ("bound", "excluded", ("card",), ("verdict",))
    assert found.default.facts == found.departed.facts == {"reader": {"points": 10}}
    assert (found.default.decision.verdict, found.departed.decision.verdict) == ("met", "not_met")
    assert found.departed.readings == (("bound", "excluded"),)


def test_a_condition_that_matters_under_another_reading(tmp_path: Path) -> None:
    """Under the default reading the one covers the other; what is so under some readings only is no finding."""
    parts = """
        requires:
          some: {@1, when: reader.points >= 5}
          many: {@1, when: 'if bound = "included" then reader.points >= 10 else reader.points >= 3'}
        """
    assert analyzed(tmp_path, card(parts, READINGS)).findings == ()


def test_rules_that_stand_only_under_a_reading(tmp_path: Path) -> None:
    parts = """
        requires:
          member: {@1, when: reader.member}
          odd: {@1, under: {bound: excluded}, when: reader.points > 9 or reader.points <= 9}
        """
    analysis = analyzed(tmp_path, card(parts, READINGS))
    assert brief(analysis) == [("warning", "never-false", "card.requires.odd")]
    (found,) = analysis.readings
    assert not found.known
    assert (found.default.decision.verdict, found.departed.decision.verdict) == ("met", "undetermined")


def test_only_one_decision(tmp_path: Path) -> None:
    rest = card("requires:\n  any_points: {@1, when: reader.points < 10 or reader.points >= 10}\n")
    rest += "  desk:\n    title: {zh: 座位, en: desk}\n    modality: entitlement\n    requires: {member: {@1, when: reader.member}}\n"
    pack = loaded(tmp_path, rest)
    assert analyze(pack, ("desk",)).findings == ()
    assert len(analyze(pack).findings) == 1
