"""The facts of a session: assertions that are put in, changed and taken back, and the model instance that they make together.

Each assertion has a handle. Of several for one path the last holds, and when it is taken back, the one before. Members of a
list are in the order of their events' dates, then of their content, so that it is no matter in which order they were put in.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from dte_rules.feel.types import ListOf, Record
from dte_rules.source.suggest import nearest
from dte_rules.vocabulary import Vocabulary

Kind = Literal["value", "member"]
UNKNOWN_DAY = "9999-12-31"
NUMBER = "$number"
"""The key of a number in JSON that a float would not keep."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A value said of a path, or a member said to be in the list at a path. ``value`` is plain data, as JSON has it."""

    handle: str
    kind: Kind
    path: str
    value: Any


class FactStore:
    """Assertions by their handles. ``closed`` is the instance that they make, with what it implies."""

    def __init__(self, vocabulary: Vocabulary, assertions: Mapping[str, Assertion] | None = None, last: int = 0) -> None:
        self.vocabulary = vocabulary
        self.assertions: dict[str, Assertion] = dict(assertions or {})
        self.last = last
        self.facts, self.closed = self._made(self.assertions)

    @property
    def state(self) -> tuple[Any, ...]:
        """All of it, to be set again."""
        return self.assertions, self.facts, self.closed, self.last

    @state.setter
    def state(self, kept: tuple[Any, ...]) -> None:
        self.assertions, self.facts, self.closed, self.last = kept

    def put(self, path: str, member: Any) -> Assertion:
        """Puts a member into the list at a path. Raises KeyError for no such list, ValidationError for no such member."""
        if not isinstance(self._type(path), ListOf):
            raise KeyError(f"{path} is no list; say `set`")
        return self._add("member", path, member)

    def set(self, path: str, value: Any) -> Assertion:
        """Says a value of a path; None that it is not known. Raises KeyError for no such path, ValidationError for no such value."""
        self._type(path)
        return self._add("value", path, value)

    def change(self, handle: str, value: Any) -> Assertion:
        """Says another value in the place of an assertion."""
        before = self._at(handle)
        made = Assertion(handle, before.kind, before.path, plain(value))
        self._adopt({**self.assertions, handle: made})
        return made

    def retract(self, handle: str) -> Assertion:
        """Takes an assertion back."""
        before = self._at(handle)
        self._adopt({h: a for h, a in self.assertions.items() if h != handle})
        return before

    def take_apart(self, facts: BaseModel) -> None:
        """Puts in all that an instance says, each known value and each member as an assertion of its own."""
        wanted = dict(self.assertions)
        for kind, path, value in _parts(plain(facts), self.vocabulary.root, ""):
            self.last += 1
            handle = f"f{self.last}"
            wanted[handle] = Assertion(handle, kind, path, value)
        self._adopt(wanted)

    def _add(self, kind: Kind, path: str, value: Any) -> Assertion:
        handle = f"f{self.last + 1}"
        made = Assertion(handle, kind, path, plain(value))
        self._adopt({**self.assertions, handle: made})
        self.last += 1
        return made

    def _adopt(self, assertions: dict[str, Assertion]) -> None:
        """Goes over to other assertions; where they make no facts, nothing changes."""
        self.facts, self.closed = self._made(assertions)
        self.assertions = assertions

    def _made(self, assertions: Mapping[str, Assertion]) -> tuple[BaseModel, BaseModel]:
        data: dict[str, Any] = {}
        members: dict[str, list[Any]] = {}
        for assertion in assertions.values():
            if assertion.kind == "member":
                members.setdefault(assertion.path, []).append(assertion.value)
            else:
                _place(data, assertion.path.split("."), assertion.value)
        for path, found in members.items():
            said = _look(data, path.split("."))
            _place(data, path.split("."), [*(said or []), *found])
        facts = self.vocabulary.model.model_validate(_ordered(data, self.vocabulary.root, self.vocabulary.events))
        return facts, self.vocabulary.closed(facts)

    def _at(self, handle: str) -> Assertion:
        if handle not in self.assertions:
            raise KeyError(f"no assertion has the handle {handle!r}; it may have been taken back")
        return self.assertions[handle]

    def _type(self, path: str) -> Any:
        found = self.vocabulary.types.get(path)
        outer = path.rpartition(".")[0]
        while found is not None and outer:
            if isinstance(self.vocabulary.types[outer], ListOf):
                raise KeyError(f"{path} lies within the list {outer}; put or change its members")
            outer = outer.rpartition(".")[0]
        if found is None:
            near = nearest(path, self.vocabulary.paths)
            raise KeyError(f"there is no fact {path!r}" + (f"; did you mean {near!r}?" if near else ""))
        return found


