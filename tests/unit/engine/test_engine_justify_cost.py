"""What explaining costs, counted in work; and that the data is all there, frozen, the same each time, and nobody's code."""

from __future__ import annotations

import builtins
import io
import keyword
import pickle
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from tests.properties.random_programs import AS_OF, Seeded, random_facts, random_program
from tests.work import calls

from dte_rules import load_packs
from dte_rules.api import LoadedPack, Packs
from dte_rules.cases import Case, facts_of, read_cases
from dte_rules.engine.code import NAMESPACE
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.justification import Justification, RecordAt, Step
from dte_rules.engine.justify import Traced
from dte_rules.engine.justify_json import as_dict, json_text
from dte_rules.engine.justify_lists import MOST_MEMBERS
from dte_rules.engine.justify_runtime import HELPERS
from dte_rules.engine.plan import plan
from dte_rules.feel import core

ROOT = Path(__file__).parents[3]
MOST = 4
"""Explaining costs at most so many times deciding."""
SEVERAL = {"MJ-001", "MJ-014", "MS-001", "MS-159", "S-03", "S-06", "MS-106", "MS-129", "MW-003", "MW-025", "MW-056", "MZ-012", "MJ-054"}
PACK = """pack: p
version: "1"
jurisdiction: "330000"
title: {zh: 甲, en: a}
sources: {s: {number: s, issued: 2020-01-01}}
terms:
  late: {cite: s 一, title: {zh: 迟, en: late}, is: 'certificates[issued > training.ended]'}
decisions:
  d:
    title: {zh: 问, en: question}
    modality: entitlement
    requires:
      known: {cite: s 一, title: {zh: 甲, en: first}, when: 'some c in certificates satisfies
        c.level in institution.application.levels and (every x in late satisfies x.level != c.level)'}
      texts: {cite: s 一, title: {zh: 乙, en: second}, when: 'every l in institution.application.levels satisfies
        some c in certificates satisfies c.level = l'}
"""


@cache
def packs() -> Packs:
    return load_packs(ROOT / "rules")


def sample_cases() -> Iterator[Case]:
    for file in sorted((ROOT / "tests" / "cases").glob("*.yaml")):
        for case in read_cases(str(file)).cases:
            assert isinstance(case, Case)
            yield case


def asked(case: Case) -> tuple[LoadedPack, Any]:
    pack = packs()[case.region]
    return pack, facts_of(case, pack.Facts, pack.vocabulary)


def small_pack(folder: Path) -> LoadedPack:
    (folder / "p.yaml").write_text(PACK, encoding="utf-8")
    return load_packs(folder)["p"]


def small_facts(pack: LoadedPack, levels: list[str], certificates: list[tuple[str | None, str | None]]) -> Any:
    listed = [{"kind": "专业技术等级证书", "level": level, "issued": issued} for level, issued in certificates]
    return pack.Facts.model_validate(
        {"certificates": listed, "training": {"ended": "2024-03-01"}, "institution": {"application": {"levels": levels}}}
    )


def test_explaining_is_at_most_four_times_the_work_of_deciding() -> None:
    for case in sample_cases():
        pack, facts = asked(case)
        question: dict[str, Any] = {"as_of": case.as_of, "readings": case.readings}
        pack.explain(case.decision, facts, **question)  # makes the question ready
        decided = calls(partial(pack.decide, case.decision, facts, **question))
        explained = calls(partial(pack.explain, case.decision, facts, **question))
        assert explained <= MOST * decided, (case.id, decided, explained)


def test_it_is_decided_once() -> None:
    for case in sample_cases():
        if case.id not in SEVERAL:
            continue
        pack, facts = asked(case)
        pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings)
        question = pack.face(case.decision, case.as_of, case.readings).question
        assert isinstance(question, CompiledPrepared)
        compiled, runs = question.compiled, []
        question.compiled = replace(compiled, function=lambda *given, f=compiled.function, r=runs: (r.append(1), f(*given))[1])
        try:
            pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings)
        finally:
            question.compiled = compiled
        assert len(runs) == 1, case.id


def test_deciding_takes_nothing_of_it_in() -> None:
    """A process that only decides never even loads what explains."""
    program = (
        "import sys; from datetime import date; from dte_rules import Facts, load_packs\n"
        "load_packs()['jinhua'].decide('training_subsidy', Facts(), as_of=date(2024, 9, 2))\n"
        "print([name for name in sys.modules if name.startswith('dte_rules.engine.justif')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_text_is_that_of_the_data() -> None:
    """JSON that is put together from kept texts is the JSON of the plain data, the first time and again."""
    for case in sample_cases():
        if case.id in SEVERAL:
            pack, facts = asked(case)
            j = pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings).justification
            assert j.to_json() == json_text(as_dict(j)) == j.to_json(), case.id
            again = Justification.from_json(j.to_json())
            assert again.to_json() == j.to_json(), case.id


