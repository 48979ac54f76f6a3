"""Personal data in receipts, replaced by keyed digests: whoever has the key and the original can check it, nobody else learns it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dte_rules.engine.justify_withheld import withheld
from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.receipts.canonical import canonical
from dte_rules.vocabulary import Vocabulary

LEAST_KEY = 32
"""A key has at least so many bytes: birth dates and identity numbers are few enough to be tried one by one against a weak one."""


class ShortKey(ValueError):
    """A key that is too short to keep anything secret."""


@dataclass(frozen=True)
class Key:
    """A secret key."""

    secret: bytes = field(repr=False)

    @classmethod
    def from_file(cls, path: str | Path) -> Key:
        """The key that a file holds, every byte of it.

        Raises:
            OSError: where it can't be read.
            ShortKey: where it is shorter than ``LEAST_KEY`` bytes.
        """
        secret = Path(path).read_bytes()
        if len(secret) < LEAST_KEY:
            raise ShortKey(f"a key must have at least {LEAST_KEY} bytes")
        return cls(secret)

    @property
    def id(self) -> str:
        """By which the key can be told from another, without telling anything of it."""
        return self.digest("key", "")[:16]

    def digest(self, place: str, text: str) -> str:
        """HMAC-SHA256 of a text at a place, in hexadecimal."""
        message = f"dte-receipt/1\n{len(place)}\n{place}\n{text}".encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


def personal_paths(vocabulary: Vocabulary) -> frozenset[str]:
    """The facts that are replaced: what the vocabulary marks as personal, names, and numbers that identify somebody."""
    return vocabulary.personal | withheld(vocabulary)


def redacted_facts(facts: Any, vocabulary: Vocabulary, key: Key, salt: str) -> Any:
    """The facts with personal values replaced; the salt makes the same value look different in every question."""
    return _redacted(facts, "", "", personal_paths(vocabulary), key, salt)


def redacted_result(result: Mapping[str, Any], plan: Plan, vocabulary: Vocabulary, key: Key, salt: str) -> dict[str, Any]:
    """The result with those dates and values replaced that are worked out from personal facts, as a retirement date is."""
    personal = personal_paths(vocabulary)
    found = dict(result)
    for part, pairs in (("dates", plan.decision.dates), ("latest", plan.decision.dates), ("values", plan.decision.values)):
        slots = dict(pairs)
        if part in result:
            found[part] = {
                name: _mark(key, salt, f"{part}.{name}", value) if name in slots and reads_any(plan, slots[name], personal) else value
                for name, value in result[part].items()
            }
    return found


def reads_any(plan: Plan, slot: str, paths: frozenset[str]) -> bool:
    """Whether a slot rests on one of these facts, directly or through other rules."""
    fields = {path.rpartition(".")[2] for path in paths}
    todo, seen = [slot], set[str]()
    while todo:
        current = todo.pop()
        rule = plan.by_slot.get(current)
        if current in seen or rule is None:
            continue
        seen.add(current)
        for expr in expressions(rule):
            for node in core.walk(expr):
                if isinstance(node, core.Field) and node.name in fields and _is_record(node.base.type):
                    return True
                if isinstance(node, core.Ref):
                    todo.append(node.name)
    return False


def _is_record(type_: Type) -> bool:
    return isinstance(type_.element if isinstance(type_, ListOf) else type_, Record)


def _redacted(value: Any, path: str, place: str, personal: frozenset[str], key: Key, salt: str) -> Any:
    if path in personal and not (isinstance(value, list) and value and isinstance(value[0], Mapping)):
        return _mark(key, salt, place, value)
    if isinstance(value, Mapping):
        return {
            name: _redacted(part, f"{path}.{name}" if path else name, f"{place}.{name}" if place else name, personal, key, salt)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_redacted(part, path, f"{place}[{position}]", personal, key, salt) for position, part in enumerate(value, 1)]
    return value


def _mark(key: Key, salt: str, place: str, value: Any) -> dict[str, str]:
    return {"hmac-sha256": key.digest(place, f"{salt}\n{canonical(value)}")}
