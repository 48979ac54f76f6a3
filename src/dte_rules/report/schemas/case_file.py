"""The schema of case files: the question, the facts, and what is expected, with the words of the packs that are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from dte_rules.cases.case import CASE_KEYS, REQUIRED_KEYS
from dte_rules.cases.expectation import EXPECT_KEYS, VERDICTS, WHOLE
from dte_rules.cases.read import FILE_KEYS
from dte_rules.program.nodes import Label, Program
from dte_rules.report.contract_words import EFFECTS
from dte_rules.report.phrases import VERDICTS as VERDICT_WORDS
from dte_rules.report.schemas.facts import facts_schema
from dte_rules.report.schemas.simplify import DIALECT, Schema, day
from dte_rules.vocabulary import Vocabulary

_TEXT: Schema = {"type": "string"}


def case_schema(packs: Mapping[str, tuple[Program, Vocabulary]]) -> Schema:
    """The schema of files with cases for these packs."""
    programs = [program for program, _ in packs.values()]
    definitions = {
        "facts": facts_schema(vocabulary for _, vocabulary in packs.values()),
        "readings": _readings(programs),
        "expect": _expect(programs),
        "case": _case(programs),
        "defaults": {
            **_case(programs),
            "title": "各案例的默认值 / defaults",
            "description": "合并到每个案例之下 / merged under every case",
        },
    }
    del definitions["defaults"]["properties"]["id"]
    definitions["case"]["required"] = ["id"]
    single = {"anyOf": [{"required": [key]} for key in CASE_KEYS], "not": {"anyOf": [{"required": [key]} for key in FILE_KEYS]}}
    one = {"allOf": [{"$ref": "#/definitions/case"}, {"required": list(REQUIRED_KEYS)}]}
    cases = {"type": "array", "items": {"$ref": "#/definitions/case"}, "description": "案例 / the cases"}
    defaults = {"$ref": "#/definitions/defaults", "description": "各案例共有的部分 / what all cases share"}
    file = {"type": "object", "properties": {"defaults": defaults, "cases": cases}, "required": ["cases"], "additionalProperties": False}
    return {
        "$schema": DIALECT,
        "title": "案例文件 / case file",
        "description": "供 dte decide 和 dte test 使用的案例 / cases for dte decide and dte test",
        "type": ["object", "array"],
        # a single case and a list of cases are told apart first, so that an error is told of the one form that is meant
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/definitions/case"}},
        "else": {"if": single, "then": one, "else": file},
        "definitions": definitions,
    }


def _case(programs: Iterable[Program]) -> Schema:
    programs = list(programs)
    regions = {program.name: _both(program.title) for program in programs}
    keys: Schema = {
        "id": {"type": "string", "minLength": 1, "description": "案例的标识，在文件内唯一 / the case's id, one of its own in the file"},
        "title": {"type": "string", "description": "说明 / what the case is about"},
        "region": _choice(regions, "由哪个规则包判定 / the pack that answers"),
        "decision": {"type": "string", "description": "判定什么 / the question that is asked"},
        "as_of": day("判定日：按哪一天判定 / the day for which it is asked"),
        "readings": {"type": ["object", "null"], "description": "所选口径，不写则用默认 / readings other than the packs' defaults"},
        "facts": {"$ref": "#/definitions/facts"},
        "expect": {"$ref": "#/definitions/expect", "description": "期望的结果，只比较写出的项 / what is expected; only that is compared"},
    }
    assert tuple(keys) == CASE_KEYS
    return {
        "title": "案例 / case",
        "type": "object",
        "properties": keys,
        "additionalProperties": False,
        "allOf": [*map(_of_region, programs), _of_no_region(programs)],
    }


def _of_region(program: Program) -> Schema:
    """What can be asked of one pack, where the case itself names it."""
    named = {"properties": {"region": {"const": program.name}}, "required": ["region"]}
    return {"if": named, "then": {"properties": {"decision": _decision([program]), "readings": _readings([program])}}}


def _of_no_region(programs: Iterable[Program]) -> Schema:
    """What can be asked of any of the packs, for cases that take their region from the file's defaults."""
    readings = {"$ref": "#/definitions/readings"}
    return {"if": {"required": ["region"]}, "else": {"properties": {"decision": _decision(programs), "readings": readings}}}


def _decision(programs: Iterable[Program]) -> Schema:
    """One of the questions of the packs, each with its title."""
    titles: dict[str, str] = {}
    for decision in chain.from_iterable(program.decisions.values() for program in programs):
        titles.setdefault(decision.id, _both(decision.title))
    return _choice(titles, "判定什么 / the question that is asked")