@pytest.mark.parametrize("seed", range(40))
def test_the_text_is_that_of_the_data_of_random_programs(seed: int) -> None:
    choose = Seeded(11_000 + seed)
    program = random_program(choose)
    facts, as_of = random_facts(choose), choose.pick(AS_OF)
    made = plan(program, "d", as_of)
    j = Traced(program, made, as_of, {}).justification(facts, as_of, CompiledPrepared(program, made, ()).run(facts, as_of))
    assert j.to_json() == json_text(as_dict(j))
    assert pickle.loads(pickle.dumps(j)) == j


def test_it_pickles_without_kept_texts() -> None:
    case = next(case for case in sample_cases() if case.id == "MJ-001")
    pack, facts = asked(case)
    j = pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings).justification
    before = pickle.dumps(replace(j))
    text = j.to_json()
    assert len(pickle.dumps(replace(j))) == len(before)
    back = pickle.loads(before)
    assert back == j
    assert back.to_json() == text


def test_threads_get_the_same() -> None:
    cases = [case for case in sample_cases() if case.id in SEVERAL]

    def texts(_: int) -> list[str]:
        found = []
        for case in cases:
            pack, facts = asked(case)
            found.append(pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings).justification.to_json())
        return found

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(texts, range(8))
    assert all(other == first for other in others)


def test_generated_code_holds_only_our_names() -> None:
    """Names made by the writer, helpers, and plain fields of facts; no text of a pack."""
    made = frozenset("vfshmk")
    allowed = {*HELPERS, *NAMESPACE, "generated", "c", "facts", "as_of", "raw", "read", *keyword.kwlist}
    ours = {"place", "data", "names", "path", "not_given", "append", "extend", "needs", "values", "listed", "get", "year", "month", "day"}
    for case in sample_cases():
        if case.id not in SEVERAL:
            continue
        pack, facts = asked(case)
        pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings)
        face = pack.face(case.decision, case.as_of, case.readings)
        source = pack._explainer._traced(face, case.as_of, {}).source
        fields = {node.name for rule in face.question.base.rules for e in _expressions(rule) for node in core.walk(e) if _named(node)}
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            assert token.type != tokenize.STRING or token.string in ("''",), token
            if token.type == tokenize.NAME and token.string not in allowed | ours | fields:
                assert token.string[0] in made, token
                assert token.string[1:].rstrip("pd").isdigit(), token
    assert not {"eval", "exec", "open", "__import__"} & {*HELPERS, *NAMESPACE}
    assert not [value for value in HELPERS.values() if value in (builtins.eval, builtins.exec, builtins.open)]


def _expressions(rule: Any) -> Iterator[core.Expr]:
    from dte_rules.engine.plan import expressions

    return expressions(rule)


def _named(node: core.Expr) -> bool:
    return isinstance(node, (core.Field, core.Ref))


# --- what is gone through once for several members ------------------------------------------------------------------


def members(step: Step) -> list[Step]:
    return [part for part in step.parts if part.form.op == "member"]


def test_what_a_member_does_not_bear_on_is_one_step(tmp_path: Path) -> None:
    """A part that is the same for each member of a list is gone through once, and stands in each."""
    pack = small_pack(tmp_path)
    facts = small_facts(pack, ["初级", "初级", "高级"], [("初级", "2024-02-01"), ("初级", "2024-04-01"), ("中级", None)])
    j = pack.explain("d", facts, as_of=date(2024, 9, 2)).justification
    outer = members(j.by_slot["d.requires.texts"].step)  # type: ignore[arg-type]
    assert [(each.member, each.value) for each in outer] == [('"初级"', True), ('"初级"', True), ('"高级"', False)]
    assert outer[0].parts[0] is outer[1].parts[0]
    assert [each.member for each in members(outer[0].parts[0])] == ["certificates[1]", "certificates[2]", "certificates[3]"]
    known = members(j.by_slot["d.requires.known"].step)  # type: ignore[arg-type]
    assert [each.member for each in known] == ["certificates[1]", "certificates[2]", "certificates[3]"]
    assert j.by_slot["late"].value is not None
    assert Justification.from_json(j.to_json()) == j


def test_only_so_many_members_are_told(tmp_path: Path) -> None:
    pack = small_pack(tmp_path)
    facts = small_facts(pack, ["高级"], [("初级", "2024-02-01")] * (MOST_MEMBERS + 20) + [("高级", "2024-05-01")])
    j = pack.explain("d", facts, as_of=date(2024, 9, 2)).justification
    step = j.by_slot["d.requires.texts"].step
    assert step is not None
    assert step.value is True
    assert len(members(members(step)[0].parts[0])) == MOST_MEMBERS
    assert j.by_slot["late"].value == (RecordAt(f"certificates[{MOST_MEMBERS + 21}]"),)


def test_facts_of_a_loop_that_is_never_gone_through_are_not_read(tmp_path: Path) -> None:
    pack = small_pack(tmp_path)
    j = pack.explain("d", small_facts(pack, ["初级"], []), as_of=date(2024, 9, 2)).justification
    assert "training.ended" not in j.fact_values
    assert j.fact_values["certificates"] == ()
