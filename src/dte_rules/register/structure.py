"""Finds the clauses of a notice in its text: 一、 and （一） and 1., annexes and notes, whatever breaks the pages and lines have."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from dte_rules.pack.locators import normal_locator
from dte_rules.register.numerals import whole_number
from dte_rules.register.text import Line, lines_of

TITLE, ADDRESSEE, PREAMBLE, NOTE, ANNEX = "标题", "主送", "序", "注", "附件"
_CHINESE = "[一二三四五六七八九十百]+"
_HEADINGS = (
    re.compile(rf"^({_CHINESE})、\s*(.*)$"),
    re.compile(rf"^\(({_CHINESE})\)\s*(.*)$"),
    re.compile(r"^(\d{1,2})[.、]\s*(?!\d)(.*)$"),
)
_ANNEX = re.compile(rf"^附件\s*(\d{{0,2}}|{_CHINESE})\s*$")
_NOTE = re.compile(r"^\(?(?:备注|注|说明):\s*(.*)$")
_CLOSING = re.compile(
    r"^附件?:|^联系人|^抄送|^\(此件|^\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$|^[^\s,。;:]{4,30}(局|厅|委员会|办公室|政府)$"
)
_LONGEST_TITLE = 45


@dataclass(slots=True)
class TextClause:
    """A clause as it stands in a text.

    ``text`` is its own, without the clauses within it; ``after`` is what follows it and may belong to the clause around it.
    ``depth`` is 1 for 一、, 2 for （一）, 3 for 1. and for the notes of an annex; 0 for what has no number.
    """

    locator: str
    depth: int
    line: int
    parent: str | None = None
    title: str = ""
    text: str = ""
    after: str = ""
    children: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether it has a text of its own that is more than the words which lead to the clauses within it."""
        rest = [part for part in self.text.split("\n") if part.strip()]
        return any(not part.rstrip().endswith(":") for part in rest) if self.children else True


def clauses_of(text: str, first_line: int = 1) -> Mapping[str, TextClause]:
    """The clauses of a notice by their locators, in the order of the text."""
    return _Finder().run(lines_of(text, first_line))


def whole_text(clauses: Mapping[str, TextClause], locator: str) -> str:
    """The text of a clause with all clauses within it, and what follows it."""
    return "\n".join(_parts(clauses, locator)) + "\n" + clauses[locator].after


def unlisted(clauses: Mapping[str, TextClause], listed: Container[str]) -> Iterator[TextClause]:
    """The clauses of a text that a register should list and does not.

    Articles (一、) and paragraphs (（一）) are clauses by themselves, and so are annexes, unless they say nothing but what the
    clauses within them are about. Items (1.) and the notes of an annex go with what is around them, until one of them is listed.
    """
    for clause in clauses.values():
        around = clauses.get(clause.parent or "")
        if clause.locator == TITLE or clause.locator in listed:
            continue
        if clause.depth == 3 and around is not None:
            if any(child in listed for child in around.children if clauses[child].depth == 3):
                yield clause
        elif clause.says_something or not any(child in listed or clauses[child].depth < 3 for child in clause.children):
            yield clause


def _parts(clauses: Mapping[str, TextClause], locator: str) -> Iterator[str]:
    clause = clauses[locator]
    yield f"{clause.title}\n{clause.text}"
    for child in clause.children:
        yield from _parts(clauses, child)


