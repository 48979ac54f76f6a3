"""What a fact model takes in, refuses, shows and writes."""

from __future__ import annotations

import copy
import json
import math
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from dte_rules.vocabulary import KNOWN, FactModel, Implication, Meaning, TextFormat, Whole


class Part(FactModel):
    __implications__ = (
        Implication("listed", True, "listed_any", True),
        Implication("listed_any", True, "ever", True),
        Implication("seen_on", KNOWN, "seen", True),
    )

    listed: bool | None = None
    listed_any: bool | None = None
    ever: bool | None = None
    seen: bool | None = None
    seen_on: date | None = None


class Thing(FactModel):
    flag: bool | None = None
    number: Decimal | None = None
    count: Annotated[Decimal, Field(ge=0), Whole()] | None = None
    whole: int | None = None
    text: str | None = None
    day: date | None = None
    kind: Literal["a", "b"] | None = None
    part: Part | None = None
    parts: tuple[Part, ...] | None = None
    numbers: tuple[Decimal, ...] | None = None
    days: tuple[date, ...] | None = None
    words: tuple[str, ...] | None = None
    code: Annotated[str, TextFormat("division_code")] | None = None
    secret: Annotated[str | None, Meaning(personal=True)] = None


FIELDS = tuple(Thing.model_fields)


def kinds(data: Any, model: type[FactModel] = Thing) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return [(line["loc"], line["type"]) for line in caught.value.errors()]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("given_as", [None, "unknown"])
def test_unknown_is_none_for_every_field(field: str, given_as: Any) -> None:
    thing = Thing.model_validate({field: given_as})
    assert getattr(thing, field) is None
    assert thing == Thing()
    assert hash(thing) == hash(Thing())
    assert thing.model_dump() == {}


def test_an_unknown_record_of_a_list_is_a_record_of_which_nothing_is_known() -> None:
    thing = Thing.model_validate({"parts": ["unknown", None, {}]})
    assert thing.parts == (Part(), Part(), Part())
    assert Thing.model_validate(None) == Thing.model_validate("unknown") == Thing()


@pytest.mark.parametrize("member", [None, "unknown"])
@pytest.mark.parametrize("field", ["numbers", "days", "words"])
def test_a_value_of_a_list_is_not_unknown(field: str, member: Any) -> None:
    assert kinds({field: [member]}) == [((field,), "unknown_member")]


def test_an_empty_list_is_not_unknown() -> None:
    assert Thing.model_validate({"parts": []}).parts == ()
    assert Thing.model_validate({"parts": []}).model_dump(mode="json") == {"parts": []}
    assert Thing.model_validate({"part": {}}).model_dump() == {"part": {}}


@pytest.mark.parametrize(
    ("field", "given_as", "value"),
    [
        ("number", 3, Decimal(3)),
        ("number", 0.1, Decimal("0.1")),
        ("number", 1e-7, Decimal("1E-7")),
        ("number", Decimal("3.10"), Decimal("3.10")),
        ("number", 2**70, Decimal(2**70)),
        ("number", 0, Decimal(0)),
        ("count", 10**40, Decimal(10**40)),
        ("whole", 3, 3),
        ("whole", Decimal(3), 3),
        ("flag", False, False),
        ("day", "0001-01-01", date(1, 1, 1)),
        ("day", "9999-12-31", date(9999, 12, 31)),
        ("day", date(2024, 2, 29), date(2024, 2, 29)),
        ("numbers", [1, 0.5, Decimal(2)], (Decimal(1), Decimal("0.5"), Decimal(2))),
        ("days", ("2024-01-01", date(2024, 1, 2)), (date(2024, 1, 1), date(2024, 1, 2))),
        ("words", ["x"], ("x",)),
        ("parts", [{"listed": False}], (Part(listed=False),)),
        ("text", "", ""),
    ],
)
def test_accepts(field: str, given_as: Any, value: Any) -> None:
    found = getattr(Thing.model_validate({field: given_as}), field)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("field", "given_as"),
    [
        ("number", "1"),
        ("number", True),
        ("number", [1]),
        ("number", math.nan),
        ("number", math.inf),
        ("number", Decimal("NaN")),
        ("number", Decimal("sNaN")),
        ("number", Decimal("-Infinity")),
        ("number", Decimal("1E+1001")),
        ("number", Decimal("1E-1001")),
        pytest.param("number", 10**5000, id="number-huge"),
        ("count", 1.5),
        ("count", -1),
        ("whole", True),
        ("whole", Decimal("1.5")),
        ("whole", "3"),
        ("flag", 1),
        ("flag", 0),
        ("flag", "no"),
        ("flag", "true"),
        ("text", 1),
        ("text", True),
        ("text", date(2024, 1, 1)),
        ("day", "2024-02-30"),
        ("day", "20240101"),
        ("day", "2024-W01-1"),
        ("day", " 2024-01-01"),
        ("day", "2024-01-01T00:00:00"),
        ("day", "２０２４-01-01"),
        ("day", "0000-01-01"),
        ("day", datetime(2024, 1, 1, tzinfo=UTC)),
        ("day", datetime(2024, 1, 1)),  # noqa: DTZ001
        ("day", 1704067200),
        ("day", 1.5),
        ("kind", "c"),
        ("kind", 1),
        ("part", []),
        ("parts", {}),
        ("parts", "x"),
        ("parts", [[]]),
        ("words", "x"),
        ("words", {"x"}),
        ("words", [1]),
        ("numbers", ["1"]),
        ("numbers", [True]),
        ("days", ["2024-02-30"]),
        ("nothing_such", None),
        ("nothing_such", 1),
    ],
)
def test_refuses(field: str, given_as: Any) -> None:
    (loc, _kind), *more = kinds({field: given_as})
    assert loc[0] == field
    assert not more


