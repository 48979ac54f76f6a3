"""The parts of a trace that go through lists, member by member."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import cast

from dte_rules.engine.emit import attribute
from dte_rules.engine.justification import Op
from dte_rules.engine.justify_forms import is_text
from dte_rules.engine.justify_kept import KeptWriter
from dte_rules.engine.justify_runtime import named
from dte_rules.engine.justify_steps import Piece, listed
from dte_rules.feel import core
from dte_rules.feel.operators import property_of
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record

MOST_MEMBERS = 100
"""Of how many members of a list the steps are kept; the value is always that of all."""


class ListWriter(KeptWriter):
    """Writes the loops of a trace."""

    def _tried(self, source: core.Expr) -> str:
        """The name under which outcomes are kept by member, for a list of texts; else nothing."""
        return self.bound("{}") if _is_of_texts(source) else ""

    @contextmanager
    def _members(self, listed: str, source: str, expr: core.Filter | core.Quantified | core.Map) -> Iterator[str]:
        """A loop over a list: the name of the member."""
        member, var = self.fresh("m"), expr.var
        self.members.add(member)
        if _is_of_texts(expr.source) and not self.hides(expr.source):
            self.texts.add(member)
        with self.loop(f"for {member} in {listed} if type({listed}) is tuple else _values({listed}):", var, member):
            parts = f"{member}.place, {member}.data"
            if source in self.of_records:
                self.located.add(member)
            else:
                parts = f"({parts}) if type({member}) is FactAt else (None, None)"
            if not _is_of_plain(expr.source):
                self.line(f"{member}p, {member}d = {parts}")
            yield member

    def _tested(self, source: core.Expr, expr: core.Expr, member: str, steps: str, tried: str) -> str:
        """Writes a condition on a member, and its step under ``member``; the name of the condition's value.

        ``tried`` holds, where there is any, the outcomes for the texts among the members: the same text comes again and again.
        """
        form = self.own(self.form("member", expr))
        asked = self.asked(expr)
        if asked and (member in self.located or member in self.texts):

            def write() -> tuple[str, str]:
                value, inner = self.step(expr)
                return value, self._member(form, source, expr, value, inner, member, steps)

            test, whole = self.keep(asked, write, member if member in self.texts else f"{member}p.path")
            self.line(f"{steps}.append({whole})")
            return test
        if tried:
            test, inner = self.fresh(), self.fresh("s")
            with self.branch(f"if {member} in {tried}:"):
                self.line(f"{test}, {inner} = {tried}[{member}]")
            with self.branch("else:"):
                value, step = self.step(expr)
                self.line(f"{test}, {inner} = {value}, {step}")
                self.line(f"if type({member}) is str: {tried}[{member}] = {test}, {inner}")
        else:
            test, inner = self.step(expr)
        self.line(f"{steps}.append({self._member(form, source, expr, test, inner, member, steps)})")
        return test

    def _member(self, form: str, source: core.Expr, expr: core.Expr, test: str, inner: str, member: str, steps: str) -> str:
        """Code for the step of a member of a list, which tells the step that tested it."""
        name = f"{member}p.path"
        if _is_of_plain(source):
            names = _names_of(source)
            name = f"{self.own(names)}[len({steps})]" if names else f"_named({member}, len({steps}))"
        elif member not in self.located:
            name = f"_named({member}, len({steps})) if {member}p is None else {name}"
        seen = self.seen(test) if self.hides(expr) else f"{test} if {test} is True or {test} is False else {inner}[1]"
        return f"_new(Step, ({form}, {seen}, (), ({inner},), None, None, {name}))"

    def _tests(self, expr: core.Filter | core.Quantified, value: str, source: str, steps: str) -> str:
        """Writes a condition on each member of a list; the name of the list of its values."""
        found, tried = self.bound("[]"), self._tried(expr.source)
        with self._members(value, source, expr) as member:
            self.line(f"{found}.append({self._tested(expr.source, expr.condition, member, steps, tried)})")
        self.line(f"if len({steps}) > {MOST_MEMBERS}: del {steps}[{MOST_MEMBERS}:]")
        return found

    def filter(self, expr: core.Filter) -> Piece:
        """The members of a list for which a condition holds."""
        source = self.trace(expr.source)
        value, steps = self.bound(f"{source.value} if {source.value} is not None else ()"), self.bound("[]")
        with self.branch(f"if type({value}) is not Unknown:"):
            self.line(f"if type({value}) is not tuple: {value} = _as_list({value})")
            found = self._tests(expr, value, source.value, steps)
            self.line(f"{value} = _kept({value}, {found})")
        form = self.own(self.form("filter", expr))
        step = self.bound(self.made(form, self.as_other(value, source.value), Piece("", source.facts, (*source.steps, f"*{steps}"))))
        return Piece(self.like(value, source.value), (), (step,))

    def quantified(self, expr: core.Quantified) -> Piece:
        """Whether some, or every, member of a list satisfies a condition."""
        neutral = expr.kind == "every"
        source = self.trace(expr.source)
        value, steps = self.bound(source.value), self.bound("[]")
        with self.branch(f"if {value} is not None and type({value}) is not Unknown:"):
            found = self._tests(expr, value, source.value, steps)
            self.line(f"if type({value}) is not tuple: {found} = _counted({value}, {found}, {neutral})")
            self.line(f"{value} = {'_both' if neutral else '_some'}({found})")
        form = self.own(self.form(cast(Op, expr.kind), expr))
        step = self.bound(self.made(form, self.seen(value), Piece("", source.facts, (*source.steps, f"*{steps}"))))
        return Piece(value, (), (step,))

    def mapped(self, expr: core.Map, *, valued: bool = True) -> Piece:
        """What an expression gives for each member; the value only if it is wanted."""
        source = self.trace(expr.source)
        day = _day_of(expr)
        if day and not valued and source.value in self.of_records:  # the days are noted already
            text, member = self.constant(day), self.fresh("m")
            found = self.bound(f"type({source.value}) is tuple and [{member}.place.names[{text}][0] for {member} in {source.value}]")
            facts = self.bound(f"tuple({found}) if {found} is not False else _days({source.value}, {text})")
            return Piece("None", (*source.facts, f"*{facts}"), source.steps)
        value, facts, steps = self.bound(source.value), self.bound("[]"), self.bound("[]")
        with self.branch(f"if {value} is not None and type({value}) is not Unknown:"):
            made = self.bound("[]") if valued else ""
            with self._members(value, source.value, expr):
                body = self.trace(expr.body)
                if body.facts:
                    self.line(f"{facts}.extend({self.facts_of(body)})")
                if body.steps:
                    self.line(f"{steps}.extend({listed(body.steps)})")
                if valued:
                    self.line(f"{made}.append({body.value})")
            if valued:
                self.line(f"{value} = tuple({made}) if type({value}) is tuple else _instead({value}, {made})")
        left = (f"*{steps}",) if body.steps else ()
        return Piece(value, (*source.facts, f"*{self.bound(f'tuple({facts})')}"), source.steps + left)

    def indexed(self, expr: core.Index) -> Piece:
        """The n-th member."""
        source, place = self.trace(expr.source), self.trace(expr.index)
        members = self.bound(source.value)
        code = f"_index_of({members}, {place.value})"
        number = expr.index.value if isinstance(expr.index, core.Const) else None
        if expr.index.type == NUMBER and number is not None and 0 < number < 10**6 and number == int(number):
            code = f"{members}[{int(number) - 1}] if type({members}) is tuple and len({members}) >= {int(number)} else {code}"
        return Piece(self.bound(code), source.facts + place.facts, source.steps + place.steps)

    def happened(self, expr: core.Call) -> Piece:
        """The events of a list that have happened by the day."""
        source, dated_by = self.trace(expr.arguments[0]), expr.arguments[1]
        name = self.constant(str(dated_by.value) if isinstance(dated_by, core.Const) else "")
        code = f"_happened({source.value}, {name}, as_of, {self.own(self.calendar)})"
        if isinstance(dated_by, core.Const) and self.may_be_hidden(str(dated_by.value)):
            code = f"_function({self.constant('happened')}, [{source.value}, {name}, as_of], {self.own(self.calendar)})"
        value = self.bound(code)
        self.show(value, f"({self.as_other(value, source.value)})")
        return Piece(self.like(value, source.value), source.facts, source.steps)

    def field_of(self, expr: core.Field) -> Piece:
        """A field of a record, or a part of a date or a duration."""
        base = self.trace(expr.base)
        owner, name, kind = base.value, expr.name, expr.base.type
        value, text = self.fresh(), self.constant(name)
        if isinstance(kind, Record) and not self.may_be_hidden(name) and _is_scalar(kind, name):
            facts, path = self.fresh(), self.fresh()
            place, data = self.fresh(), self.fresh()
            if owner in self.members:  # its loop has taken it apart
                place, data = f"{owner}p", f"{owner}d"
            else:
                self.line(f"{place}, {data} = ({owner}.place, {owner}.data) if type({owner}) is FactAt else (None, None)")
            with self.block(f"if {data} is not None:"):
                self.line(f"{path}, {facts} = {place}.names[{text}]")
                self.line(f"{value} = {attribute(data, name, text)}")
                self.line(f"if {value} is None: {value}, read[{path}] = {place}.not_given[{path}]")
                self.line(f"else: read[{path}] = {value}")
            self.show(value, f"(read[{path}] if {data} is not None else _shown({value}))")
            with self.block("else:"):
                self.line(f"{value}, {facts} = _field_at({owner}, {text})")
            return Piece(value, (*base.facts, f"*{facts}"), base.steps)
        if kind == DATE and name in ("year", "month", "day"):
            if isinstance(expr.base, core.Const) and type(expr.base.value) is date:
                return Piece(self.own(property_of(expr.base.value, name)))
            if owner == "as_of":
                return Piece(self.of_day(name))
            self.line(f"{value} = Decimal({owner}.{name}) if type({owner}) is date else _field_of({owner}, {text})")
            return Piece(value, base.facts, base.steps)
        facts = self.fresh()
        self.line(f"{value}, {facts} = _field_at({owner}, {text})")
        return Piece(value, (*base.facts, f"*{facts}"), base.steps)


def _day_of(expr: core.Map) -> str:
    """Which field the days are, if it is those of events that have happened that are wanted; else nothing."""
    match expr.source, expr.body:
        case core.Call("happened", (_, core.Const(dated_by), _)), core.Field(core.Var(member), field):
            return field if member == expr.var and field == dated_by else ""
        case _:
            return ""


def _is_of_texts(source: core.Expr) -> bool:
    return isinstance(source.type, ListOf) and is_text(source.type)


def _is_of_plain(source: core.Expr) -> bool:
    """Whether the members of a list are texts, numbers and the like."""
    element = source.type.element if isinstance(source.type, ListOf) else None
    return isinstance(element, Enum) or element in (NUMBER, STRING, BOOLEAN, DATE)


def _names_of(source: core.Expr) -> tuple[str, ...]:
    """What the members of a list are called if they are constants."""
    items = source.items if isinstance(source, core.MakeList) else ()
    known = [item.value for item in items if isinstance(item, core.Const)]
    return tuple(named(value, number) for number, value in enumerate(known)) if len(known) == len(items) else ()


def _is_scalar(record: Record, name: str) -> bool:
    type_ = record.fields.get(name)
    return isinstance(type_, Enum) or type_ in (NUMBER, STRING, BOOLEAN, DATE)
