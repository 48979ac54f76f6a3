"""The parts of a trace that go through lists, member by member."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from dte_rules.engine.emit import attribute
from dte_rules.engine.justification import Op
from dte_rules.engine.justify_emit import Piece, TraceWriter, listed
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record

MOST_MEMBERS = 100
"""Of how many members of a list the steps are kept; the value is always that of all."""


class ListWriter(TraceWriter):
    """Writes the loops of a trace."""

    def _tried(self, source: core.Expr) -> str:
        """The name under which outcomes are kept by member, for a list of texts; else nothing."""
        element = source.type.element if isinstance(source.type, ListOf) else None
        return self.bound("{}") if element == STRING or isinstance(element, Enum) else ""

    @contextmanager
    def _members(self, listed: str, source: str, var: str) -> Iterator[str]:
        """A loop over a list: the name of the member."""
        member = self.fresh("m")
        self.members.add(member)
        with self.loop(f"for {member} in {listed} if type({listed}) is tuple else _values({listed}):", var, member):
            parts = f"{member}.place, {member}.data"
            if source not in self.of_records:
                parts = f"({parts}) if type({member}) is FactAt else (None, None)"
            self.line(f"{member}p, {member}d = {parts}")
            yield member

    def _tested(self, expr: core.Expr, member: str, steps: str, tried: str) -> str:
        """Writes a condition on a member, and its step under ``member``; the name of the condition's value.

        ``tried`` holds, where there is any, the outcomes for the texts among the members: the same text comes again and again.
        """
        form = self.own(self.form("member", expr))
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
        name = f"_named({member}, len({steps})) if {member}p is None else {member}p.path"
        self.line(f"{steps}.append(_new(Step, ({form}, {self.seen(test)}, (), ({inner},), None, None, {name})))")
        return test

    def _tests(self, expr: core.Filter | core.Quantified, value: str, source: str, steps: str) -> str:
        """Writes a condition on each member of a list; the name of the list of its values."""
        found, tried = self.bound("[]"), self._tried(expr.source)
        with self._members(value, source, expr.var) as member:
            self.line(f"{found}.append({self._tested(expr.condition, member, steps, tried)})")
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
        step = self.bound(self.made(form, f"_shown({value})", Piece("", source.facts, (*source.steps, f"*{steps}"))))
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

    def mapped(self, expr: core.Map) -> Piece:
        """What an expression gives for each member."""
        source = self.trace(expr.source)
        value, facts, steps = self.bound(source.value), self.bound("[]"), self.bound("[]")
        with self.branch(f"if {value} is not None and type({value}) is not Unknown:"):
            made = self.bound("[]")
            with self._members(value, source.value, expr.var):
                body = self.trace(expr.body)
                if body.facts:
                    self.line(f"{facts}.extend({self.facts_of(body)})")
                if body.steps:
                    self.line(f"{steps}.extend({listed(body.steps)})")
                self.line(f"{made}.append({body.value})")
            self.line(f"{value} = tuple({made}) if type({value}) is tuple else _instead({value}, {made})")
        return Piece(value, (*source.facts, f"*{self.bound(f'tuple({facts})')}"), (*source.steps, f"*{steps}"))

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
        value = self.bound(f"_happened({source.value}, {name}, as_of, {self.own(self.calendar)})")
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
            with self.block("else:"):
                self.line(f"{value}, {facts} = _field_at({owner}, {text})")
            return Piece(value, (*base.facts, f"*{facts}"), base.steps)
        if kind == DATE and name in ("year", "month", "day"):
            self.line(f"{value} = Decimal({owner}.{name}) if type({owner}) is date else _field_of({owner}, {text})")
            return Piece(value, base.facts, base.steps)
        facts = self.fresh()
        self.line(f"{value}, {facts} = _field_at({owner}, {text})")
        return Piece(value, (*base.facts, f"*{facts}"), base.steps)


def _is_scalar(record: Record, name: str) -> bool:
    type_ = record.fields.get(name)
    return isinstance(type_, Enum) or type_ in (NUMBER, STRING, BOOLEAN, DATE)
