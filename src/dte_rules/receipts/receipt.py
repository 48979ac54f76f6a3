"""A receipt: the facts, the day, the readings, the pack by its digest, the result, and a digest over all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from dte_rules.engine.decision import Decision
from dte_rules.engine.fact_data import plain
from dte_rules.engine.plan import Plan
from dte_rules.program.nodes import Group, Program
from dte_rules.receipts.canonical import canonical, digest
from dte_rules.receipts.redact import Key, redacted_facts, redacted_result
from dte_rules.vocabulary import Vocabulary
from dte_rules.vocabulary.jsontext import JsonError, read_json

SCHEMA = "dte-receipt/1"
"""The form of receipts; a change that a reader could trip over gives it a new number."""
KEYS = frozenset(["schema", "engine", "pack", "question", "facts", "result", "conditions", "digest"])
Data = Mapping[str, Any]


class BadReceipt(ValueError):
    """A text that is no receipt, or one that was altered; ``zh`` and ``en`` say what is wrong."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Receipt:
    """A receipt as it stands in a file: canonical JSON in one line. Made by `receipt_of`, read by `Receipt.read`."""

    data: Data
    text: str

    @classmethod
    def made(cls, body: Data) -> Receipt:
        """The receipt with this content; the digest is added."""
        data = {**body, "digest": digest(canonical(body))}
        return cls(data, canonical(data))

    @classmethod
    def read(cls, text: str | bytes) -> Receipt:
        """The receipt that a line holds.

        Raises:
            BadReceipt: where it holds none, or its digest is not that of its content.
        """
        try:
            data = read_json(text)
        except JsonError as error:
            raise BadReceipt("不是完整的 JSON，可能已被改动或截断", f"this is no JSON, altered or cut off ({error})") from None
        if not isinstance(data, dict) or data.get("schema") != SCHEMA or not _formed(data):
            raise BadReceipt(f"不是 {SCHEMA} 形式的判定记录", f"this is no receipt of the form {SCHEMA}")
        body = {key: value for key, value in data.items() if key != "digest"}
        if digest(canonical(body)) != data["digest"]:
            raise BadReceipt("内容与摘要不符，已被改动", "the content does not match its digest: it was altered")
        return cls(data, canonical(data))

    @property
    def digest(self) -> str:
        """The digest of the content."""
        return str(self.data["digest"])

    @property
    def case(self) -> str | None:
        """The case's id, where there was one."""
        found = self.data["question"].get("case")
        return None if found is None else str(found)

    @property
    def region(self) -> str:
        """The pack's name."""
        return str(self.data["pack"]["name"])

    @property
    def verdict(self) -> str:
        """The verdict."""
        return str(self.data["result"]["verdict"])

    @property
    def redacted(self) -> Data | None:
        """How personal data was replaced; None where it was not."""
        found: Data | None = self.data.get("redacted")
        return found


def _formed(data: Mapping[str, Any]) -> bool:
    """Whether the parts are there and are what they should be; a text can have the right digest and still be none."""
    match data:
        case {
            "engine": {"name": str(), "version": str()},
            "pack": {"name": str(), "version": str(), "digest": str()},
            "question": {"decision": str(), "as_of": str(), "readings": dict()},
            "facts": dict(),
            "result": {"verdict": str()},
            "conditions": list(conditions),
        }:
            told = all(isinstance(c, dict) and {"id", "holds", "cites"} <= set(c) and isinstance(c["cites"], list) for c in conditions)
            key = data.get("redacted")
            hidden = "redacted" not in data or (isinstance(key, dict) and isinstance(key.get("key"), str))
            return told and hidden and set(data) - {"redacted"} == KEYS and _is_day(data["question"]["as_of"])
        case _:
            return False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def receipt_of(
    program: Program,
    vocabulary: Vocabulary,
    plan: Plan,
    facts: BaseModel,
    decision: Decision,
    *,
    values: Mapping[str, Any],
    version: str,
    engine: str = "compiled",
    case: str | None = None,
    readings: Mapping[str, str] | None = None,
    key: Key | None = None,
) -> Receipt:
    """The receipt of a decision on some facts (as given, before what they imply); with a key, personal data is replaced by keyed digests.

    ``values`` are what the rules concluded, by slot.
    """
    question = {"region": program.name, "decision": decision.decision, "as_of": decision.as_of, "readings": dict(readings or {})}
    if case is not None:
        question["case"] = case
    given = read_json(canonical(plain(facts, vocabulary.root)))
    result = result_of(decision)
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "engine": {"name": engine, "version": version},
        "pack": {"name": program.name, "version": program.version, "digest": program.digest},
        "question": question,
        "facts": given,
        "result": result,
        "conditions": conditions_of(plan, values),
    }
    if key is not None:
        salt = canonical(question)
        body["facts"] = redacted_facts(given, vocabulary, key, salt)
        body["result"] = redacted_result(result, plan, vocabulary, key, salt)
        body["redacted"] = {"by": "hmac-sha256", "key": key.id}
    return Receipt.made(read_json(canonical(body)))


def result_of(decision: Decision) -> Data:
    """What a decision says, without the pack, which stands by itself."""
    found: Data = read_json(canonical({name: value for name, value in decision.__dict__.items() if name != "pack"}))
    return found


def conditions_of(plan: Plan, values: Mapping[str, Any]) -> list[Data]:
    """The outcome of each condition in force, members of groups included, with the clauses that it rests on."""
    d = plan.decision
    todo = [*d.requires, *d.excludes, *d.soft, *d.delegates, *d.empowers]
    found: list[Data] = []
    while todo:
        slot = todo.pop(0)
        rule = plan.by_slot.get(slot)
        if rule is None:
            continue
        value = values.get(slot)
        outcome = value if isinstance(value, bool) else None
        found.append({"id": slot, "holds": outcome, "cites": [str(cite) for cite in rule.cites]})
        if isinstance(rule.body, Group):
            todo = [*rule.body.members, *todo]
    return found
