"""The shipped JSON Schemas are those of the models, and every pack and case file stands to the one that it names."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from dte_rules import load_packs
from dte_rules.cli import main
from dte_rules.pack.schema.texts import ID_PATTERN
from dte_rules.report.schemas import calendar_schema, case_schema, pack_schema, properties_schema, schema_text
from dte_rules.report.schemas.simplify import simplified
from dte_rules.source.yaml import read_yaml, read_yaml_file

ROOT = Path(__file__).parents[3]
SCHEMAS = ROOT / "schemas"
FOLDERS = ("rules", "rules/lib", "rules/properties", "tests/cases", "examples")
MODELINE = "# yaml-language-server: $schema="


def shipped_cases() -> dict[str, Any]:
    return case_schema({name: (pack.program, pack.vocabulary) for name, pack in load_packs().items()})


GENERATORS: dict[str, Callable[[], dict[str, Any]]] = {
    "pack": pack_schema,
    "calendar": calendar_schema,
    "cases": shipped_cases,
    "properties": properties_schema,
}


@cache
def validator(name: str) -> Draft7Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def as_json(value: Any) -> Any:
    """Plain data as an editor sees it: days as text, numbers as JSON's."""
    match value:
        case dict():
            return {key: as_json(part) for key, part in value.items()}
        case list():
            return [as_json(part) for part in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case _:
            return value


def problems(schema: str, text: str) -> list[str]:
    return [error.json_path for error in validator(schema).iter_errors(as_json(read_yaml(text, "test.yaml").plain()))]


@pytest.mark.parametrize("name", GENERATORS)
def test_shipped_schema_is_that_of_the_models(name: str) -> None:
    shipped = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text(GENERATORS[name]()), f"run: dte schema {name} -o schemas/{name}.schema.json"


@pytest.mark.parametrize("path", sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_names_its_schema_and_stands_to_it(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith(MODELINE), "the first line names the schema"
    named = (path.parent / first.removeprefix(MODELINE)).resolve()
    assert named.parent == SCHEMAS
    named_by_folder = {"properties": "properties", "rules": "pack", "lib": "pack"}
    kind = "calendar" if path.stem == "calendar" else named_by_folder.get(path.parent.name, "cases")
    assert named.name == f"{kind}.schema.json"
    found = list(validator(kind).iter_errors(as_json(read_yaml_file(path).plain())))
    assert [(error.json_path, error.message) for error in found] == []


def test_wheel_has_the_schemas_where_its_packs_look_for_them() -> None:
    assert '"rules" = "dte_rules/_rules"\n"schemas" = "dte_rules/schemas"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_good_packs_of_the_tests_stand_to_the_schema() -> None:
    folder = ROOT / "tests" / "packs" / "good"
    paths = [path for path in folder.rglob("*.yaml") if path.stem not in ("calendar", "own_year")]
    assert paths
    wrong = {str(path.relative_to(folder)): [e.message for e in validator("pack").iter_errors(plain(path))] for path in paths}
    assert {name: found for name, found in wrong.items() if found} == {}


def plain(path: Path) -> Any:
    return as_json(read_yaml_file(path).plain())


PACK = """
pack: p
version: "1"
title: {zh: 甲}
sources: {s: {issued: 2024-01-01}}
interpretations:
  城市: {cite: s 一, question: {zh: 问}, readings: {甲: {zh: 甲}, 乙: {zh: 乙}}, clarify: true}
parameters: {p: {cite: s 一, values: [{value: 3}]}}
tables:
  t: {cite: s 一, hit: unique, inputs: [a], outputs: [b], rows: [[x, 1]]}
terms: {u: {cite: s 一, is: 1}}
decisions:
  d:
    title: {zh: 甲}
    requires: {r: {cite: s 一, when: true}}
    delegates: {e: {cite: s 一, to: {zh: 另行规定}}}
overrides:
  tables.t: {cite: s 一, inputs: [a], outputs: [b], rows: [[x, 1]]}
  decisions.d.requires.r: {cite: s 一, remove: true}
facts: {person.veteran: {type: boolean, label: {zh: 甲}, question: {zh: 乙}}}
"""


def test_a_sound_pack() -> None:
    assert problems("pack", PACK) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("version:", "verzion:", "$"),
        ("hit: unique", "hit: uniqe", "$.tables.t.hit"),
        ("clarify: true", "clarify: yes", "$.interpretations['城市'].clarify"),
        ("issued: 2024-01-01", "issued: 20240101", "$.sources.s.issued"),
        ("issued: 2024-01-01", "issued: '2024-13-01'", "$.sources.s.issued"),
        ('version: "1"', "version: 1", "$.version"),
        ("when: true", "when: true, any: {x: {when: true}}", "$.decisions.d.requires.r"),
        ("{cite: s 一, when: true}", "{cite: s 一}", "$.decisions.d.requires.r"),
        ("cite: s 一, when: true", "when: true", "$.decisions.d.requires.r"),
        ("tables.t: {cite: s 一, ", "tables.t: {cite: s 一, is: 1, ", "$.overrides['tables.t']"),
        ("tables.t:", "tabels.t:", "$.overrides"),
        ("remove: true", "remove: false", "$.overrides['decisions.d.requires.r'].remove"),
        ("is: 1}", "is: 1, rules: {x: {then: 1}}}", "$.terms.u"),
        ("to: {zh: 另行规定}", "to: {zh: 另行规定}, when: a, unless: b", "$.decisions.d.delegates.e"),
        ("terms: {u:", "terms: {1u:", "$.terms"),
        ("type: boolean", "type: bool", "$.facts['person.veteran'].type"),
        ("title: {zh: 甲}\nsources", "title: 甲\nsources", "$.title"),
    ],
)
def test_wrong_packs_are_refused(old: str, new: str, place: str) -> None:
    assert old in PACK
    found = problems("pack", PACK.replace(old, new, 1))
    assert found
    assert any(each.startswith(place) for each in found), found


CASES = """
defaults: {decision: training_subsidy, facts: {person: {sex: 男}}}
cases:
  - id: a
    region: jinhua
    as_of: 2024-09-02
    readings: {cap_year: rolling_12_months}
    facts:
      person: {hukou: "330700", receives_pension: false, employment: {status: 在职}, birth_date: unknown}
      training: {hours_completed: 12.5}
      claims: []
      certificates: unknown
    expect: {verdict: met, amount: 3900, exactly: [missing], dates: {claim_deadline: 2025-06-10}}
"""


def test_sound_cases_in_all_forms() -> None:
    assert problems("cases", CASES) == []
    one = "id: a\nregion: jinhua\ndecision: training_subsidy\nas_of: 2024-09-02\nfacts: {}\n"
    assert problems("cases", one) == []
    assert problems("cases", f"- {{{one.strip().replace(chr(10), ', ')}}}\n") == []
    assert problems("cases", one.replace("as_of", "asof")) != []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("hukou:", "huko:", "$.cases[0].facts.person"),
        ('"330700"', "330700", "$.cases[0].facts.person.hukou"),
        ("receives_pension: false", "receives_pension: no", "$.cases[0].facts.person.receives_pension"),
        ("在职", "在岗", "$.cases[0].facts.person.employment.status"),
        ("12.5", "-1", "$.cases[0].facts.training.hours_completed"),
        ("birth_date: unknown", "birth_date: 19900101", "$.cases[0].facts.person.birth_date"),
        ("birth_date: unknown", "birth_date: 1990-1-1", "$.cases[0].facts.person.birth_date"),
        ("region: jinhua", "region: jinhau", "$.cases[0].region"),
        ("rolling_12_months", "rolling", "$.cases[0].readings.cap_year"),
        ("cap_year:", "wh_duplicate:", "$.cases[0].readings"),
        ("region: jinhua", "region: weihai, decision: skill_subsidy", "$.cases[0]"),
        ("verdict: met", "verdict: maybe", "$.cases[0].expect.verdict"),
        ("[missing]", "[verdict]", "$.cases[0].expect.exactly"),
        ("as_of: 2024-09-02", "as_of: 2024-09-32", "$.cases[0].as_of"),
        ("defaults: {decision: training_subsidy", "defaults: {decision: subsidy", "$.defaults.decision"),
        ("cases:", "casez:", "$"),
    ],
)
def test_wrong_cases_are_refused(old: str, new: str, place: str) -> None:
    assert old in CASES
    found = problems("cases", CASES.replace(old, new.replace(", decision", "\n    decision"), 1))
    assert found
    assert any(each.startswith(place) for each in found), found