def test_errors_of_all_levels_come_together_with_the_nearest_names() -> None:
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate({"numbr": 1, "day": "x", "part": {"lsted": True}, "parts": [{}, {"sen": 1, "listed": 0}], 3: 4})
    found = {line["loc"]: (line["type"], line["msg"]) for line in caught.value.errors()}
    assert found["numbr",] == ("extra_forbidden", "unknown fact; did you mean `number`?")
    assert found["part", "lsted"] == ("extra_forbidden", "unknown fact; did you mean `listed`?")
    assert found["parts", 1, "sen"] == ("extra_forbidden", "unknown fact; did you mean `seen`?")
    assert found["parts", 1, "listed"][0] == "bool_type"
    assert found["day",][0] == "date_type"
    assert found[3,][0] == "invalid_key"
    assert len(found) == 6


@pytest.mark.parametrize(
    "data",
    [
        {"listed": True, "listed_any": False},
        {"listed": True, "ever": False},
        {"seen_on": "2024-01-01", "seen": False},
    ],
)
def test_contradictory_facts_are_refused(data: Any) -> None:
    (found,) = kinds(data, Part)
    assert found[1] == "contradictory_facts"
    assert kinds({"parts": [data]}) == [(("parts", 0, *found[0]), "contradictory_facts")]
    with pytest.raises(ValidationError, match="contradict each other"):
        Part(**{**data, **({"seen_on": date(2024, 1, 1)} if "seen_on" in data else {})})


def test_agreeing_facts_are_kept_as_given() -> None:
    data = {"listed": True, "seen_on": "2024-01-01"}
    assert Part.model_validate(data).model_dump(mode="json") == data
    assert Part.model_validate({"listed": False, "listed_any": True, "seen": True}).listed is False


def test_values_stand_in_no_error_and_personal_ones_in_no_repr() -> None:
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate({"secret": 110105194912310021, "extra": "110105194912310022"})
    assert "1101051949" not in str(caught.value)
    assert "1101051949" not in repr(caught.value)
    thing = Thing(secret="110105194912310021", text="shown")
    assert repr(thing) == "Thing(text='shown', secret=<hidden>)"
    assert "1101" not in str(thing)


def test_instances_are_frozen_hashable_and_picklable() -> None:
    thing = Thing.model_validate({"parts": [{"listed": True}], "number": 1.5, "day": "2024-01-01"})
    with pytest.raises(ValidationError, match="frozen"):
        thing.number = Decimal(2)  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(thing)) == thing
    assert copy.deepcopy(thing) == thing
    assert {thing: 1}[Thing.model_validate(thing.model_dump())] == 1
    assert Thing.model_validate(thing) is thing


def test_json_keeps_every_digit() -> None:
    text = '{"number": 0.1234567890123456789012345678901234567890, "numbers": [1.50, 1E+3, 12345678901234567890123]}'
    thing = Thing.from_json(text)
    assert thing.number == Decimal("0.1234567890123456789012345678901234567890")
    assert thing.to_json() == text
    assert Thing.from_json(text.encode()) == thing


