"""The quick reader of JSON gives what validation gives, and leaves to validation what it can't read."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from tests.properties.random_facts import Maker
from tests.properties.random_programs import Seeded

from dte_rules import Facts, load_packs
from dte_rules.vocabulary import FactModel, Implication, Meaning, Vocabulary

PACKS = load_packs()
MAKER = Maker(PACKS["jinhua"])


def text_of(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, default=lambda v: v.isoformat() if isinstance(v, date) else float(v))


def fields(value: Any) -> Any:
    """All that an engine reads of a record."""
    if isinstance(value, BaseModel):
        return type(value), {name: fields(part) for name, part in value.__dict__.items()}
    return tuple(map(fields, value)) if isinstance(value, tuple) else value


@pytest.mark.parametrize("seed", range(60))
def test_it_gives_what_validation_gives(seed: int) -> None:
    choose = Seeded(seed)
    data = MAKER.facts(choose, date(2024, 9, 2))
    text = text_of(data)
    quick = Facts._quickly()(text)
    slow = Facts.model_validate(json.loads(text, parse_float=Decimal, parse_int=Decimal))
    assert quick == slow
    assert quick is not None
    assert quick.model_fields_set == slow.model_fields_set
    assert quick.model_dump() == slow.model_dump()
    assert quick.to_json() == slow.to_json()
    closed = PACKS["jinhua"].vocabulary.closed
    assert fields(PACKS["jinhua"].vocabulary.closed_json(text)) == fields(closed(slow))


BROKEN = [
    '{"person": {"sex": "x"}}',
    '{"person": {"hukou": "999999"}}',
    '{"person": {"birth_date": "2024-02-30"}}',
    '{"person": {"birth_date": "20240229"}}',
    '{"person": {"birth_date": 20240229}}',
    '{"person": {"receives_pension": 1}}',
    '{"person": {"receives_pension": "true"}}',
    '{"person": {"sex": "男", "retirement_track": "女干部"}}',
    '{"person": {"sex": "男", "sex": "女"}}',
    '{"persons": {}}',
    '{"persons": null}',
    '{"person": []}',
    '{"training": {"hours_completed": -1}}',
    '{"training": {"hours_completed": 1e2000}}',
    '{"training": {"hours_completed": NaN}}',
    '{"training": {"hours_completed": 0.5, "hours_completed": 0.5}}',
    '{"training": {"hours_completed": null, "hours_completed": null}}',
    '{"person": {"hukou": 330700}}',
    '{"person": {"sex": ["男"]}}',
    '{"person": {"sex": {"男": 1}}}',
    '{"institution": {"yearly_person_times": [{"year": 1.5}]}}',
    '{"institution": {"yearly_person_times": [{"year": 0}]}}',
    '{"person": {"title_review": {"held": ["unknown"]}}}',
    '{"person": {"title_review": {"held": [null]}}}',
    '{"person": {"identity_number": "11010519491231002Y"}}',
    "[]",
    '"x"',
    "",
    "{",
    "\ufeff{}",
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_wrong_is_said_by_validation(text: str) -> None:
    assert Facts._quickly()(text) is None
    with pytest.raises(ValidationError):
        Facts.from_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "null",
        '{"person": null, "claims": []}',
        '{"person": "unknown"}',
        '{"person": {"sex": "unknown", "receives_pension": "unknown", "birth_date": "unknown", "hukou": "unknown"}}',
        '{"claims": [null, "unknown", {}]}',
        '{"training": {"hours_completed": 1E+2}}',
        '{"training": {"hours_completed": 128.5, "institution": {"name": "甲: 乙"}}}',
        '{"training": {"institution": {"name": "\\u003a\\ud83d\\ude00"}}}',
        '{"training": {"hours_completed": 1234567890123456789012345678901234567890}}',
        '{"training": {"hours_completed": 1e400}}',
        '{"training": {"hours_completed": 0.1000000000000000000000000001}}',
        b'{"person": {"sex": "\xe7\x94\xb7"}}',
        b'\xef\xbb\xbf{"claims": []}',
        '{"claims": []}'.encode("utf-16"),
    ],
)
def test_the_unusual_is_read_as_validation_reads_it(text: str | bytes) -> None:
    data = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    assert Facts.from_json(text) == Facts.model_validate(data)
    assert Facts.from_json(text).model_fields_set == Facts.model_validate(data).model_fields_set


def even(value: Decimal | None) -> Decimal | None:
    if value is not None and value % 2:
        raise ValueError("odd")
    return value


class Pet(FactModel):
    """A vocabulary with what the quick reader has no rule for."""

    __implications__ = (Implication("kind", "cat", "purrs", True),)

    name: Annotated[str | None, Field(min_length=2), Meaning("名字", "name")] = None
    kind: Literal["cat", "dog"] | None = None
    purrs: bool | None = None
    legs: Annotated[Decimal | None, AfterValidator(even)] = None
    toys: int | None = None


class Home(FactModel):
    """Its root."""

    pets: tuple[Pet, ...] | None = None


def test_what_it_has_no_rule_for_is_validated() -> None:
    assert Home._quickly()('{"pets": [{"kind": "cat"}]}') == Home(pets=(Pet(kind="cat"),))
    for bad in ('{"name": "x"}', '{"legs": 3}', '{"toys": 1.5}', '{"kind": "cat", "purrs": false}'):
        with pytest.raises(ValidationError):
            Home.from_json(f'{{"pets": [{bad}]}}')
    assert Home.from_json('{"pets": [{"name": "Tom", "legs": 4, "toys": 2}]}').pets == (Pet(name="Tom", legs=Decimal(4), toys=2),)
    closed = Vocabulary.of(Home).closed_json('{"pets": [{"kind": "cat"}]}')
    assert closed.pets[0].purrs is True  # type: ignore[attr-defined]


class Plain(BaseModel):
    """A vocabulary of plain Pydantic."""

    age: int | None = None

    share: Decimal | None = None


def test_plain_models_are_read_by_pydantic() -> None:
    vocabulary = Vocabulary.of(Plain)
    closed: Any = vocabulary.closed_json('{"age": 3, "share": 2.99999999999999999999}')
    assert type(closed.age) is Decimal
    assert closed.share == Decimal("2.99999999999999999999")
    for bad in ('{"age": 3, "age": 4}', '{"share": NaN}', '{"age": 1.5}', "["):
        with pytest.raises(ValidationError):
            vocabulary.closed_json(bad)


class Stripped(FactModel):
    """Reads its texts in a way of its own."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str | None = None


class Made(FactModel):
    """Has a hook of its own."""

    name: str | None = None

    def __init__(self, **data: Any) -> None:
        super().__init__(**{name: value.upper() for name, value in data.items()})


class Odd(FactModel):
    """Names a value that no fact can have."""

    name: Literal["x", "unknown"] | None = None


@pytest.mark.parametrize(("model", "text"), [(Stripped, '{"name": " a "}'), (Made, '{"name": "a"}'), (Odd, '{"name": "unknown"}')])
def test_what_a_model_does_of_its_own_is_done(model: type[FactModel], text: str) -> None:
    assert model.from_json(text) == model.model_validate(json.loads(text))
