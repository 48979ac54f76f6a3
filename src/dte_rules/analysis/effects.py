"""The order of effects: which of two titles' effects is the stronger, as data beside the rules says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dte_rules.pack.library import shipped_directory
from dte_rules.source.yaml import read_yaml_file

Order = Literal["same", "stronger", "weaker", "no order"]


@dataclass(frozen=True)
class Effects:
    """Each effect with those that it is directly stronger than."""

    above: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, file: Path | None = None) -> Effects:
        """From a file of the form of `rules/analysis/effects.yaml`; by default that one."""
        path = file or shipped_directory() / "analysis" / "effects.yaml"
        data = read_yaml_file(path).plain() if path.is_file() else {}
        listed = data.get("effects", {}) if isinstance(data, Mapping) else {}
        return cls({name: frozenset((content or {}).get("above", ())) for name, content in listed.items()})

    def order(self, first: str, second: str) -> Order:
        """How the first effect stands to the second."""
        if first == second:
            return "same"
        if second in self._below(first):
            return "stronger"
        return "weaker" if first in self._below(second) else "no order"

    def _below(self, effect: str) -> frozenset[str]:
        found: set[str] = set()
        todo = list(self.above.get(effect, ()))
        while todo:
            here = todo.pop()
            if here not in found:
                found.add(here)
                todo.extend(self.above.get(here, ()))
        return frozenset(found)
