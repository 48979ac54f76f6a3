"""The facts of a session: assertions that are put in, changed and taken back, and the model instance that they make together.

Each assertion has a handle. Of several for one path the last holds, and when it is taken back, the one before. Members of a
list are in the order of their events' dates, then of their content, so that it is no matter in which order they were put in. Plain
values that a list was said to have keep their order, those that were put into it follow in theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from dte_rules.engine.fact_data import Instances, plain, to_json
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.source.suggest import nearest
from dte_rules.vocabulary import Vocabulary

Kind = Literal["value", "member"]
UNKNOWN_DAY = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Assertion:
    """A value said of a path, or a member said to be in the list at a path. ``value`` is plain data, as JSON has it.

    It may be personal, and is not shown where an assertion is printed.
    """

    handle: str
    kind: Kind
    path: str
    value: Any = field(repr=False)


class FactStore:
    """Assertions by their handles. ``closed`` is the instance that they make, with what it implies."""

    def __init__(self, vocabulary: Vocabulary, assertions: Mapping[str, Assertion] | None = None, last: int = 0) -> None:
        self.vocabulary = vocabulary
        self.assertions: dict[str, Assertion] = dict(assertions or {})
        self.last = last
        self._instances = Instances(vocabulary)
        self.facts, self.closed = self._made(self.assertions)

    @classmethod
    def of(cls, vocabulary: Vocabulary, facts: BaseModel) -> FactStore:
        """A store with all that an instance says, each known value and each member as an assertion of its own.

        A model may want fields that an empty store would not have.
        """
        found = _assertions(vocabulary, facts, 0)
        return cls(vocabulary, found, len(found))

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
        made = self._assertion(handle, before.kind, before.path, value)
        self._adopt({**self.assertions, handle: made})
        return made

    def retract(self, handle: str) -> Assertion:
        """Takes an assertion back."""
        before = self._at(handle)
        self._adopt({h: a for h, a in self.assertions.items() if h != handle})
        return before

    def take_apart(self, facts: BaseModel) -> None:
        """Puts in all that an instance says, as `of` does."""
        new = _assertions(self.vocabulary, facts, self.last)
        self._adopt({**self.assertions, **new})
        self.last += len(new)

    def _add(self, kind: Kind, path: str, value: Any) -> Assertion:
        handle = f"f{self.last + 1}"
        made = self._assertion(handle, kind, path, value)
        self._adopt({**self.assertions, handle: made})
        self.last += 1
        return made

    def _assertion(self, handle: str, kind: Kind, path: str, value: Any) -> Assertion:
        found = self.vocabulary.types[path]
        return Assertion(handle, kind, path, plain(value, found.element if kind == "member" and isinstance(found, ListOf) else found))

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
            said = _look(data, path.split("."))  # may be unknown
            list_ = self.vocabulary.types.get(path)
            if not (isinstance(list_, ListOf) and isinstance(list_.element, Record)):  # those are ordered below
                found = sorted(found, key=_content)
            _place(data, path.split("."), [*(said if isinstance(said, list) else ()), *found])
        facts = self._instances.of(_ordered(data, self.vocabulary.root, self.vocabulary.events))
        return facts, self.vocabulary.closed(facts)

    def _at(self, handle: str) -> Assertion:
        if handle not in self.assertions:
            raise KeyError(f"no assertion has the handle {handle!r}; it may have been taken back")
        return self.assertions[handle]

    def _type(self, path: str) -> Any:
        if not isinstance(path, str):
            raise KeyError(f"a fact's path is a text, not {path!r}")
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


def _assertions(vocabulary: Vocabulary, facts: BaseModel, last: int) -> dict[str, Assertion]:
    """What an instance says, by handles after the last one."""
    parts = enumerate(_parts(plain(facts, vocabulary.root), vocabulary.root, ""), last + 1)
    return {f"f{number}": Assertion(f"f{number}", kind, path, value) for number, (kind, path, value) in parts}


def _parts(value: Any, type_: Type, path: str) -> Iterator[tuple[Kind, str, Any]]:
    if value is None:
        yield "value", path, None
    elif isinstance(type_, Record):
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
        return sorted(members, key=lambda m: (_day(m, dated), _content(m)))
    return value


def _content(member: Any) -> str:
    """By which members are ordered."""
    return json.dumps(to_json(_known(member)), sort_keys=True, ensure_ascii=False)


def _known(data: Any) -> Any:
    """The data without what is said to be unknown."""
    if isinstance(data, dict):
        return {name: _known(part) for name, part in data.items() if part is not None}
    return [_known(item) for item in data] if isinstance(data, list) else data


def _day(member: Any, dated: str) -> str:
    day = member.get(dated) if isinstance(member, dict) else None
    return day if isinstance(day, str) else UNKNOWN_DAY
