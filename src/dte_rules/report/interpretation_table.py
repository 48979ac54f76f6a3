"""The interpretations of a pack for people: the question, the readings, and what hangs on them."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dte_rules.program.nodes import Program
from dte_rules.register.hanging import Hanging
from dte_rules.report.phrases import listing
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import visible

_ID = 20


def interpretation_table(program: Program, hanging: Sequence[Hanging], lang: Lang) -> RenderableType:
    """The pack's name, a row for each interpretation, and how many of them an agency should be asked about."""
    zh = lang == "zh"
    head = Text(visible(program.title.text(lang) or program.name), style="bold").append(f"  {program.name}", style="dim")
    if not hanging:
        return Group(head, Text("没有解释口径" if zh else "no interpretations", style="dim"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold", show_lines=False)
    table.add_column("解释口径" if zh else "Interpretation", width=_ID, overflow="fold")
    table.add_column("问题和读法（* 为默认）" if zh else "Question and readings (* the default)", ratio=5, overflow="fold")
    table.add_column("取决于它" if zh else "What hangs on it", ratio=4, overflow="fold")
    for each in hanging:
        table.add_row(_name(each, lang), _question(each, program, lang), _effects(each, lang), end_section=True)
    asked = sum(each.interpretation.clarify for each in hanging)
    foot = f"共 {len(hanging)} 项，{asked} 项应请主管部门明确" if zh else f"{len(hanging)} in all, {asked} to be put to an agency"
    return Group(head, table, Text(foot, style="dim"))


def _name(hanging: Hanging, lang: Lang) -> Text:
    interpretation = hanging.interpretation
    text = Text(visible(interpretation.id))
    if interpretation.clarify:
        text.append("\n应请明确" if lang == "zh" else "\nask the agency", style="yellow")
    return text


def _question(hanging: Hanging, program: Program, lang: Lang) -> Text:
    interpretation = hanging.interpretation
    text = Text(visible(interpretation.question.text(lang)))
    for reading in interpretation.readings:
        default = reading.id == interpretation.default
        words = f"\n{'*' if default else '-'} {reading.id}: {visible(reading.label.text(lang))}"
        text.append(words, style="bold" if default else "none")
    clauses = [f"{_source(program, cite.source)} {cite.locator}" for cite in interpretation.cites]
    return text.append(f"\n{listing(clauses, lang)}", style="dim")


def _effects(hanging: Hanging, lang: Lang) -> Text:
    zh = lang == "zh"
    if not hanging.rules:
        return Text("没有规则" if zh else "no rule", style="dim")
    colon = "：" if zh else ": "
    text = Text(("判定" if zh else "decisions") + colon, style="dim").append(", ".join(hanging.decisions), style="none")
    return text.append(("\n规则" if zh else "\nrules") + colon, style="dim").append(", ".join(hanging.rules), style="none")


def _source(program: Program, id_: str) -> str:
    source = program.sources.get(id_)
    return source.number if source and source.number else id_
