"""What does not show in one decision: start, large packs, many processes, memory, sessions. ``python -m benchmarks.scale``.

Prints figures as they are measured, and writes `benchmarks/scale.json`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.cases import AS_OF, random_facts
from benchmarks.run import ROOT, machine
from dte_rules import Facts, load_packs

QUESTION = "training_subsidy"
HEAD = """pack: large
version: "1"
jurisdiction: "330700"
title: {zh: 大, en: large}
sources: {s1: {number: n, title: {zh: 文, en: document}, issued: 2020-01-01, in_force: {from: 2020-01-02}}}
"""


FIGURES: dict[str, dict[str, float | str]] = {}
"""What was measured in this run, by name: each figure with its unit in its own name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures everything, or the parts named."""
    parts = {part.__name__: part for part in (start, large, processes, memory, sessions)}
    parser = argparse.ArgumentParser(description="measure start, large packs, processes, memory and sessions")
    parser.add_argument("parts", nargs="*", metavar="PART", help="all of them, where none is named")
    parser.add_argument("--output", type=Path, default=ROOT)
    options = parser.parse_args(arguments)
    for name in options.parts or parts:
        parts[name]()
    if not options.parts:
        results = options.output / "benchmarks" / "scale.json"
        results.parent.mkdir(parents=True, exist_ok=True)
        results.write_text(json.dumps({"machine": machine(), "figures": FIGURES}, indent=2) + "\n", encoding="utf-8")
    return 0


def tell(name: str, **figures: float | str) -> None:
    """Prints figures, and keeps them."""
    FIGURES[name] = figures
    words = [
        f"{what.replace('_', ' ')} {value:,.2f}" if isinstance(value, float) else f"{what.replace('_', ' ')} {value}"
        for what, value in figures.items()
    ]
    print(f"{name:50}{'   '.join(words)}", flush=True)


def timed(work: Callable[[], Any]) -> float:
    """Seconds of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def start() -> None:
    """Import and load, each in a process of its own; the median of five."""
    with tempfile.TemporaryDirectory() as folder:
        ready = "from dte_rules import Facts, load_packs; Facts; T()"
        programs = {
            "import pydantic": "import pydantic",
            "import dte_rules": "import pydantic; T(); import dte_rules",
            "import Facts and load_packs": "import pydantic; T(); from dte_rules import Facts, load_packs",
            "load_packs, cold": f"import os; os.environ['DTE_CACHE'] = 'off'; {ready}; load_packs()",
            "load_packs, from the cache": f"{ready}; load_packs()",
        }
        for name, program in programs.items():
            clock = "import time\nt = time.process_time()\ndef T():\n    global t\n    t = time.process_time()\n"
            program = f"{clock}{program.replace('; ', chr(10))}\nprint(time.process_time() - t)"
            found = []
            for _ in range(6):
                run = subprocess.run(
                    [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, "DTE_CACHE": folder}
                )
                found.append(float(run.stdout))
            tell(name, ms=sorted(found[1:])[2] * 1000)


def large_pack(rules: int, rows: int, *, intervals: bool) -> str:
    """A pack of so many rules, and a table of so many rows of texts, or of texts and intervals."""
    lines = [HEAD, "terms:"]
    for n in range(rules // 2):
        lines.append(f"  t{n}: {{cite: s1 一, title: {{zh: 项{n}, en: term {n}}}, is: training.hours_completed + {n}}}")
    lines += ["tables:", "  standard:", "    cite: s1 二", "    title: {zh: 表, en: table}", "    hit: unique"]
    lines += ["    inputs: [institution.name, training.hours_completed]", "    outputs: [amount]", "    rows:"]
    for n in range(rows):
        lines.append(f"      - [name{n // 10}, '[{n % 10 * 10}..{n % 10 * 10 + 10})', {n}]" if intervals else f"      - [name{n}, -, {n}]")
    lines += ["    otherwise: unspecified", "decisions:"]
    each = rules // 2 // 20
    for n in range(20):
        lines += [f"  d{n}:", f"    title: {{zh: 问{n}, en: question {n}}}", "    modality: entitlement", "    requires:"]
        for k in range(n * each, n * each + each):
            lines.append(f"      c{k}: {{title: {{zh: 条{k}, en: condition {k}}}, cite: s1 三, when: t{k} > {k}}}")
        lines.append("    grants: {amount: {cite: s1 二, is: standard.amount}}")
    return "\n".join(lines) + "\n"


def large() -> None:
    """Large packs: loading and compiling, the first decision, each further one, and those about which facts are missing."""
    os.environ["DTE_CACHE"] = "off"
    facts = Facts.model_validate({"institution": {"name": "name7"}, "training": {"hours_completed": 35}})
    day = date(2024, 1, 1)
    for rules, rows, intervals in ((500, 2_500, False), (1_000, 5_000, False), (2_000, 10_000, False), (2_000, 10_000, True)):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "large.yaml").write_text(large_pack(rules, rows, intervals=intervals), encoding="utf-8")
            packs: list[Any] = []
            loading = timed(lambda packs=packs, folder=folder: packs.append(load_packs(folder)["large"]))  # type: ignore[misc]
            pack = packs[0]
            first = timed(lambda pack=pack: pack.decide("d1", facts, as_of=day))  # type: ignore[misc]
            gc.collect()  # what is left of compiling
            rest = timed(lambda pack=pack: [pack.decide("d1", facts, as_of=day) for _ in range(500)]) / 500  # type: ignore[misc]
            missing = {name: undetermined(pack, known, day) for name, known in UNKNOWN.items()}
        name = f"{rules} rules, {rows} rows" + (" of intervals" if intervals else "")
        tell(name, load_s=loading, first_decision_ms=first * 1000, each_us=rest * 1e6)
        tell(f"{name}, undetermined", **missing)


