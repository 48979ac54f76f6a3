"""Plants each fault and tells which tool finds it: ``python -m tests.faults [ID...]``. Takes some minutes a tool; prints a table, and JSON.

A tool finds a fault where it says something of the changed packs that it does not say of the packs as they are.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from dte_rules import DiagnosticsError, load_packs
from dte_rules.analysis.analyze import analyze
from dte_rules.analysis.diff import diff
from dte_rules.analysis.prove.read import read
from dte_rules.analysis.prove.ready import ready
from dte_rules.analysis.prove.run import prove
from dte_rules.api import LoadedPack, Packs
from dte_rules.cases import BrokenCase, compare, facts_of, read_cases
from dte_rules.testing import invariants
from tests.faults.planted import FAULTS, Fault
from tests.faults.statements import STATEMENTS, Statement

ROOT = Path(__file__).parents[2]
CLEAN = load_packs(ROOT / "rules")
SUCCESSORS = {"zhejiang": ("zhejiang", "jinhua")}
"""The packs that a pack's fault reaches, where it is more than itself."""
Tool = Callable[[Fault, Packs], str]
"""What a tool says of a fault: nothing, or what gave it away."""


def affected(fault: Fault) -> tuple[str, ...]:
    """The packs that a fault reaches."""
    return SUCCESSORS.get(fault.pack, (fault.pack,))


def by_cases(fault: Fault, packs: Packs) -> str:
    """The cases of the suite."""
    for file in sorted((ROOT / "tests" / "cases").glob("*.yaml")):
        for case in read_cases(str(file)).cases:
            if isinstance(case, BrokenCase) or case.region not in affected(fault) or case.expect is None:
                continue
            pack = packs[case.region]
            facts = facts_of(case, pack.Facts, pack.vocabulary)
            made = pack.decide(case.decision, facts, as_of=case.as_of, readings=case.readings)
            if compare(case.expect, made):
                return str(case.id)
    return ""


def by_diff(fault: Fault, packs: Packs) -> str:
    """`dte diff`, against the packs as they are."""
    found = diff(CLEAN[fault.pack], packs[fault.pack])
    return ", ".join(sorted({d.change for d in found.differences}))


def by_analyze(fault: Fault, packs: Packs) -> str:
    """`dte analyze` of the decision that suffers."""
    new = _findings(packs[fault.pack], fault.decision) - _clean_findings(fault.pack, fault.decision)
    return ", ".join(sorted({kind for kind, _ in new}))


@cache
def _clean_findings(pack: str, decision: str) -> frozenset[tuple[str, str]]:
    return _findings(CLEAN[pack], decision)


def _findings(pack: LoadedPack, decision: str) -> frozenset[tuple[str, str]]:
    return frozenset((finding.kind, finding.slot) for finding in analyze(pack, (decision,)).findings)


def by_prove(fault: Fault, packs: Packs) -> str:
    """`dte prove rules/properties/regions.yaml`: the first property on the decision whose outcome is not the one expected."""
    file = read(ROOT / "rules" / "properties" / "regions.yaml")
    for property_ in ready(file, packs):
        sides = [side for question in property_.questions for side in question.sides]
        if any(side.decision == fault.decision and side.policy.program.name in affected(fault) for side in sides):
            for found in prove([property_]):
                if not found.as_expected:
                    return found.ready.id
    return ""


READY: tuple[tuple[str, Callable[..., None]], ...] = (
    ("unknown_never_flips", invariants.unknown_never_flips),
    ("list_order_irrelevant", invariants.list_order_irrelevant),
    ("exclusions_exclude", invariants.exclusions_exclude),
    ("engines_agree", invariants.engines_agree),
    ("no_fact_ignored", invariants.no_fact_ignored),
)
"""The invariants that need nothing said about the policy."""


def by_invariants(fault: Fault, packs: Packs) -> str:
    """`dte_rules.testing`: the ready invariants and more hours never hurting, where they hold of the packs as they are."""
    for name, check in _checks(fault):
        if _fails(check, packs) and not _clean_fails(name, fault.id):
            return name
    return ""


def _checks(fault: Fault) -> Iterator[tuple[str, Callable[[Packs], None]]]:
    for name, invariant in READY:
        yield name, lambda packs, invariant=invariant: invariant(packs[fault.pack], fault.decision)  # type: ignore[misc]
    if fault.decision == "training_subsidy" and fault.pack in ("jinhua", "zhejiang"):
        for path in ("training.hours_completed", "training.content_completed"):
            yield f"monotone {path}", lambda packs, path=path: invariants.monotone(packs["jinhua"], "training_subsidy", path)  # type: ignore[misc]


@cache
def _clean_fails(name: str, fault: str) -> bool:
    (planted,) = (f for f in FAULTS if f.id == fault)
    return any(n == name and _fails(check, CLEAN) for n, check in _checks(planted))


def by_statements(fault: Fault, packs: Packs) -> str:
    """`dte_rules.testing`: statements of the notices, tried on 1,000 questions each."""
    for statement in STATEMENTS:
        if statement[0] in affected(fault) and statement[1] == fault.decision and _fails(partial(_state, statement), packs):
            return statement[2].__name__
    return ""


def _state(statement: Statement, packs: Packs) -> None:
    pack, decision, claim, facts = statement
    invariants.holds(packs[pack], decision, claim, max_examples=1000, also=facts)


def _fails(check: Callable[[Packs], None], packs: Packs) -> bool:
    try:
        check(packs)
    except AssertionError:
        return True
    return False


TOOLS: dict[str, Tool] = {
    "cases": by_cases,
    "diff": by_diff,
    "analyze": by_analyze,
    "prove": by_prove,
    "invariants": by_invariants,
    "statements": by_statements,
}


def main(wanted: list[str]) -> None:
    """Plants, asks, prints."""
    os.environ["DTE_CACHE"] = "off"
    table: dict[str, dict[str, str]] = {}
    seconds: dict[str, float] = dict.fromkeys(TOOLS, 0.0)
    for statement in STATEMENTS:
        _state(statement, CLEAN)  # what is said is so
    print(f"{'':5}{'':32}{'check':8}" + "".join(f"{tool:12}" for tool in TOOLS))
    for fault in FAULTS:
        if wanted and fault.id not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            rules = Path(folder) / "rules"
            shutil.copytree(ROOT / "rules", rules)
            fault.plant(rules)
            found = table[fault.id] = {}
            try:
                packs: Any = load_packs(rules)
            except DiagnosticsError as error:
                found["check"] = error.diagnostics[0].code
            else:
                for name, tool in TOOLS.items():
                    before = time.perf_counter()
                    found[name] = tool(fault, packs)
                    seconds[name] += time.perf_counter() - before
        cells = "".join(f"{'x' if found.get(tool) else '·' if 'check' not in found else ' ':12}" for tool in TOOLS)
        print(f"{fault.id:5}{fault.kind:32}{'x' if 'check' in found else '·':8}{cells}", flush=True)
    counts = {tool: sum(bool(found.get(tool)) for found in table.values()) for tool in ("check", *TOOLS)}
    print(f"{'':37}{counts['check']:<8}" + "".join(f"{counts[tool]:<12}" for tool in TOOLS))
    print(f"{'seconds':45}" + "".join(f"{seconds[tool]:<12.0f}" for tool in TOOLS))
    json.dump(table, sys.stderr, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])
