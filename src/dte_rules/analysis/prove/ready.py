"""Checks properties against the packs: names, paths and expressions, all errors at once, each at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from dte_rules.analysis.prove.choices import choices_of
from dte_rules.analysis.prove.context import CaseType, case_type, flattened, reads
from dte_rules.analysis.prove.diagnostics import KeyMissesPoint, TooManyChoices
from dte_rules.analysis.prove.expressions import Feel
from dte_rules.analysis.prove.forms import History, grid_of, history_of
from dte_rules.analysis.prove.model import File, Question, Ready, Side
from dte_rules.analysis.prove.policy import Policies
from dte_rules.analysis.prove.schema import CaseForm, DaysForm, PropertyForm
from dte_rules.analysis.prove.sides import Asked, asked_of, sides_of
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, Type
from dte_rules.pack.diagnostics_law import UnknownSource
from dte_rules.pack.schema.texts import Bilingual
from dte_rules.program.nodes import Label, Program
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.document import Path
from dte_rules.source.suggest import nearest

MOST_BRANCHES = 32
"""The most choices for points left open that are tried."""
MOST_DECIDED = 500_000
"""The most combinations of a grid, or rows of claims, that are decided one by one."""


def ready(file: File, packs: Policies, places: Sequence[int] | None = None) -> tuple[Ready, ...]:
    """The properties of a file, or those at some places, checked.

    Raises:
        DiagnosticsError: with everything that is wrong.
    """
    found: list[Diagnostic] = []
    made: list[Ready] = []
    for place in range(len(file.ids)) if places is None else places:
        checker = _Property(file, packs, place, found)
        one = checker.made()
        made += [] if one is None else [one]
    if found:
        raise DiagnosticsError(sorted(dict.fromkeys(found), key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0)))
    return tuple(made)


class _Property:
    def __init__(self, file: File, packs: Policies, place: int, found: list[Diagnostic]) -> None:
        self.file, self.packs, self.found = file, packs, found
        self.form: PropertyForm = file.content.properties[place]
        self.at: Path = ("properties", place)
        self.feel = Feel(file, found)

    def made(self) -> Ready | None:
        """The property, or None where something is wrong with it."""
        before = len(self.found)
        self._check_keys()
        questions = tuple(self._histories() if self.form.history is not None else self._questions()) if len(self.found) == before else ()
        if questions:
            asked = [side.policy for question in questions for side in question.sides]
            asked += [question.claims.side.policy for question in questions if question.claims is not None]
            self._check_cites(policy.program for policy in asked)
        choices = choices_of(self.form, questions, self.file.document, self.at, self.found) if questions else ()
        if (count := prod(len(choice.values) for choice in choices)) > MOST_BRANCHES:
            self._wrong(TooManyChoices(span=self.file.document.key_span((*self.at, "open")), count=count, most=MOST_BRANCHES))
        if len(self.found) > before:
            return None
        form = self.form
        cites = (form.cite,) if isinstance(form.cite, str) else tuple(form.cite)
        span = self.file.document.span((*self.at, "id"))
        return Ready(form, span, _label(form.title), _label(form.because) if form.because else None, cites, questions, choices)

    # --- the keys -------------------------------------------------------------------------------------------------------

    def _check_keys(self) -> None:
        form = self.form
        if (form.history is not None) is bool(form.cases):
            self._misses("`cases` 和 `history` 须写其一", "it has one of `cases` and `history`", "id")
        taken: set[str] = set()
        for name in (*form.cases, *form.each, *form.unsaid, *(form.history.each if form.history is not None else ())):
            if name in taken:
                self._misses(f"名称 `{name}` 用了两次", f"the name `{name}` stands for two things", "id")
            taken.add(name)
        self._check_size()
        for name, case in form.cases.items():
            if form.each and case.as_of is None and name == next(iter(form.cases)):
                self._misses("逐个判定的情形须写明判定日", "a case that is decided one by one says its day", "cases", name)
            if form.each and isinstance(case.as_of, DaysForm):
                self._misses("逐个判定的情形只有一个判定日", "a case that is decided one by one has a single day", "cases", name)
            if form.each and (case.differs_in or case.rises_in or case.adds_to or case.knows_more):
                self._misses("逐个判定的情形不能留有不同之处", "a case that is decided one by one leaves nothing to differ", "cases", name)
            if case.knows_more and form.horizon.facts == "known":
                self._misses(
                    "已知更多的情形须在 `horizon` 中写明 `facts: may_be_unknown`",
                    "a case that knows more needs `facts: may_be_unknown` under `horizon`",
                    "cases",
                    name,
                )

    def _check_cites(self, asked: Iterable[Program]) -> None:
        """The documents that a property rests on are among the sources of the packs, most likely of those that it asks."""
        known = dict.fromkeys(source for program in asked for source in program.sources)
        places: list[tuple[Path, str | list[str]]] = [(("cite",), self.form.cite)]
        places += [(("unsaid", name, "cite"), point.cite) for name, point in self.form.unsaid.items()]
        for path, cites in places:
            for number, cite in enumerate([cites] if isinstance(cites, str) else cites):
                source = cite.split(" ", 1)[0]
                if source not in known:
                    known |= dict.fromkeys(source for policy in self.packs.values() for source in policy.program.sources)
                if source not in known:
                    place = (*self.at, *path) if isinstance(cites, str) else (*self.at, *path, number)
                    self._wrong(UnknownSource(span=self.file.document.span(place), source=source, nearest=nearest(source, tuple(known))))

    def _check_size(self) -> None:
        """A grid, or the rows of claims, must be few enough to decide every one."""
        form = self.form
        count = prod(len(values[0]) for values in grid_of(form.each).values())
        key = "each"
        if form.history is not None:
            options = prod(len(values) for values in form.history.each.values()) * len(form.history.days)
            # what only the states count for is far less; this is the bound for rows, which `reordered` and `paid` ask for
            told = f"{form.given} {form.then}"
            most = form.history.claims if "reordered" in told or "paid" in told or ".claims" in told else 1
            count, key = count * options**most, "history"
        if count > MOST_DECIDED:
            self._wrong(TooManyChoices(span=self.file.document.key_span((*self.at, key)), count=count, most=MOST_DECIDED))

    def _misses(self, zh: str, en: str, *path: str) -> None:
        self._wrong(KeyMissesPoint(span=self.file.document.key_span((*self.at, *path)), problem_zh=zh, problem_en=en))

    def _wrong(self, problem: Diagnostic) -> None:
        self.found.append(problem)

    # --- cases ----------------------------------------------------------------------------------------------------------

    def _questions(self) -> Iterator[Question]:
        """The property for each choice of packs and decisions; where a pack lacks the decision, that choice is passed over."""
        grid = grid_of(self.form.each)
        every: list[list[Asked]] = []
        forms: dict[str, CaseForm] = dict(self.form.cases)
        for name in forms:
            every.append(asked_of(forms, name, self.packs, self.file.document, (*self.at, "cases"), self.found))
        if any(not options for options in every):
            return
        for combination in product(*every):
            if not _agree(forms, dict(zip(forms, combination, strict=True))):
                continue
            asked = dict(zip(forms, combination, strict=True))
            types = {name: case_type(a.policy.program, a.decision, name) for name, a in asked.items()}
            given, then = self._expressions(types, {name: values[1] for name, values in grid.items()})
            if given is None or then is None:
                continue
            slots = {name: _slots(types[name], (given, then)) for name in forms}
            variables = {name: values[1] for name, values in grid.items()}
            sides = sides_of(forms, asked, slots, self.feel, variables, self.file.document, (*self.at, "cases"), self.found)
            self._check_unknowns(sides)
            yield Question(sides, given, then, {name: values[0] for name, values in grid.items()})

    def _check_unknowns(self, sides: Sequence[Side]) -> None:
        """The solver takes all facts as known unless the horizon says otherwise."""
        if self.form.each or self.form.horizon.facts != "known":
            return
        for side in sides:
            for path, expr in side.facts.items():
                if isinstance(expr, core.Const) and expr.value is None:
                    self._misses(
                        "给定为未知（null）的事实须在 `horizon` 中写明 `facts: may_be_unknown`",
                        "a fact that is given as unknown (null) needs `facts: may_be_unknown` under `horizon`",
                        "cases",
                        side.name,
                        "facts",
                        path,
                    )

    def _histories(self) -> Iterator[Question]:
        grid = grid_of(self.form.each)
        variables = {name: values[1] for name, values in grid.items()}
        made = history_of(self.form, self.packs, self.feel, variables, self.file.document, (*self.at, "history"), self.found)
        if made is None:
            return
        given, then = self._expressions({}, {"history": History.type, "reordered": History.type, **variables})
        if given is not None and then is not None:
            yield Question((), given, then, {name: values[0] for name, values in grid.items()}, made)

    def _expressions(self, cases: Mapping[str, CaseType], more: Mapping[str, Type]) -> tuple[core.Expr | None, core.Expr | None]:
        names: dict[str, Type] = {**{name: case.type for name, case in cases.items()}, **more}
        names |= dict.fromkeys(self.form.unsaid, BOOLEAN)
        given: core.Expr | None = core.Const(True, type=BOOLEAN)
        if self.form.given is not None:
            given = self.feel.expression((*self.at, "given"), names, BOOLEAN, null=True)
        then = self.feel.expression((*self.at, "then"), names, BOOLEAN, null=True)
        return given and flattened(given, cases), then and flattened(then, cases)


def _slots(case: CaseType, exprs: Sequence[core.Expr]) -> dict[str, str]:
    """The slots that expressions read of a case, each with the name by which they do."""
    names = {slot: dotted for dotted, slot in reversed(list(case.slots.items()))}
    found = {part.removeprefix("slot.") for expr in exprs for part in reads(expr, case.type.name) if part.startswith("slot.")}
    return {slot: names[slot] for slot in sorted(found)}


def _agree(forms: Mapping[str, CaseForm], asked: Mapping[str, Asked]) -> bool:
    """Whether cases that say no pack or decision of their own have those of the case that they are like."""
    for name, form in forms.items():
        like = asked[name].like
        if like is None:
            continue
        if form.region is None and asked[name].policy is not asked[like].policy:
            return False
        if form.decision is None and asked[name].decision != asked[like].decision:
            return False
    return True


def _label(text: Bilingual) -> Label:
    return Label(text.zh, text.en)
