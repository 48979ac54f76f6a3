"""A root model as a vocabulary: types, labels, questions, bounds, events, implications, closed instances."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional

import pytest
import vocabulary_loans as loans
from pydantic import BaseModel
from vocabulary_loans import Borrower, Library, Loan, PlainBorrower, PlainLibrary, PlainLoan

from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record
from dte_rules.vocabulary import Constraint, Implication, Vocabulary, closure
from dte_rules.vocabulary.implication import KNOWN, contradiction, with_contrapositives

LIBRARY = Vocabulary.of(Library)


def test_types_by_path() -> None:
    assert LIBRARY.paths == (
        "borrower",
        "borrower.name",
        "borrower.card",
        "borrower.loans",
        "borrower.loans.lent_on",
        "borrower.loans.returned",
        "borrower.loans.overdue_fee_paid",
        "borrower.loans.copies",
        "borrower.fee",
        "borrower.pin",
        "borrower.since",
        "open_today",
    )
    assert LIBRARY.types["borrower"] == Record("member", {})
    assert LIBRARY.types["borrower.card"] == Enum("child | adult", ("child", "adult"))
    assert LIBRARY.types["borrower.loans"] == ListOf(Record("loan", {}))
    assert LIBRARY.types["borrower.loans.lent_on"] == DATE
    assert LIBRARY.types["borrower.loans.copies"] == NUMBER
    assert LIBRARY.type_at("borrower.loans[2]") == Record("loan", {})
    assert LIBRARY.type_at("borrower.loans[2].returned") == BOOLEAN
    assert LIBRARY.type_at("borrower.nothing") is None
    assert LIBRARY.type_at("") == LIBRARY.root
    assert LIBRARY.root.names == ("borrower", "open_today")
    assert LIBRARY.records["loan"].names == ("lent_on", "returned", "overdue_fee_paid", "copies")


def test_labels_and_questions() -> None:
    assert LIBRARY.describe("borrower.name", "zh") == "姓名"
    assert LIBRARY.question("borrower.name", "en") == "What is the borrower's name?"
    assert LIBRARY.question("borrower", "zh") == "借阅人是什么？"
    assert LIBRARY.describe("open_today", "zh") == "open today"
    assert LIBRARY.question("open_today", "en") == "Does this hold: open today?"
    assert LIBRARY.question("borrower.loans", "zh") == "loans有哪些？"
    assert LIBRARY.describe("borrower.loans[2].lent_on", "zh") == "loans第2项：lent on"
    assert LIBRARY.describe("borrower.loans[2]", "en") == "loans no. 2"
    assert LIBRARY.question("borrower.loans[2].lent_on", "en") == "loans no. 2: What is the lent on?"
    assert LIBRARY.describe("", "zh") == "事实"
    with pytest.raises(KeyError):
        LIBRARY.describe("borrower.nothing")


def test_bounds_events_and_personal_paths() -> None:
    assert LIBRARY.constraints == {
        "borrower.fee": Constraint(ge=Decimal(0), le=Decimal("100.5")),
        "borrower.pin": Constraint(pattern="^[0-9]{4}$"),
        "borrower.since": Constraint(gt=Decimal(1900), whole=True),
        "borrower.loans.copies": Constraint(whole=True),
    }
    assert LIBRARY.events == {"loan": "lent_on"}
    assert LIBRARY.personal == {"borrower.name"}


def test_implications_with_their_contrapositives() -> None:
    given = Implication("returned", False, "overdue_fee_paid", False)
    assert LIBRARY.implications == {"loan": (given, Implication("overdue_fee_paid", False, "returned", True, test="differs"))}
    closed = LIBRARY.closed(Library(borrower=Borrower(loans=(Loan(returned=False), Loan(overdue_fee_paid=True), Loan()))))
    assert isinstance(closed, Library)
    assert closed.borrower is not None
    assert closed.borrower.loans == (Loan(returned=False, overdue_fee_paid=False), Loan(overdue_fee_paid=True, returned=True), Loan())


def test_closed_keeps_the_given_facts() -> None:
    given = Library(borrower=Borrower(loans=(Loan(returned=False, copies=2),)))
    closed: Any = LIBRARY.closed(given)
    assert given.model_dump() == {"borrower": {"loans": ({"returned": False, "copies": 2},)}}
    assert closed.borrower.loans[0].copies == Decimal(2)
    assert type(closed.borrower.loans[0].copies) is Decimal
    assert LIBRARY.closed(Library(open_today=True)) == Library(open_today=True)
    assert LIBRARY.closed(closed) is closed
    assert pickle.loads(pickle.dumps(closed)) == closed


def test_plain_models() -> None:
    plain = Vocabulary.of(PlainLibrary)
    assert plain.types["borrower.card"] == Enum("child | adult", ("child", "adult"))
    assert plain.types["borrower.seen"] == ListOf(Enum("child | adult", ("child", "adult")))
    assert plain.types["borrower.loans"] == ListOf(Record("plain_loan", {}))
    assert plain.types["borrower.loans.price"] == NUMBER
    assert plain.describe("borrower.loans.price", "zh") == "price of the book"
    assert plain.constraints["borrower.level"] == Constraint(ge=Decimal(1), le=Decimal(3), whole=True)
    given = PlainLibrary(borrower=PlainBorrower(loans=[PlainLoan(lent_on=date(2024, 1, 1))], rates=[0.1, 1e22], seen=[loans.Card.CHILD]))
    closed: Any = plain.closed(given)
    assert type(closed) is PlainLibrary
    assert closed.borrower.card == "adult"
    assert type(closed.borrower.card) is str
    assert closed.borrower.seen == ("child",)
    assert closed.borrower.loans[0].price == Decimal("0.1")
    assert isinstance(closed.borrower.loans, tuple)
    assert closed.borrower.rates == (Decimal("0.1"), Decimal("1e22"))
    assert closed.borrower.visits == Decimal(0)
    assert type(closed.borrower.visits) is Decimal
    assert isinstance(given.borrower.loans, list)
    given.borrower.rates = [float("nan")]
    with pytest.raises(ValueError, match="finite"):
        plain.closed(given)


def test_a_vocabulary_is_picklable() -> None:
    again = pickle.loads(pickle.dumps(LIBRARY))
    assert again.model is Library
    assert again.types == LIBRARY.types
    assert repr(again) == "Vocabulary(Library, 12 paths)"


class Node(BaseModel):
    next: Optional[Node] = None  # noqa: UP045


class Twice(BaseModel):
    here: loans.Loan | None = None
    there: Other.Loan | None = None


class Other:
    class Loan(BaseModel):
        x: int = 0


class NoEvent(BaseModel):
    __event__ = "when"
    when: str | None = None


@pytest.mark.parametrize(
    ("annotation", "shown"),
    [
        (datetime, "datetime"),
        (dict[str, int], "dict"),
        (int | str, "int | str"),
        (Any, "Any"),
        (tuple[int, str], "tuple"),
        (list[list[int]], "list"),
        (list[int | None], "list"),
        (bytes, "bytes"),
        (loans.Number, "Number"),
        (list, "list"),
        (complex | None, "complex"),
    ],
)
def test_types_that_are_no_facts(annotation: Any, shown: str) -> None:
    model = type(
        "Odd",
        (BaseModel,),
        {"__annotations__": {"strange": annotation}, "__module__": __name__, "model_config": {"arbitrary_types_allowed": True}},
    )
    with pytest.raises(TypeError, match=r"Odd\.strange: a vocabulary has no facts of type") as caught:
        Vocabulary.of(model)
    assert shown in str(caught.value)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Node, r"Node: a record of facts can't contain itself \(Node > Node\)"),
        (Twice, "Loan: another model of the vocabulary makes the record type `loan` already"),
        (NoEvent, "NoEvent: __event__ names when"),
    ],
)
def test_models_that_make_no_vocabulary(model: type[BaseModel], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Vocabulary.of(model)


def test_closure_applies_contrapositives_over_short_domains_only() -> None:
    rules = with_contrapositives(
        [Implication("sex", "m", "track", "a"), Implication("kind", "x", "flag", True), Implication("on", KNOWN, "made", True)],
        {"sex": ("m", "f"), "kind": ("x", "y", "z"), "on": None},
    )
    assert closure({"track": "b"}, rules) == {"track": "b", "sex": "f"}
    assert closure({"flag": False, "made": False}, rules) == {"flag": False, "made": False}
    assert closure({"on": date(2024, 1, 1)}, rules)["made"] is True
    assert closure({"sex": "m", "track": "b"}, rules) == {"sex": "m", "track": "b"}
    assert contradiction({"sex": "m", "track": "b"}, rules) == rules[0]
    assert contradiction({"made": False, "on": 1}, rules) == rules[2]
    assert contradiction({"sex": "f", "track": "a"}, rules) is None


def test_simple_types_are_the_agreed_ones() -> None:
    assert LIBRARY.types["borrower.name"] is STRING
    assert LIBRARY.types["open_today"] is BOOLEAN