def test_dumps_for_json_hold_numbers() -> None:
    thing = Thing.model_validate({"number": Decimal("0.52"), "count": Decimal("5.0"), "whole": 3, "numbers": [1, 0.5], "day": "2024-01-01"})
    dumped = thing.model_dump(mode="json")
    assert dumped == {"number": 0.52, "count": 5, "whole": 3, "numbers": [1, 0.5], "day": "2024-01-01"}
    assert type(dumped["count"]) is int
    assert json.loads(thing.model_dump_json()) == dumped
    assert thing.model_dump(mode="json", include={"day"}) == {"day": "2024-01-01"}
    assert thing.model_dump()["number"] == Decimal("0.52")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "column"),
        ('{"number": NaN}', "NaN"),
        ('{"number": -Infinity}', "Infinity"),
        ('{"number": 1, "number": 2}', "`number` is repeated"),
        pytest.param("[" * 200_000, "deep", id="deep"),
        (b"\xff\xfe\x00", "JSON"),
        ("", "line 1"),
    ],
)
def test_bad_json_is_a_validation_error(text: Any, part: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Thing.from_json(text)
    (line,) = caught.value.errors()
    assert line["type"] == "json_invalid"
    assert part in str(caught.value)


def test_json_of_the_wrong_form_is_located() -> None:
    with pytest.raises(ValidationError) as caught:
        Thing.from_json('{"parts": [{"listed": 1}], "number": "1"}')
    assert [line["loc"] for line in caught.value.errors()] == [("number",), ("parts", 0, "listed")]


def test_model_validate_json_is_as_strict() -> None:
    assert Thing.model_validate_json('{"day": "2024-01-01", "numbers": [0.1], "flag": null}') == Thing(
        day=date(2024, 1, 1), numbers=(Decimal("0.1"),)
    )
    with pytest.raises(ValidationError):
        Thing.model_validate_json('{"day": "2024-01-01T00:00:00"}')


class Required(FactModel):
    name: str


class WithList(FactModel):
    names: list[str] | None = None


class WithFloat(FactModel):
    rate: float | None = None


class WithDefault(FactModel):
    flag: bool | None = False


class WithTime(FactModel):
    at: datetime | None = None


class BadImplication(FactModel):
    __implications__ = (Implication("here", True, "there", True),)
    here: bool | None = None


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Required, "Required.name: every fact may be unknown"),
        (WithDefault, "WithDefault.flag: every fact may be unknown"),
        (WithList, "WithList.names: a list of facts is kept as a tuple"),
        (WithFloat, "WithFloat.rate: no binary float"),
        (WithTime, "WithTime.at: a vocabulary has no facts of type datetime"),
        (BadImplication, "BadImplication: an implication names the field there"),
    ],
)
def test_models_that_are_no_facts_say_so(model: type[FactModel], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        model.model_validate({"name": "x"} if model is Required else {})


PARTS = st.builds(Part, listed=st.sampled_from([None, False]), seen=st.sampled_from([None, True]), seen_on=st.none() | st.dates())
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40) | st.floats(
    allow_nan=False, allow_infinity=False
).map(lambda value: Decimal(repr(value)))
THINGS = st.builds(
    Thing,
    flag=st.none() | st.booleans(),
    number=st.none() | NUMBERS,
    count=st.none() | st.integers(0, 10**30).map(Decimal),
    whole=st.none() | st.integers(),
    text=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    day=st.none() | st.dates(),
    kind=st.sampled_from([None, "a", "b"]),
    part=st.none() | PARTS,
    parts=st.none() | st.lists(PARTS, max_size=3).map(tuple),
    numbers=st.none() | st.lists(NUMBERS, max_size=3).map(tuple),
    days=st.none() | st.lists(st.dates(), max_size=3).map(tuple),
)


@given(THINGS)
def test_round_trips(thing: Thing) -> None:
    assert Thing.from_json(thing.to_json()) == thing
    assert Thing.from_json(thing.to_json()).to_json() == thing.to_json()
    assert Thing.model_validate(thing.model_dump()) == thing
    assert pickle.loads(pickle.dumps(thing)) == thing


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**300), 10**300))
def test_floats_are_read_by_their_shortest_form(number: float, integer: int) -> None:
    assert Thing.model_validate({"number": number}).number == Decimal(repr(number))
    assert Thing.model_validate({"number": integer}).number == integer
    assert float(Thing.model_validate({"number": number}).model_dump(mode="json")["number"]) == number


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.datetimes() | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(JUNK)
def test_junk_is_refused_by_a_validation_error_or_kept(data: Any) -> None:
    try:
        thing = Thing.model_validate(data)
    except ValidationError:
        return
    assert Thing.model_validate(thing.model_dump()) == thing