def value_at(facts: Any, path: tuple[str, ...]) -> Any:
    """The value at a path that leads through no list."""
    for name in path:
        if facts is None:
            return None
        facts = getattr(facts, name)
    return facts


def plain(value: Any) -> Any:
    """A value as data: what JSON has, numbers as Decimals, and unknown fields left out."""
    match value:
        case BaseModel():
            return {name: plain(part) for name in type(value).model_fields if (part := getattr(value, name)) is not None}
        case Mapping():
            return {str(name): plain(part) for name, part in value.items() if part is not None}
        case list() | tuple():
            return [plain(item) for item in value]
        case bool() | None | str() | Decimal():
            return value
        case int():
            return Decimal(value)
        case float():
            return Decimal(repr(value))
        case datetime.datetime():
            raise TypeError("a fact is dated by a day")
        case datetime.date():
            return value.isoformat()
        case _:
            raise TypeError(f"a value of type {type(value).__name__} is no fact")


def to_json(value: Any) -> Any:
    """Data as Python's ``json`` writes it, without losing a digit."""
    match value:
        case dict():
            return {name: to_json(part) for name, part in value.items()}
        case list():
            return [to_json(item) for item in value]
        case Decimal() if value == value.to_integral_value() and abs(value) < 2**53:
            return int(value)
        case Decimal():
            return {NUMBER: str(value)}
        case _:
            return value


def from_json(value: Any) -> Any:
    """What `to_json` was given."""
    match value:
        case dict() if value.keys() == {NUMBER}:
            return Decimal(value[NUMBER])
        case dict():
            return {name: from_json(part) for name, part in value.items()}
        case list():
            return [from_json(item) for item in value]
        case bool():
            return value
        case int():
            return Decimal(value)
        case _:
            return value


def _parts(value: Any, type_: Any, path: str) -> Iterator[tuple[Kind, str, Any]]:
    if isinstance(type_, Record):
        for name, part in value.items():
            yield from _parts(part, type_.fields[name], f"{path}.{name}" if path else name)
    elif isinstance(type_, ListOf) and isinstance(type_.element, Record):
        yield "value", path, []
        for member in value:
            yield "member", path, member
    else:
        yield "value", path, value


def _place(data: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        inner = data.get(name)
        data[name] = data = dict(inner) if isinstance(inner, dict) else {}
    data[path[-1]] = value


def _look(data: Any, path: list[str]) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _ordered(value: Any, type_: Any, events: Mapping[str, str]) -> Any:
    """The data with the members of each list of records in their order."""
    if isinstance(type_, Record) and isinstance(value, dict):
        return {name: _ordered(part, type_.fields.get(name), events) for name, part in value.items()}
    if isinstance(type_, ListOf) and isinstance(type_.element, Record) and isinstance(value, list):
        dated = events.get(type_.element.name, "")
        members = [_ordered(item, type_.element, events) for item in value]
        return sorted(members, key=lambda m: (_day(m, dated), json.dumps(to_json(m), sort_keys=True, ensure_ascii=False)))
    return value


def _day(member: Any, dated: str) -> str:
    day = member.get(dated) if isinstance(member, dict) else None
    return day if isinstance(day, str) else UNKNOWN_DAY
