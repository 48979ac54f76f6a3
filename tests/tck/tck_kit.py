"""Reads the DMN conformance kit: models (`.dmn`) and test cases (`.xml`), with the types and values that they write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, XMLParser

from dte_rules.feel.literals import parse_date, parse_duration
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, ListOf, Record, Type
from dte_rules.feel.values import RecordValue

KIT = Path(__file__).with_name("kit")
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
SIMPLE = {
    "string": STRING, "number": NUMBER, "boolean": BOOLEAN, "date": DATE, "yearMonthDuration": MONTHS,
    "years and months duration": MONTHS, "dayTimeDuration": DAYS, "days and time duration": DAYS, "Any": ANY,
}  # fmt: skip


class NoValue(Exception):
    """A value of a kind that this project's FEEL does not have, as a time of day."""


@dataclass(frozen=True)
class KitRecord(RecordValue):
    """A context of the kit, as a record."""

    fields: Mapping[str, Any]

    def get_field(self, name: str) -> Any:
        """The field's value; FEEL's null where there is none."""
        return self.fields.get(name)


@dataclass(frozen=True)
class Case:
    """One expected result: of which decision, for which inputs."""

    folder: str
    id: str
    decision: str
    inputs: Mapping[str, Any]
    expected: Any
    error: bool

    @property
    def name(self) -> str:
        """The case's name in the record of what is not covered."""
        return f"{self.folder} {self.id} {self.decision}"


@dataclass(frozen=True)
class Function:
    """A business knowledge model whose body is a FEEL expression."""

    parameters: tuple[tuple[str, Type], ...]
    result: Type | None
    body: str


@dataclass(frozen=True)
class Model:
    """The decisions of a model. ``literals`` are those that are one FEEL expression; ``others`` tells what the rest are."""

    literals: Mapping[str, str]
    others: Mapping[str, str]
    results: Mapping[str, Type]
    requires: Mapping[str, tuple[str, ...]]
    inputs: Mapping[str, Type]
    functions: Mapping[str, Function]
    other_functions: Mapping[str, str]
    services: frozenset[str]


def parsed(path: Path) -> Element:
    """An XML file's root. A document type declaration, and with it every entity, is refused."""
    text = path.read_bytes()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ValueError(f"{path}: declares entities")
    parser = XMLParser(encoding="utf-8")
    parser.feed(text)
    root: Element = parser.close()
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]  # the namespaces differ between versions of DMN
    return root


def folders() -> list[Path]:
    """The kit's folders, one for each subject."""
    return sorted({path.parent for path in KIT.glob("*/*/*.dmn")})


def read_model(folder: Path) -> Model:
    """A folder's model."""
    literals: dict[str, str] = {}
    others: dict[str, str] = {}
    results: dict[str, Type] = {}
    requires: dict[str, tuple[str, ...]] = {}
    inputs: dict[str, Type] = {}
    functions: dict[str, Function] = {}
    other_functions: dict[str, str] = {}
    services: set[str] = set()
    for path in sorted(folder.glob("*.dmn")):
        root = parsed(path)
        types = _Types(root)
        services |= {e.get("name", "") for e in root.findall("decisionService")}
        names = {e.get("id", ""): e.get("name", "") for e in root}
        for item in root.findall("inputData"):
            inputs[item.get("name", "")] = types.of_variable(item)
        for item in root.findall("businessKnowledgeModel"):
            logic = item.find("encapsulatedLogic")
            body = None if logic is None else logic.find("literalExpression")
            text = None if body is None else body.findtext("text")
            if logic is None or text is None or logic.get("kind", "FEEL") != "FEEL":
                other_functions[item.get("name", "")] = "external" if logic is not None and logic.get("kind", "FEEL") != "FEEL" else "boxed"
                continue
            parameters = tuple((p.get("name", ""), types.named(p.get("typeRef"))) for p in logic.findall("formalParameter"))
            functions[item.get("name", "")] = Function(parameters, types.result(item, body), text)
        for item in root.findall("decision"):
            name = item.get("name", "")
            results[name] = types.of_variable(item)
            hrefs = [e.get("href", "").rpartition("#")[2] for e in item.findall("informationRequirement/*")]
            requires[name] = tuple(names.get(href, href) for href in hrefs)
            text = item.findtext("literalExpression/text")
            if text is not None:
                literals[name] = text
            else:
                kinds = (
                    "decisionTable",
                    "context",
                    "invocation",
                    "relation",
                    "list",
                    "functionDefinition",
                    "conditional",
                    "filter",
                    "for",
                    "some",
                    "every",
                )
                others[name] = next((kind for kind in kinds if item.find(kind) is not None), "nothing")
    return Model(literals, others, results, requires, inputs, functions, other_functions, frozenset(services))


