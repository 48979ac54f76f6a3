"""Writes case files: YAML that ``read_cases`` reads back as the same cases, the same text every time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from dte_rules.cases.case import Case, Expect
from dte_rules.source.scalars import resolve_plain

WIDTH = 140


def write_cases(cases: Iterable[Case]) -> str:
    """The cases as YAML, in their order; what is empty is left out."""
    data = {"cases": [plain_case(case) for case in cases]}
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=False)
    return text


def plain_case(case: Case) -> dict[str, Any]:
    """The case as plain data, with its keys in the order of the contract."""
    found: dict[str, Any] = {"id": case.id}
    if case.title is not None:
        found["title"] = case.title
    found |= {"region": case.region, "decision": case.decision, "as_of": case.as_of}
    if case.readings:
        found["readings"] = dict(case.readings)
    if case.facts:
        found["facts"] = case.facts
    if case.expect is not None:
        found["expect"] = _plain_expect(case.expect)
    return found


def _plain_expect(expect: Expect) -> dict[str, Any]:
    found = dict(expect.fields)
    if expect.exactly:
        found["exactly"] = sorted(expect.exactly)
    return found


class _Dumper(yaml.SafeDumper):
    """Writes only what the reader takes: no tags, no aliases, quotes around every text that would read as something else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, data: str) -> yaml.ScalarNode:
        style = None if resolve_plain(data) == data and "\n" not in data else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def represent_decimal(self, data: Decimal) -> yaml.ScalarNode:
        text = format(data, "f")
        kind = "float" if "." in text else "int"
        return self.represent_scalar(f"tag:yaml.org,2002:{kind}", text)

    def represent_sequence_of(self, data: Iterable[Any]) -> yaml.SequenceNode:
        return self.represent_sequence("tag:yaml.org,2002:seq", data)

    def represent_day(self, data: date) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:timestamp", data.isoformat())


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(Decimal, _Dumper.represent_decimal)
_Dumper.add_representer(tuple, _Dumper.represent_sequence_of)
_Dumper.add_representer(date, _Dumper.represent_day)
