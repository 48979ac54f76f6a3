"""A loaded pack, as far as proving needs one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from pydantic import BaseModel

from dte_rules.engine.decision import Decision
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary


class Policy(Protocol):
    """`dte_rules.api.LoadedPack` is one."""

    program: Program
    vocabulary: Vocabulary

    def decide(self, decision: str, facts: BaseModel, *, as_of: date, readings: Mapping[str, str] | None = None) -> Decision:
        """The pack's own answer."""
        ...


Policies = Mapping[str, Any]
"""Packs by their names."""