class _Finder:
    """The state of reading one text from top to bottom."""

    def __init__(self) -> None:
        self.found: dict[str, TextClause] = {}
        self.open: list[TextClause] = []
        """The clauses around the line, outermost first; the annex, if any, comes before them."""
        self.last: Line | None = None
        self.closed = False
        self.tail_of: TextClause | None = None
        self.spaced = False

    def run(self, lines: list[Line]) -> Mapping[str, TextClause]:
        """Read all lines."""
        # where blank lines part the paragraphs, a line without one goes on with its paragraph, though a sentence ends before it
        self.spaced = 4 * sum(line.apart for line in lines) > len(lines)
        first = next((i for i, line in enumerate(lines) if self._level(line) is not None), len(lines))
        self._head(lines[:first])
        for line in lines[first:]:
            # a number by itself is a page's, unless it stands in the table of an annex
            if not (line.plain.isdecimal() and len(line.plain) <= 3) or self._annex():
                self._take(line)
                self.last = line
        return self.found

    def _head(self, lines: list[Line]) -> None:
        """The title, whom the notice is addressed to, and what comes before its first article."""
        at = next((i for i, line in enumerate(lines) if line.text.endswith(":") and "。" not in line.text), None)
        start = next((i for i, line in enumerate(lines) if "。" in line.text), len(lines)) if at is None else at
        for locator, part in ((TITLE, lines[:start]), (ADDRESSEE, lines[at : at + 1] if at is not None else [])):
            self._whole(locator, part)
        self._whole(PREAMBLE, lines[start if at is None else at + 1 :])

    def _whole(self, locator: str, lines: list[Line]) -> None:
        if lines:
            text = "\n".join(line.text for line in lines)
            self.found[locator] = TextClause(locator, 0, lines[0].number, text=text)

    def _take(self, line: Line) -> None:
        if (annex := _ANNEX.match(line.text)) and not self._broken_off():
            self._enter(0, normal_locator(f"{ANNEX}{annex[1]}"), line, "")
        elif (note := _NOTE.match(line.text)) and not self._broken_off() and not self._in_note():
            self._note(line, note[1])
        elif (level := self._level(line)) is not None and not self.closed:
            match = _HEADINGS[level - 1].match(line.text)
            self._enter(level, match[1], line, match[2]) if match else None
        elif self._closes(line):
            self.closed = True
        elif not self.closed:
            self._continue(line)

    def _level(self, line: Line) -> int | None:
        """How deep a heading the line is; None for none, and for words in the midst of a sentence that only look like one."""
        for level, pattern in enumerate(_HEADINGS, start=1):
            match = pattern.match(line.text)
            if not match:
                continue
            around = self._around(level)
            if level > 1 and (around is None or self._in_note()):
                return None
            number = whole_number(match[1])
            before = self._before(level)
            if not self._broken_off() or number == before + 1 or (number == 1 and before == 0):
                return level
        return None

    def _annex(self) -> TextClause | None:
        """The annex around the line."""
        return next((clause for clause in self.open if clause.locator.startswith(ANNEX)), None)

    def _in_note(self) -> bool:
        """Whether the line stands in a note, whose points are no clauses."""
        return bool(self.open) and self.open[-1].locator.endswith(NOTE)

    def _around(self, level: int) -> TextClause | None:
        """The clause within which a heading of a level would stand; items may stand in an article without paragraphs."""
        around = [clause for clause in self.open if clause.depth < level]
        return around[-1] if around else None

    def _before(self, level: int) -> int:
        """The number of the last clause of a level within the same clause; 0 where there is none."""
        around = self._around(level)
        siblings = around.children if around else [c.locator for c in self.found.values() if c.parent is None]
        last = next((name for name in reversed(siblings) if self.found[name].depth == level), None)
        return 0 if last is None else whole_number(last.removeprefix(around.locator if around else "").strip("（）"))

    def _broken_off(self) -> bool:
        """Whether the line before stops in the midst of a sentence."""
        if self.last is None or self.closed or not self.open or self._in_note():
            return False
        here = self.open[-1]
        return bool(here.text) and here.depth > 0 and not self.last.ends

    def _enter(self, level: int, number: str, line: Line, rest: str) -> None:
        self.open = [clause for clause in self.open if clause.depth < level]
        parent = self.open[-1] if self.open else None
        name = number if level != 2 else f"（{number}）"
        locator = f"{parent.locator}{name}" if parent else name
        clause = TextClause(locator, level, line.number, parent.locator if parent else None)
        if level == 1 and len(rest) <= _LONGEST_TITLE and "。" not in rest:
            clause.title = rest
        else:
            clause.text = rest
        self.found.setdefault(locator, clause)
        if parent is not None and locator not in parent.children:
            parent.children.append(locator)
        self.open.append(self.found[locator])
        self.closed, self.tail_of = False, None

    def _note(self, line: Line, rest: str) -> None:
        """A note stands by itself at the end of a notice, or within an annex."""
        annex = self._annex()
        locator = f"{annex.locator}{NOTE}" if annex else NOTE
        clause = TextClause(locator, 3 if annex else 0, line.number, annex.locator if annex else None, text=rest)
        self.found.setdefault(locator, clause)
        if annex is not None and locator not in annex.children:
            annex.children.append(locator)
        self.open = [annex, self.found[locator]] if annex else [self.found[locator]]
        self.closed, self.tail_of = False, None

    def _closes(self, line: Line) -> bool:
        """Whether the line belongs to the signature, or lists the annexes."""
        return self._annex() is None and not self._broken_off() and bool(_CLOSING.match(line.text))

    def _continue(self, line: Line) -> None:
        if not self.open:
            return
        here = self.open[-1]
        if self._broken_off() or (self.spaced and not line.apart and here.text and here.depth):
            here.text += line.text
            if self.tail_of is not None:
                self.tail_of.after += line.text
            return
        article = next((clause for clause in self.open if clause.depth == 1), None)
        if here.depth > 1 and article is not None and not self._in_note():
            # a new paragraph after （二） is the article's, though it may be the second of （二）
            here.after, self.tail_of = line.text, here
            self.open = [clause for clause in self.open if clause.depth <= 1]
            here = article
        here.text = f"{here.text}\n{line.text}" if here.text else line.text
