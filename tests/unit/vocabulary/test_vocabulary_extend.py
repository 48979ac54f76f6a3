"""Facts that a pack declares, and vocabularies that are declared in YAML alone."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from vocabulary_loans import Borrower, Library, Loan, PlainLibrary

from dte_rules.feel.types import BOOLEAN, Enum, ListOf, Record
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.vocabulary import Constraint, Declaration, Vocabulary, extend, root_from

DECLARED = """
borrower.veteran: {type: boolean, label: {zh: 退役军人, en: veteran}, question: {zh: 是否退役军人？, en: "Is it a veteran?"}}
borrower.loans.genre: {type: [novel, map], label: genre}
borrower.address.street: string
borrower.address.number: {type: number, minimum: 1, maximum: 999.5, whole: true}
borrower.fines: {type: list of fine, event: fined_on, fields: {fined_on: date, amount: {type: number, personal: true}}}
borrower.tags: {type: list of string}
borrower.moods: {type: list, of: [glad, sad]}
place: {type: string, format: division_code}
"""


def declared(text: str) -> dict[str, Declaration]:
    return {path: Declaration.read(raw, path) for path, raw in yaml.safe_load(text).items()}


EXTRA = declared(DECLARED)
DATA = {
    "borrower": {
        "veteran": True,
        "card": "adult",
        "loans": [{"genre": "map", "lent_on": "2024-01-01", "returned": False}],
        "address": {"street": "x", "number": 3},
        "fines": [{"fined_on": date(2024, 2, 1), "amount": 0.5}],
        "tags": ["a"],
        "moods": ["glad"],
    },
    "place": "330700",
}


def test_extended_model_validates_dumps_and_keeps_its_place_in_the_class_tree() -> None:
    model: Any = extend(Library, EXTRA)
    assert issubclass(model, Library)
    facts = model.model_validate(DATA)
    assert isinstance(facts.borrower, Borrower)
    assert isinstance(facts.borrower.loans[0], Loan)
    assert facts.borrower.veteran is True
    assert facts.borrower.address.number == Decimal(3)
    assert facts.borrower.fines[0].amount == Decimal("0.5")
    assert facts.borrower.tags == ("a",)
    assert facts.place == "330700"
    assert model.from_json(facts.to_json()) == facts
    assert model.model_validate(facts.model_dump()) == facts
    assert model.model_validate({"place": "unknown", "borrower": {"tags": None, "address": "unknown"}}).model_dump() == {"borrower": {}}
    assert "0.5" not in repr(facts)
    assert extend(Library, dict(EXTRA)) is model
    assert extend(Library, {}) is Library


@pytest.mark.parametrize(
    "data",
    [
        {"place": "990000"},
        {"place": 330700},
        {"borrower": {"veteran": 1}},
        {"borrower": {"loans": [{"genre": "poem"}]}},
        {"borrower": {"address": {"number": 0}}},
        {"borrower": {"address": {"number": 1.5}}},
        {"borrower": {"address": {"nummer": 1}}},
        {"borrower": {"moods": ["angry"]}},
        {"borrower": {"fines": [{"fined_on": "2024-02-30"}]}},
        {"borrower": {"loans": [{"returned": False, "overdue_fee_paid": True}]}},
    ],
)
def test_extended_models_are_as_strict(data: Any) -> None:
    with pytest.raises(ValidationError):
        extend(Library, EXTRA).model_validate(data)


def test_vocabulary_of_an_extended_model() -> None:
    vocabulary = Vocabulary.of(Library, EXTRA)
    assert vocabulary.types["borrower.veteran"] == BOOLEAN
    assert vocabulary.types["borrower.loans.genre"] == Enum("novel | map", ("novel", "map"))
    assert vocabulary.types["borrower.fines"] == ListOf(Record("fine", {}))
    assert vocabulary.types["borrower.address"] == Record("borrower_address", {})
    assert vocabulary.types["borrower"] == Record("member", {})
    assert vocabulary.events == {"loan": "lent_on", "fine": "fined_on"}
    assert vocabulary.constraints["borrower.address.number"] == Constraint(ge=Decimal(1), le=Decimal("999.5"), whole=True)
    assert vocabulary.constraints["place"] == Constraint(format="division_code")
    assert vocabulary.question("borrower.veteran", "zh") == "是否退役军人？"
    assert vocabulary.describe("borrower.loans.genre", "zh") == "genre"
    assert vocabulary.personal == {"borrower.name", "borrower.fines.amount"}
    again = pickle.loads(pickle.dumps(vocabulary))
    assert again.types == vocabulary.types
    assert again.model is vocabulary.model


def test_closed_adopts_facts_of_the_model_that_was_extended() -> None:
    vocabulary = Vocabulary.of(Library, EXTRA)
    given = Library.model_validate({"borrower": {"loans": [{"returned": False}]}})
    closed: Any = vocabulary.closed(given)
    assert type(closed) is vocabulary.model
    assert closed.place is None
    assert closed.borrower.veteran is None
    assert closed.borrower.loans[0].genre is None
    assert closed.borrower.loans[0].overdue_fee_paid is False
    assert closed == vocabulary.closed(vocabulary.model.model_validate(given.model_dump()))


def test_a_second_extension_builds_on_the_first() -> None:
    once = extend(Library, EXTRA)
    twice: Any = extend(once, declared("borrower.address.city: string\nborrower.fines.paid: boolean"))
    facts = twice.model_validate({"borrower": {"address": {"city": "y", "street": "x"}, "fines": [{"paid": True}]}})
    assert facts.borrower.address.city == "y"
    assert pickle.loads(pickle.dumps(facts)) == facts
    with pytest.raises(DiagnosticsError):
        extend(once, declared("place: string"))


def test_plain_models_can_be_extended() -> None:
    model: Any = extend(PlainLibrary, declared("borrower.veteran: boolean\nborrower.loans.pages: number\nsite.name: string\nday: date"))
    facts = model.model_validate(
        {"borrower": {"veteran": "unknown", "loans": [{"lent_on": "2024-01-01", "pages": 3}]}, "site": {"name": "x"}, "day": "2024-01-01"}
    )
    assert facts.borrower.veteran is None
    assert facts.borrower.loans[0].pages == Decimal(3)
    assert facts.day == date(2024, 1, 1)
    assert model.model_validate(facts) is facts
    assert pickle.loads(pickle.dumps(facts)) == facts
    closed: Any = Vocabulary.of(model).closed(facts)
    assert closed.borrower.loans[0].price == Decimal("0.1")
    for bad in ({"borrower": {"veteran": 1}}, {"borrower": {}, "day": 5}, {"borrower": {}, "site": {"nam": 1}}):
        with pytest.raises(ValidationError):
            model.model_validate(bad)


def test_a_whole_vocabulary_declared_in_yaml() -> None:
    model: Any = root_from(
        declared("applicant.age: {type: number, minimum: 0}\nhouseholds: {type: list of household, fields: {size: number}}")
    )
    facts = model.model_validate({"applicant": {"age": 3}, "households": [{"size": 2}, {}]})
    assert facts.households[0].size == Decimal(2)
    vocabulary = Vocabulary.of(model)
    assert vocabulary.root.name == "facts"
    assert vocabulary.paths == ("applicant", "applicant.age", "households", "households.size")
    assert pickle.loads(pickle.dumps(vocabulary)).paths == vocabulary.paths
    assert pickle.loads(pickle.dumps(facts)) == facts
    with pytest.raises(ValidationError, match="did you mean `applicant`"):
        model.model_validate({"aplicant": {}})


def _read(pickled: bytes) -> tuple[str, bytes]:
    facts = pickle.loads(pickled)
    return facts.to_json(), pickle.dumps(facts.borrower)


def test_instances_cross_to_a_spawned_process_and_back() -> None:
    facts: Any = extend(Library, EXTRA).model_validate(DATA)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        text, borrower = pool.apply(_read, (pickle.dumps(facts),))
    assert text == facts.to_json()
    assert pickle.loads(borrower) == facts.borrower


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("borrower.card: string", {"borrower.card": "DTE520"}),
        ("borrower: {fields: {x: string}}", {"borrower": "DTE520"}),
        ("a: {fields: {x: string}}\na.x: string", {"a.x": "DTE520"}),
        ("borrower.card.colour: string", {"borrower.card.colour": "DTE521"}),
        ("a: string\na.b: string", {"a.b": "DTE521"}),
        ("a: list of string\na.b: string", {"a.b": "DTE521"}),
        ("borrower.class: string", {"borrower.class": "DTE522"}),
        ("model_dump: string", {"model_dump": "DTE522"}),
        ("a..b: string", {"a..b": "DTE522"}),
        ("_a: string", {"_a": "DTE522"}),
        ("a-b: string", {"a-b": "DTE522"}),
        ("a: {type: list of b-c, fields: {x: string}}", {"a": "DTE522"}),
        ("a: text", {"a": "DTE523"}),
        ("a: {type: string, fields: {x: string}}", {"a": "DTE523"}),
        ("a: record", {"a": "DTE523"}),
        ("a: list", {"a": "DTE523"}),
        ("a: list of texts", {"a": "DTE523"}),
        ("a: []", {"a": "DTE523"}),
        ("a: [x, x]", {"a": "DTE523"}),
        ("a: [x, unknown]", {"a": "DTE523"}),
        ("a: {type: string, minimum: 1}", {"a": "DTE523"}),
        ("a: {type: number, format: division_code}", {"a": "DTE523"}),
        ("a: {type: string, format: postcode}", {"a": "DTE523"}),
        ("a: {event: x, fields: {x: string}}", {"a": "DTE523"}),
        ("a: {fields: {b: {fields: {c: text}}}}", {"a.b.c": "DTE523"}),
        ("a: {type: list of loan, fields: {x: string}}", {"a": "DTE523"}),
        ("a_b.c: string\na.b.c: string", {"a.b": "DTE523"}),
        ("a: text\nborrower.card: string\nb: [x]", {"a": "DTE523", "borrower.card": "DTE520"}),
    ],
)
def test_declarations_that_do_not_fit(text: str, codes: Mapping[str, str]) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        extend(Library, declared(text))
    assert {getattr(found, "path", ""): found.code for found in caught.value.diagnostics} == codes
    assert all(found.message("zh") and found.message("en") for found in caught.value.diagnostics)


@pytest.mark.parametrize(
    "raw",
    [
        3,
        None,
        {},
        {"type": 3},
        {"type": ["a", 1]},
        {"type": "string", "lable": "x"},
        {"type": "string", "label": {"de": "x"}},
        {"type": "string", "label": 3},
        {"type": "number", "minimum": "1"},
        {"type": "number", "maximum": True},
        {"type": "number", "maximum": float("nan")},
        {"type": "number", "whole": "yes"},
        {"type": "string", "personal": 1},
        {"fields": ["a"]},
        {"fields": {"x": {"type": 3}}},
        {"fields": {1: "string"}},
    ],
)
def test_declarations_that_can_not_be_read(raw: Any) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        Declaration.read(raw, "a")
    (found,) = caught.value.diagnostics
    assert found.code == "DTE523"
    assert "`a" in found.message("zh")


def test_chinese_names_are_names() -> None:
    model: Any = root_from(declared("人员.年龄: number"))
    assert model.model_validate({"人员": {"年龄": 3}}).人员.年龄 == 3