UNKNOWN: dict[str, Any] = {
    "no_row_ms": {"institution": {"name": "nobody"}, "training": {"hours_completed": 35}},
    "no_name_ms": {"training": {"hours_completed": 35}},
    "no_hours_ms": {"institution": {"name": "name7"}},
    "no_facts_ms": {},
}
"""What is known where a decision on a large pack is undetermined."""


def undetermined(pack: Any, known: Any, day: date) -> float:
    """Milliseconds for a decision for want of facts, after a first one; the middle of three."""
    facts = Facts.model_validate(known)
    assert pack.decide("d1", facts, as_of=day).verdict == "undetermined"
    gc.collect()
    return sorted(timed(lambda: pack.decide("d1", facts, as_of=day)) for _ in range(3))[1] * 1000


def processes() -> None:
    """Two processes against one, by the clock on the wall: short lists and long ones; the middle of three."""
    pack, random = load_packs()["jinhua"], Random(1)
    some = [Facts.model_validate(random_facts(random)) for _ in range(500)]
    for count in (10_000, 40_000, 160_000):
        facts = some * (count // 500)
        gains = []
        for _ in range(3):
            before = time.perf_counter()
            pack.decide_many(QUESTION, facts, as_of=AS_OF)
            one = time.perf_counter() - before
            before = time.perf_counter()
            pack.decide_many(QUESTION, facts, as_of=AS_OF, processes=2)
            gains.append(one / (time.perf_counter() - before))
        tell(f"decide_many, {count:,} facts, two processes", times_as_fast=sorted(gains)[1], load=f"{os.getloadavg()[0]:.1f}")


def memory() -> None:
    """How much the process grows over a million decisions, after the first 20,000."""
    pack, random = load_packs()["jinhua"], Random(2)
    facts = [Facts.model_validate(random_facts(random)) for _ in range(200)]

    def work(rounds: int) -> int:
        for _ in range(rounds):
            for each in facts:
                pack.decide(QUESTION, each, as_of=AS_OF)
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = work(100)
    tell("memory over 1,000,000 decisions", growth_kB=work(5_000) - before)


def sessions() -> None:
    """An update of a session that follows all of Shanghai's decisions, and a year of days."""
    pack = load_packs()["shanghai"]
    for engine in ("compiled", "durable"):
        try:
            session = pack.session(as_of=date(2026, 5, 1), engine=engine)  # type: ignore[arg-type]
        except ImportError as error:
            tell(f"session, {engine}", not_measured=str(error))
            continue
        session.set("institution.removals", [])

        def update(session: Any = session) -> None:
            for n in range(100):
                session.retract(session.put("institution.removals", {"decided_on": date(2026, 1, 1 + n % 28)}))

        each = timed(update) / 200
        year = timed(lambda session=session: session.advance(date(2027, 5, 1)))  # type: ignore[misc]
        tell(f"session, {engine}", update_us=each * 1e6, a_year_of_days_ms=year * 1000)


if __name__ == "__main__":
    raise SystemExit(main())
