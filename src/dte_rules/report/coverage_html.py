"""A pack line by line, with what the cases reach of each line: one page without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from dte_rules.analysis.coverage import Coverage
from dte_rules.report.coverage_text import lacking, share_text
from dte_rules.source.diagnostic import Lang

_STYLE = """body{font:14px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:2em auto;max-width:78em;padding:0 1em}
body{color:#1b1f24;background:#fff}
table.lines{border-collapse:collapse;width:100%;font:13px/1.45 ui-monospace,monospace}
.lines td{padding:0 .6em;vertical-align:top;white-space:pre-wrap}
.n{color:#6e7781;text-align:right;white-space:nowrap}
.full .t{background:#e6f4ea}.part .t{background:#fff4d6}.none .t{background:#fde7e9}
.m{font:12px/1.5 system-ui,sans-serif;color:#57606a;width:30%}
table.shares{border-collapse:collapse;margin:1em 0}
.shares td,.shares th{padding:.15em .8em;border-bottom:1px solid #d8dee4;text-align:right}
.shares td:first-child,.shares th:first-child{text-align:left}
@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}
.full .t{background:#12361f}.part .t{background:#3d2e00}.none .t{background:#4a1518}}
"""


@dataclass
class _Line:
    """What is known of a line: how many things stand on it, how many of them are reached, and notes."""

    of: int = 0
    hit: int = 0
    notes: dict[str, None] = field(default_factory=dict)

    def add(self, hit: int, of: int, notes: Iterable[str] = ()) -> None:
        """Count things that stand on the line."""
        self.hit += hit
        self.of += of
        self.notes.update(dict.fromkeys(notes))

    @property
    def kind(self) -> str:
        """The class of the line."""
        return "" if not self.of else "full" if self.hit == self.of else "part" if self.hit else "none"


def coverage_html(coverages: Iterable[Coverage], texts: Mapping[str, str], lang: Lang) -> str:
    """The page. ``texts`` are the texts of the files, by the names under which spans know them."""
    zh = lang == "zh"
    several = list(coverages)
    title = "案例覆盖情况" if zh else "What the cases reach"
    body = [f"<h1>{title}</h1>"]
    for coverage in several:
        body += [f"<h2>{escape(coverage.program.title.text(lang))}</h2>", _shares(coverage, lang)]
    lines: dict[str, dict[int, _Line]] = {}
    for coverage in several:
        _count(coverage, lines, lang)
    for file, text in texts.items():
        if file in lines:
            body += [f"<h2>{escape(file)}</h2>", _listing(text, lines[file])]
    language = "zh-CN" if zh else "en"
    head = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
    return head + "<body>" + "\n".join(body) + "</body></html>\n"


def _shares(coverage: Coverage, lang: Lang) -> str:
    names = (
        ("条款", "规则", "表行", "真假", "未知", "独立影响")
        if lang == "zh"
        else ("Clause", "Rules", "Rows", "True/false", "Unknown", "Independent")
    )
    total = "合计" if lang == "zh" else "Total"
    rows = [*coverage.by_clause.items(), (total, coverage.total)]
    found = ["<table class=shares><tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"]
    for clause, shares in rows:
        cells = (shares.rules, shares.rows, shares.branches, shares.unknown, shares.independent)
        found.append(f"<tr><td>{escape(clause)}</td>" + "".join(f"<td>{share_text(share)}</td>" for share in cells) + "</tr>")
    return "".join(found) + "</table>"


def _count(coverage: Coverage, lines: dict[str, dict[int, _Line]], lang: Lang) -> None:
    zh = lang == "zh"

    def line(file: str, number: int) -> _Line:
        return lines.setdefault(file, {}).setdefault(number, _Line())

    for cover in coverage.rules:
        span = cover.rule.span
        if span is not None:
            notes = [] if cover.reached else ["没有案例用到此规则" if zh else "no case reaches this rule"]
            line(span.file, span.line).add(int(cover.reached is not None), 1, notes)
        for place, row in enumerate(getattr(cover.rule.body, "rows", ())):
            if row.span is not None:
                case = cover.rows.get(place)
                note = (f"案例 {case}" if zh else f"case {case}") if case else ("没有案例命中此行" if zh else "no case matches this row")
                line(row.span.file, row.span.line).add(int(case is not None), 1, [note])
        for condition in cover.conditions:
            for atom in condition.atoms:
                if atom.span is None:
                    continue
                hit = sum(truth in atom.seen for truth in (True, False)) + (atom.independent is not None)
                told = lacking(condition, atom, lang)
                notes = [f"{atom.text}{'：' if zh else ': '}{told}"] if told else []
                line(atom.span.file, atom.span.line).add(hit, 3, notes)


def _listing(text: str, known: Mapping[int, _Line]) -> str:
    found = ["<table class=lines>"]
    for number, content in enumerate(text.splitlines(), 1):
        line = known.get(number, _Line())
        notes = "<br>".join(escape(note) for note in line.notes)
        found.append(f"<tr class='{line.kind}'><td class=n>{number}</td><td class=t>{escape(content)}</td><td class=m>{notes}</td></tr>")
    return "\n".join(found) + "</table>"