def _readings(programs: Iterable[Program]) -> Schema:
    """Every interpretation of the packs with its readings."""
    questions: dict[str, str] = {}
    readings: dict[str, dict[str, str]] = {}
    for interpretation in chain.from_iterable(program.interpretations.values() for program in programs):
        questions.setdefault(interpretation.id, _both(interpretation.question))
        choices = readings.setdefault(interpretation.id, {})
        for reading in interpretation.readings:
            choices.setdefault(reading.id, _both(reading.label))
    return {
        "type": ["object", "null"],
        "properties": {name: _choice(readings[name], questions[name]) for name in questions},
        "additionalProperties": False,
    }


def _expect(programs: Iterable[Program]) -> Schema:
    programs = list(programs)
    decisions = [decision for program in programs for decision in program.decisions.values()]
    ids = _ordered(slot.rpartition(".")[2] for d in decisions for slot in (*d.requires, *d.excludes, *d.soft))
    interpretations = _ordered(name for program in programs for name in program.interpretations)
    dates = _ordered(name for decision in decisions for name, _ in decision.dates)
    values = _ordered(name for decision in decisions for name, _ in decision.values)
    verdict = _choice({name: " / ".join(VERDICT_WORDS[name]) for name in VERDICTS}, "判定结论 / the verdict")
    amount = {"type": ["number", "null"], "description": "金额（元），无则 null / the amount in yuan, or null"}
    effect = {"type": ["string", "null"], "examples": list(EFFECTS), "description": "法律效果 / the effect"}
    missing = _texts("尚缺的事实、文件或未决事项，可只写路径的末段 / what is missing; a path's tail will do")
    the_day = {"anyOf": [day(), {"type": "null"}]}
    verdicts = {"type": "array", "items": verdict, "description": "可能的结论 / the verdicts possible"}
    keys: Schema = {
        "verdict": verdict,
        "amount": amount,
        "effect": effect,
        "dates": {
            "type": ["object", "null"],
            "description": "日期，按名称 / dates by name",
            "properties": dict.fromkeys(dates, the_day),
            "additionalProperties": the_day,
        },
        "failed": _texts("不符合的条件 / the conditions that fail", ids),
        "missing": missing,
        "missing_sets": _records({"facts": missing, "verdicts": verdicts}, "最小的缺失组合 / the smallest sets of them", "facts"),
        "values": {"type": ["object", "null"], "description": "其他结果 / other results", "properties": {name: {} for name in values}},
        "flags": _texts("换一种口径即改变结果的事项 / interpretations that change the result", ["needs_clarification", *interpretations]),
        "alternatives": _records(
            {
                "interpretation": {**_TEXT, "examples": interpretations},
                "reading": _TEXT,
                "verdict": verdict,
                "amount": amount,
                "effect": effect,
                "missing": missing,
            },
            "其他口径下的结果 / what the other readings give",
            "",
        ),
        "citations": _records({"source": _TEXT, "locator": _TEXT}, "条款依据 / the clauses that decided", "source"),
        "readings": {"$ref": "#/definitions/readings", "description": "所用口径 / the readings used"},
        "exactly": {
            "type": "array",
            "items": {"enum": list(WHOLE)},
            "description": "须完整比较的列表 / the lists that are compared as a whole",
        },
    }
    assert tuple(keys) == EXPECT_KEYS
    return {"type": ["object", "null"], "properties": keys, "additionalProperties": False}


def _choice(words: Mapping[str, str], description: str) -> Schema:
    """One of some words, each explained."""
    return {"enum": list(words), "markdownEnumDescriptions": list(words.values()), "description": description}


def _texts(description: str, examples: Iterable[str] = ()) -> Schema:
    item = _TEXT | ({"examples": shown} if (shown := list(examples)) else {})
    return {"type": "array", "items": item, "description": description}


def _records(keys: Schema, description: str, short: str) -> Schema:
    """A list of records; one that is written in short is its key ``short`` alone."""
    record = {"type": "object", "properties": keys, "additionalProperties": False}
    item = {"anyOf": [record, {name: value for name, value in keys[short].items() if name != "description"}]} if short else record
    return {"type": "array", "items": item, "description": description}


def _both(label: Label) -> str:
    return " / ".join(text for text in (label.zh, label.en) if text)


def _ordered(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