def test_every_key_is_described_in_both_languages() -> None:
    for name, form in {"": pack_schema(), **pack_schema()["definitions"]}.items():
        for key, field in form.get("properties", {}).items():
            zh, _, en = field.get("description", "").partition(" / ")
            assert zh, f"{name}.{key}"
            assert en, f"{name}.{key}"


def test_patterns_mean_the_same_to_javascript() -> None:
    """In JavaScript ``\\w`` is ASCII alone, so that no Chinese name would pass."""
    written = simplified({"type": "object", "patternProperties": {ID_PATTERN: {}}})
    (pattern,) = written["patternProperties"]
    assert r"\w" not in pattern
    assert r"\w" not in schema_text(pack_schema()).replace("\\\\", "\\")


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["schema", "calendar"])
    assert done.value.code == 0
    printed = capsys.readouterr().out
    target = tmp_path / "deep" / "calendar.json"
    for _ in range(2):
        with pytest.raises(SystemExit):
            main(["schema", "calendar", "-o", str(target)])
        assert target.read_text(encoding="utf-8") == printed
    assert [path.name for path in target.parent.iterdir()] == ["calendar.json"]


def test_cases_of_other_packs_know_their_facts_and_readings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "hangzhou.yaml").write_text(
        """
pack: hangzhou
version: "1"
title: {zh: 杭州, en: Hangzhou}
sources: {s: {number: 一号}}
facts: {person.veteran: {type: boolean, label: {zh: 退役军人, en: veteran}, question: {zh: 是否退役军人？, en: A veteran?}}}
decisions: {d: {title: {zh: 甲, en: A}, requires: {r: {cite: s 一, title: {zh: 甲}, when: person.veteran}}}}
""",
        encoding="utf-8",
    )
    with pytest.raises(SystemExit):
        main(["schema", "cases", "--rules", str(tmp_path)])
    schema = json.loads(capsys.readouterr().out)
    case = {"id": "a", "region": "hangzhou", "decision": "d", "as_of": "2024-01-01", "facts": {"person": {"veteran": True}}}
    assert list(Draft7Validator(schema).iter_errors([case])) == []
    case["facts"] = {"person": {"veteran": "yes"}}
    assert list(Draft7Validator(schema).iter_errors([case])) != []
    assert "退役军人 / veteran" in json.dumps(schema, ensure_ascii=False)
