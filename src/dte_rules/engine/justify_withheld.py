"""Which facts are read without their values being shown: numbers that identify somebody, and names."""

from __future__ import annotations

from dte_rules.feel.types import STRING, ListOf
from dte_rules.vocabulary import Vocabulary

_IDENTIFYING = ("identity_number", "credit_code")


def withheld(vocabulary: Vocabulary) -> frozenset[str]:
    """The paths of texts that are personal data, that hold an identifying number, or that are a name.

    A birth date is personal data too, but no text: where a rule reads it, the reason can't be given without it.
    """
    found = set()
    for path, type_ in vocabulary.types.items():
        if (type_.element if isinstance(type_, ListOf) else type_) != STRING:
            continue
        constraint = vocabulary.constraints.get(path)
        last = path.rpartition(".")[2]
        identifying = constraint is not None and constraint.format in _IDENTIFYING
        if identifying or path in vocabulary.personal or last == "name" or last.endswith("_name"):
            found.add(path)
    return frozenset(found)
