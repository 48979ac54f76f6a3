"""Pictures of decisions: every rule is there once, boxes don't overlap, text fits and is escaped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from dte_rules import load_packs
from dte_rules.api import Packs
from dte_rules.cases import Case, facts_of, read_cases
from dte_rules.report.graph import OUTCOME, Graph, GraphNode, graph_of, last_change
from dte_rules.report.graph_layout import PAD_X, SIZE, SMALL, laid_out, text_width, wrapped
from dte_rules.report.graph_mermaid import mermaid, text_of
from dte_rules.report.graph_svg import svg

ROOT = Path(__file__).parents[3]


@cache
def packs() -> Packs:
    return load_packs(ROOT / "rules")


@cache
def all_graphs() -> tuple[Graph, ...]:
    return tuple(
        graph_of(pack.program, pack.vocabulary, decision, last_change(pack.program, decision), {}, lang=lang)  # type: ignore[arg-type]
        for pack in packs().values()
        for decision in pack.program.decisions
        for lang in ("zh", "en")
    )


@cache
def of_case(id_: str) -> Graph:
    case = next(c for c in read_cases(str(ROOT / "tests" / "cases" / "subsidy-jinhua.yaml")).cases if c.id == id_)
    assert isinstance(case, Case)
    pack = packs()[case.region]
    found = pack.explain(case.decision, facts_of(case, pack.Facts, pack.vocabulary), as_of=case.as_of, readings=case.readings)
    return graph_of(pack.program, pack.vocabulary, case.decision, case.as_of, case.readings, lang="zh", explained=found)


def test_edges_lead_to_the_right() -> None:
    for graph in all_graphs():
        nodes = graph.by_id
        assert len(nodes) == len(graph.nodes)
        for start, end in graph.edges:
            assert nodes[start].column < nodes[end].column, (graph.title, start, end)
        read = {start for start, _ in graph.edges}
        assert read == set(nodes) - {OUTCOME}


def test_boxes_do_not_overlap_and_hold_their_text() -> None:
    for graph in all_graphs():
        layout = laid_out(graph)
        for boxes in layout.columns.values():
            for one, other in combinations(boxes, 2):
                assert one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01, (graph.title, one.id, other.id)
        for box in layout.boxes.values():
            for line in box.lines:
                assert text_width(line, SIZE + 3 if box.id == OUTCOME else SIZE) <= box.width - 2 * PAD_X + 0.01 or " " not in line
            assert box.y >= 0
            assert box.y + box.height <= layout.height


def test_svg_is_well_formed_and_loads_nothing() -> None:
    for graph in all_graphs():
        text = svg(graph)
        root = ET.fromstring(text)
        assert root.tag.endswith("svg")
        assert "href" not in text
        assert sum(node.tag.endswith("}g") for node in root.iter()) >= len(graph.nodes)


def test_a_case_is_drawn_in() -> None:
    graph = of_case("JZ-04")
    nodes = graph.by_id
    assert nodes["training_subsidy.requires.in_time"].state == "bad"
    assert nodes["training_subsidy.requires.hours"].state == "good"
    assert nodes["training_subsidy.excludes.under_age"].state == "good"
    assert (nodes[OUTCOME].state, nodes[OUTCOME].title) == ("bad", "不符合条件")
    assert nodes["claim_deadline"].detail == "2025年2月28日"
    text = svg(graph)
    assert "✗" in text
    assert 'stroke-width="3"' in text
    assert "class" in mermaid(graph)
    assert "✗ 在核发之日起12个月内申请" in mermaid(graph)


def test_mermaid_nodes_and_edges() -> None:
    for graph in all_graphs():
        text = mermaid(graph)
        assert text.splitlines()[1] == "flowchart LR"
        names = re.findall(r"^ +(n\d+)[\[({]", text, re.MULTILINE)
        assert len(names) == len(set(names)) == len(graph.nodes)
        assert len(re.findall(r" --> ", text)) == len(graph.edges)
        for label in re.findall(r'"([^"\n]*)"', text):
            assert not re.search(r"[<>](?!/?br)(?<!<br/>)", label.replace("<br/>", "")), label


def test_mermaid_text_is_escaped() -> None:
    assert text_of('“甲” "b" <c> #d `e`\n&') == "“甲” #quot;b#quot; #lt;c#gt; #35;d #96;e#96; #amp;"
    node = GraphNode("a", "condition", 'x"]; click n0', "", "none", 0)
    text = mermaid(Graph("t\nt", "d", (node,), (), "en"))
    assert 'n0["x#quot;]; click n0"]' in text
    assert text.startswith("%% t t · as of d\n")


def test_widths_know_wide_characters() -> None:
    assert text_width("金华", 10) == 20
    assert text_width("ab", 10) < 12
    assert wrapped("已在本市缴纳社会保险且正常参保缴费", 10 * SIZE, SIZE) == ("已在本市缴纳社会保险", "且正常参保缴费")
    assert wrapped("one two three", 7 * SMALL * 0.56, SMALL) == ("one two", "three")
    assert wrapped("甲" * 50, 100, 10, 2)[-1].endswith("…")
    assert not any(line.startswith(("，", "。", "）")) for line in wrapped("甲乙丙丁，戊己庚辛。（壬癸）", 52, 10))


def test_the_day_without_a_case() -> None:
    program = packs()["jinhua"].program
    assert last_change(program, "training_subsidy") == max(
        day for rule in program.rules for day in (rule.period.start, rule.period.end) if day is not None
    )
    assert isinstance(last_change(program, "training_subsidy"), date)


@pytest.mark.parametrize("decision", ["training_subsidy", "title_mapping"])
def test_groups_stand_after_their_members(decision: str) -> None:
    pack = packs()["jinhua"]
    graph = graph_of(pack.program, pack.vocabulary, decision, date(2025, 1, 1), {}, lang="zh")
    parts = {node.column for node in graph.nodes if node.part}
    assert len(parts) == 1
    assert graph.by_id[OUTCOME].column == parts.pop() + 1


def test_effects_are_told_in_words() -> None:
    pack = packs()["shanghai"]
    certificate = {"kind": "专业技术等级证书", "occupation": "人工智能工程技术人员", "level": "中级", "issued": date(2025, 4, 1)}
    facts = pack.Facts.model_validate(
        {
            "training": {"occupation": "人工智能工程技术人员", "level": "中级"},
            "certificates": [{**certificate, "programme_region": "310000"}],
        }
    )
    day = date(2025, 5, 5)
    found = pack.explain("title_mapping", facts, as_of=day)
    graph = graph_of(pack.program, pack.vocabulary, "title_mapping", day, {}, lang="zh", explained=found)
    texts = [text for node in graph.nodes for text in (node.title, node.detail)]
    assert "由评审委员会认定 · 工程师 · 职称评审委员会认定" in texts
    assert "落实方式" in texts
    assert not [text for text in texts if re.search("[a-z]+_[a-z]+|^act$", text)]