def read_cases(folder: Path) -> Iterator[Case | tuple[str, str]]:
    """A folder's expected results; a name and ``time`` where a value is of a kind that there is none of."""
    for path in sorted(folder.glob("*.xml")):
        for test in parsed(path).findall("testCase"):
            for node in test.findall("resultNode"):
                where = f"{folder.parent.name[-1]}/{folder.name}"
                decision = node.get("name", "")
                if test.get("invocableName"):
                    decision = f"{test.get('invocableName')}/{decision}"
                name = f"{where} {test.get('id')} {decision}"
                try:
                    inputs = {e.get("name", ""): value_of(e) for e in test.findall("inputNode")}
                    expected = node.find("expected")
                    value = None if expected is None else value_of(expected)
                except NoValue:
                    yield name, "time"
                    continue
                yield Case(where, test.get("id", ""), decision, inputs, value, node.get("errorResult") == "true")


def value_of(element: Element) -> Any:
    """The value that a node writes: ``value``, ``list`` or ``component``s."""
    if element.get(NIL) == "true":
        return None
    components = element.findall("component")
    if components:
        return KitRecord({c.get("name", ""): value_of(c) for c in components})
    members = element.find("list")
    if members is not None:
        return None if members.get(NIL) == "true" else tuple(value_of(item) for item in members.findall("item"))
    value = element.find("value")
    if value is None or value.get(NIL) == "true":
        return None
    kind = value.get(XSI_TYPE, "xsd:string").rpartition(":")[2]
    return _scalar(kind, value.text or "")


def _scalar(kind: str, text: str) -> Any:
    match kind:
        case "string":
            return text
        case "boolean":
            return text.strip() in ("true", "1")
        case "decimal" | "double" | "integer" | "int" | "float" | "long":
            return Decimal(text.strip())
        case "date":
            found: Any = parse_date(text.strip())
        case "duration":
            found = parse_duration(text.strip())
        case _:
            found = None
    if found is None:
        raise NoValue(f"{kind} {text}")
    return found


class _Types:
    """The types that a model defines."""

    def __init__(self, root: Element) -> None:
        self.definitions = {e.get("name", ""): e for e in root.findall("itemDefinition")}

    def of_variable(self, element: Element) -> Type:
        variable = element.find("variable")
        return ANY if variable is None else self.named(variable.get("typeRef"))

    def result(self, function: Element, body: Element | None) -> Type | None:
        """What a function is declared to give: by its variable's type, or by its body's."""
        variable = function.find("variable")
        definition = None if variable is None else self.definitions.get(variable.get("typeRef", ""))
        item = None if definition is None else definition.find("functionItem")
        name = item.get("outputTypeRef") if item is not None else None if body is None else body.get("typeRef")
        return None if name is None else self.named(name)

    def named(self, name: str | None, depth: int = 0) -> Type:
        if name is None or depth > 8:
            return ANY
        plain = re.sub(r"^feel:", "", name)
        if plain in SIMPLE:
            return SIMPLE[plain]
        definition = self.definitions.get(plain)
        return ANY if definition is None else self._defined(definition, depth + 1)

    def _defined(self, definition: Element, depth: int) -> Type:
        components = definition.findall("itemComponent")
        if components:
            type_: Type = Record(definition.get("name", ""), {c.get("name", ""): self._defined(c, depth) for c in components})
        else:
            type_ = self.named(definition.findtext("typeRef"), depth)
        return ListOf(type_) if definition.get("isCollection") == "true" else type_


def agrees(actual: Any, expected: Any) -> bool:
    """Whether a result is the one expected; the kit rounds numbers, and promises eight decimal places of them."""
    if isinstance(expected, KitRecord):
        return isinstance(actual, KitRecord) and actual.fields.keys() == expected.fields.keys() and all(
            agrees(actual.fields[name], value) for name, value in expected.fields.items()
        )  # fmt: skip
    if isinstance(expected, tuple):
        return isinstance(actual, tuple) and len(actual) == len(expected) and all(map(agrees, actual, expected))
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        exponent = expected.as_tuple().exponent
        rounded = isinstance(exponent, int) and exponent <= -8
        return actual == expected or (rounded and abs(actual - expected) < Decimal("1e-8"))
    if isinstance(expected, (bool, str, date, timedelta)):
        return type(actual) is type(expected) and bool(actual == expected)
    return bool(actual == expected)
