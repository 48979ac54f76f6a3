"""Validation errors as diagnostics: codes, paths, places, nearest names, and no personal values."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from dte_rules.source.diagnostic import Diagnostic, Severity
from dte_rules.source.span import Span
from dte_rules.vocabulary import FactModel, Implication, Meaning, TextFormat, Vocabulary, Whole
from dte_rules.vocabulary.diagnostics import DIAGNOSTICS, UnknownFact
from dte_rules.vocabulary.errors import fact_diagnostics, fact_path

PERSONAL = "110105194912310022"


class Wagon(FactModel):
    __implications__ = (Implication("listed", True, "listed_any", True),)

    kind: Literal["open", "closed"] | None = None
    listed: bool | None = None
    listed_any: bool | None = None


class Driver(FactModel):
    born: Annotated[date | None, Meaning(personal=True)] = None
    title: Annotated[Literal["Herr", "Frau"] | None, Meaning(personal=True)] = None
    identity: Annotated[str, TextFormat("identity_number")] | None = None


class Train(FactModel):
    driver: Driver | None = None
    wagons: tuple[Wagon, ...] | None = None
    stops: tuple[str, ...] | None = None
    left_on: date | None = None
    load: Annotated[Decimal | None, Field(ge=0, lt=10)] = None
    count: Annotated[Decimal | None, Whole()] = None
    place: Annotated[str, TextFormat("division_code")] | None = None
    owner: Annotated[str, TextFormat("credit_code")] | None = None
    sign: Annotated[str, Field(pattern="^[A-Z]$")] | None = None
    late: bool | None = None


TRAIN = Vocabulary.of(Train)


def diagnose(data: Any, model: type[BaseModel] = Train) -> tuple[Diagnostic, ...]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        return fact_diagnostics(error, lambda loc, kind: Span("f.yaml", len(loc), 1, len(loc), 2), Vocabulary.of(model))
    return ()


@pytest.mark.parametrize(
    ("data", "code", "en", "help_en"),
    [
        ({"lode": 1}, "DTE501", "unknown fact `lode`", "did you mean `load`?"),
        ({"born": 1}, "DTE501", "unknown fact `born`", "did you mean `driver.born`?"),
        ({"zzzzzzzzzz": 1}, "DTE501", "unknown fact `zzzzzzzzzz`", ""),
        ({1: 1}, "DTE501", "unknown fact `1`", ""),
        ({"wagons": [{}, {"kinds": 1}]}, "DTE501", "unknown fact `wagons[2].kinds`", "did you mean `kind`?"),
        ({"load": "1.5"}, "DTE502", "`load` must be a number", "write it without quotes"),
        ({"load": "much"}, "DTE502", "`load` must be a number", ""),
        ({"load": True}, "DTE502", "`load` must be a number", ""),
        ({"late": "no"}, "DTE502", "`late` must be true or false", "write true or false, not yes, no, 1 or 0"),
        ({"late": 1}, "DTE502", "`late` must be true or false", "write true or false, not yes, no, 1 or 0"),
        ({"place": 330700}, "DTE502", "`place` must be a text", "put it in quotes, so that it is read as text"),
        ({"left_on": datetime(2024, 1, 1, tzinfo=UTC)}, "DTE502", "`left_on` must be a date (YYYY-MM-DD)", "write the day without a time"),
        ({"left_on": 20240101}, "DTE502", "`left_on` must be a date (YYYY-MM-DD)", ""),
        (
            {"wagons": {}},
            "DTE502",
            "`wagons` must be a list, each member of which is a record (a mapping)",
            "write a list even if it has one member",
        ),
        ({"wagons": [1]}, "DTE502", "`wagons[1]` must be a record (a mapping)", ""),
        ({"driver": []}, "DTE502", "`driver` must be a record (a mapping)", ""),
        ({"stops": [3]}, "DTE502", "`stops[1]` must be a text", "put it in quotes, so that it is read as text"),
        ({"wagons": [{"kind": 3}]}, "DTE502", "`wagons[1].kind` must be one of `open` | `closed`", ""),
        ({"wagons": [{"kind": "opn"}]}, "DTE503", "`wagons[1].kind` can't be `opn`", "did you mean `open`? one of `open` | `closed`"),
        ({"wagons": [{"kind": "x" * 99}]}, "DTE503", "`wagons[1].kind` can't be this value", "one of `open` | `closed`"),
        ({"left_on": "2024-02-30"}, "DTE504", "`left_on` is not a valid date", "write a day of the calendar as YYYY-MM-DD, as 2024-06-10"),
        ({"load": math.nan}, "DTE505", "`load` is not a usable number", None),
        ({"load": Decimal("Infinity")}, "DTE505", "`load` is not a usable number", None),
        ({"load": 10**2000}, "DTE505", "`load` is not a usable number", None),
        ({"load": -1}, "DTE506", "`load` must be at least 0", ""),
        ({"load": 10}, "DTE506", "`load` must be less than 10", ""),
        ({"count": 1.5}, "DTE507", "`count` must be a whole number", ""),
        ({"sign": "ab"}, "DTE508", "`sign` is not of the form that it must have", ""),
        (
            {"wagons": [{"listed": True, "listed_any": False}]},
            "DTE509",
            "`wagons[1].listed_any` and `wagons[1].listed` contradict each other",
            None,
        ),
        ({"owner": "91330000712345678A"}, "DTE510", "`owner` is not a valid unified social credit code", None),
        ({"driver": {"identity": PERSONAL}}, "DTE511", "`driver.identity` is not a valid resident identity number", None),
        ({"place": "990000"}, "DTE512", "`place` is not a valid division code", None),
        ({"stops": ["a", None]}, "DTE514", "a member of `stops` can't be unknown", None),
    ],
)
def test_diagnostics(data: Any, code: str, en: str, help_en: str | None) -> None:
    (found,) = diagnose(data)
    assert found.code == code
    assert found.message("en") == en
    assert help_en is None or found.help("en") == help_en
    assert found.span is not None
    zh = found.message("zh")
    assert any("\u4e00" <= char <= "\u9fff" for char in zh)
    assert bool(found.help("zh")) is bool(found.help("en"))


def test_all_errors_come_at_once_in_order_with_their_places() -> None:
    found = diagnose({"driver": {"born": "1990-02-30", "name": "x"}, "wagons": [{"kind": "shut"}], "load": "1"})
    assert [(each.code, each.span and each.span.line) for each in found] == [
        ("DTE504", 2),
        ("DTE501", 2),
        ("DTE503", 3),
        ("DTE502", 1),
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"driver": {"born": PERSONAL, "title": PERSONAL, "identity": PERSONAL}},
        {"driver": {"born": int(PERSONAL), "title": int(PERSONAL), "identity": int(PERSONAL)}},
        {"driver": PERSONAL, "left_on": PERSONAL, "stops": PERSONAL, "late": PERSONAL, "load": PERSONAL, "owner": PERSONAL},
    ],
)
def test_personal_values_are_never_shown(data: Any) -> None:
    found = diagnose(data)
    assert found
    for each in found:
        for lang in ("zh", "en"):
            assert PERSONAL not in each.message(lang)
            assert PERSONAL not in each.help(lang)
        assert PERSONAL not in repr(each)
        assert PERSONAL not in str(each.as_dict())


def test_bad_json_is_a_diagnostic() -> None:
    with pytest.raises(ValidationError) as caught:
        Train.from_json('{"load": 1, "load": 2}')
    (found,) = fact_diagnostics(caught.value, lambda loc, kind: None, TRAIN)
    assert (found.code, found.message(), found.span) == ("DTE513", "not usable as JSON: the key `load` is repeated", None)


class Strict(BaseModel):
    name: Annotated[str, Meaning(personal=True)]
    age: int

    @field_validator("age")
    @classmethod
    def _grown_up(cls, age: int) -> int:
        if age < 18:
            raise ValueError("must be grown up")
        return age

    @field_validator("name")
    @classmethod
    def _polite(cls, name: str) -> str:
        if not name.istitle():
            raise ValueError(f"{name} is impolite")
        return name


def test_the_checks_of_plain_models() -> None:
    assert [(each.code, each.message()) for each in diagnose({"age": 3}, Strict)] == [
        ("DTE515", "`name` is required"),
        ("DTE516", "`age` was refused: Value error, must be grown up"),
    ]
    assert [(each.code, each.message()) for each in diagnose({"age": 30.5, "name": "ann"}, Strict)] == [
        ("DTE516", "`name` was refused"),
        ("DTE507", "`age` must be a whole number"),
    ]


def test_locate_gets_loc_and_type() -> None:
    asked: list[Any] = []
    with pytest.raises(ValidationError) as caught:
        Train.model_validate({"lode": 1, "wagons": [{"listed": 1}]})
    fact_diagnostics(caught.value, lambda loc, kind: asked.append((loc, kind)), TRAIN)
    assert asked == [(("wagons", 0, "listed"), "bool_type"), (("lode",), "extra_forbidden")]


def test_paths() -> None:
    assert fact_path(()) == ""
    assert fact_path(("person", "insurance", 0, "region")) == "person.insurance[1].region"


def test_the_register_of_diagnostics() -> None:
    codes = [each.code for each in DIAGNOSTICS]
    assert codes == sorted(set(codes))
    assert all(code.startswith("DTE5") for code in codes)
    for each in DIAGNOSTICS:
        assert each.__doc__
        assert "path" in each.__dataclass_fields__
        assert each.zh
        assert each.en
        assert bool(each.zh_help) is bool(each.en_help)
        assert each.severity is Severity.ERROR
    assert UnknownFact(path="x", nearest="y").help("zh") == "是否想写 `y`？"
