"""Sets of unknown things which, if they were known, could settle a condition.

A *support* of a condition for an outcome is a set of unknown facts (or open points) and values for them with which the condition
has that outcome, whatever else is unknown. Supports of connectives are built from those of their parts; the supports of what can't
be taken apart are searched for among values that its constants suggest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Any

Support = Mapping[str, Any]
"""Names of unknown things, with values; `UNSUPPOSABLE` stands for a value that can't be supposed (another document's rule)."""
UNSUPPOSABLE = object()

MOST_SETS = 120
"""How many supports are kept for one condition; the smallest are kept."""
MOST_TRIES = 400
"""How many values are tried for one set of names."""
LARGEST_SET = 3
"""Up to how many names a condition that can't be taken apart is searched for sets smaller than all of its names."""

NOTHING: tuple[Support, ...] = ({},)
"""The supports of what is so already."""


def minimal(supports: Iterable[Support]) -> tuple[Support, ...]:
    """The supports of which no other is a part, smallest first."""
    kept: list[Support] = []
    for support in sorted(supports, key=len):
        names = support.keys()
        if not any(other.keys() <= names for other in kept):
            kept.append(support)
            if len(kept) == MOST_SETS:
                break
    return tuple(kept)


def both(parts: Sequence[Sequence[Support]]) -> tuple[Support, ...]:
    """Supports of all parts at once: one of each, together."""
    result: Sequence[Support] = NOTHING
    for part in parts:
        result = minimal({**a, **b} for a in result for b in part)
        if not result:
            return ()
    return tuple(result)


def either(parts: Iterable[Sequence[Support]]) -> tuple[Support, ...]:
    """Supports of any of the parts."""
    return minimal(support for part in parts for support in part)


def search(
    names: Sequence[str],
    candidates: Callable[[str], Sequence[Any]],
    outcome: Callable[[Mapping[str, Any]], Any],
    outcomes: Sequence[Any],
    *,
    enough: Callable[[], bool] = lambda: False,
) -> dict[Any, tuple[Support, ...]]:
    """Minimal supports for each of the outcomes of a condition that rests on these names.

    ``outcome`` gives the condition's outcome under suppositions. A name for which nothing can be supposed takes part in a
    support only with all of the others: all outcomes are then thought possible. So are those not found when ``enough`` was tried.
    """
    free = [name for name in names if candidates(name)]
    found: dict[Any, list[Support]] = {o: [] for o in outcomes}
    sizes = range(1, min(len(free), LARGEST_SET) + 1) if len(free) <= 2 * LARGEST_SET else range(1, 2)
    for size in sizes:
        for chosen in combinations(free, size):
            open_outcomes = [o for o in outcomes if not any(s.keys() <= set(chosen) for s in found[o])]
            if not open_outcomes:
                continue
            for number, values in enumerate(product(*map(candidates, chosen))):
                if number >= MOST_TRIES or not open_outcomes or enough():
                    break
                supposed = dict(zip(chosen, values, strict=True))
                result = outcome(supposed)
                if result in open_outcomes:
                    found[result].append(supposed)
                    open_outcomes.remove(result)
    whole = dict.fromkeys(names, UNSUPPOSABLE)
    for o in outcomes:
        if len(free) < len(names) or (not found[o] and (len(free) > LARGEST_SET or enough())):
            found[o].append(whole)
    return {o: minimal(s) for o, s in found.items()}
