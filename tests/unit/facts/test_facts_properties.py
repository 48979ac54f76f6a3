"""What must be true of all facts: round trips, and closing them once and for all."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dte_rules.facts import Facts
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, Enum, ListOf, Record, Type
from dte_rules.vocabulary import Constraint, Vocabulary

VOCABULARY = Vocabulary.of(Facts)


def values(path: str, type_: Type) -> st.SearchStrategy[Any]:
    """Input for a path, as YAML gives it; sometimes unknown."""
    return st.none() | st.just("unknown") | known(path, type_)


def known(path: str, type_: Type) -> st.SearchStrategy[Any]:
    bound = VOCABULARY.constraints.get(path, Constraint())
    match type_:
        case Record(_, fields):
            below = {name: values(f"{path}.{name}".lstrip("."), inner) for name, inner in fields.items()}
            return st.fixed_dictionaries({}, optional=below)
        case ListOf(element):
            return st.lists(known(path, element), max_size=2)
        case Enum(_, choices):
            return st.sampled_from(choices)
    if type_ == BOOLEAN:
        return st.booleans()
    if type_ == DATE:
        return st.dates() | st.dates().map(str)
    if type_ == NUMBER:
        low, high = bound.ge or Decimal(0), bound.le or Decimal(10**6)
        whole = st.integers(int(low), int(high))
        return whole if bound.whole else whole | st.floats(float(low), float(high)) | st.decimals(low, high)
    if bound.format == "division_code":
        return st.sampled_from(["330700", "310000", "371002"])
    if bound.format is not None:
        return st.just({"credit_code": "91110000600037341L", "identity_number": "11010519491231002X"}[bound.format])
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=5).filter(lambda text: text != "unknown")


@given(known("", VOCABULARY.root))
def test_round_trips(data: Any) -> None:
    try:
        facts = Facts.model_validate(data)
    except ValidationError as error:
        if any(line["type"] != "contradictory_facts" for line in error.errors()):
            raise
        return
    assert Facts.from_json(facts.to_json()) == facts
    assert Facts.model_validate(facts.model_dump()) == facts
    assert pickle.loads(pickle.dumps(facts)) == facts
    dumped = facts.model_dump(mode="json")
    assert Facts.model_validate(json.loads(json.dumps(dumped))).model_dump(mode="json") == dumped
    closed: Any = VOCABULARY.closed(facts)
    assert VOCABULARY.closed(closed) is closed
    assert Facts.model_validate(closed.model_dump()) == closed
