"""`make bench`: all engines on the same cases in one run, each checked for the same answers first.

Measures are interleaved: a round takes a slice of each engine in turn, so that a busy machine is busy for all of them. Times are the
process's own. Prints a table, and writes `benchmarks/results.json` and `docs/assets/bench.svg`.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.around import Around
from benchmarks.cases import AS_OF, failed_by_hand, flattened, random_facts
from benchmarks.chart import chart
from benchmarks.engines import ENGINES, Unavailable
from benchmarks.engines import by_hand as ours_by_hand
from benchmarks.handwritten import Subsidy
from dte_rules import Facts, load_packs
from dte_rules.engine.decision import PackRef

ROOT = Path(__file__).resolve().parents[1]
BASE = "hand-written, facts to Decision"
CASES = 200
QUESTION = "training_subsidy"
MEASURED = ("zen-engine", "durable-rules", "clipspy", "cel-expr-python", "common-expression-language", "regopy", "OpenFisca-Core")
Run = Callable[[int], object]
"""Decides the case of a number."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs everything."""
    parser = argparse.ArgumentParser(description="measure dte-rules against other engines")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--slice", type=float, default=0.08, help="seconds that each engine gets in a round")
    parser.add_argument("--output", type=Path, default=ROOT)
    options = parser.parse_args(arguments)
    runs, skipped = contestants()
    figures = measured(runs, options.rounds, options.slice)
    base = figures[BASE]["median"]
    print(f"{'':44}{'median µs':>10}{'p99 µs':>10}{'ratio':>8}")
    for name, figure in sorted(figures.items(), key=lambda entry: entry[1]["median"]):
        figure["ratio"] = figure["median"] / base
        print(f"{name:44}{figure['median']:10.1f}{figure['p99']:10.1f}{figure['ratio']:8.2f}")
    for name, reason in skipped.items():
        print(f"{name:44}not measured: {reason}")
    found = {"machine": machine(), "base": BASE, "figures": figures, "skipped": skipped, "versions": versions()}
    results = options.output / "benchmarks" / "results.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    picture = options.output / "docs" / "assets" / "bench.svg"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(chart({name: figure["median"] for name, figure in figures.items()}), encoding="utf-8")
    return 0


def contestants() -> tuple[dict[str, Run], dict[str, str]]:
    """What is measured, after its answers were compared with ours on every case; and what isn't, with the reason."""
    pack = load_packs()["jinhua"]
    calendar = pack.program.calendar
    reference = PackRef(name=pack.name, version=pack.program.version, digest=pack.program.digest)
    by_hand = Subsidy(reference, calendar.years, calendar.holidays, calendar.workdays)
    random = Random(20240902)
    data = [random_facts(random) for _ in range(CASES)]
    facts = [Facts.model_validate(d) for d in data]
    texts = [json.dumps(d, ensure_ascii=False) for d in data]
    flat = [flattened(d, by_hand) for d in data]
    decided = [pack.decide(QUESTION, f, as_of=AS_OF) for f in facts]
    plain = [pack.decide(QUESTION, f, as_of=AS_OF, alternatives=False) for f in facts]
    for hand, ours in zip((by_hand.decide(f, AS_OF) for f in facts), plain, strict=True):
        agree(hand, ours, "the hand-written Decision")
    runs: dict[str, Run] = {
        BASE: lambda n: by_hand.decide(facts[n], AS_OF),
        "dte-rules decide(alternatives=False)": lambda n: pack.decide(QUESTION, facts[n], as_of=AS_OF, alternatives=False),
        "dte-rules decide": lambda n: pack.decide(QUESTION, facts[n], as_of=AS_OF),
        "dte-rules explain": lambda n: pack.explain(QUESTION, facts[n], as_of=AS_OF),
        "dte-rules explain, to JSON": lambda n: pack.explain(QUESTION, facts[n], as_of=AS_OF).justification.to_json(),
        "dte-rules decide_json": lambda n: pack.decide_json(QUESTION, texts[n], as_of=AS_OF),
    }
    skipped = {"regorus": "not on PyPI"}
    try:
        for f, ours in zip(facts, decided, strict=True):
            agree(pack.decide(QUESTION, f, as_of=AS_OF, engine="durable"), ours, "durable-rules")
        runs["dte-rules on durable-rules"] = lambda n: pack.decide(QUESTION, facts[n], as_of=AS_OF, engine="durable", alternatives=False)
    except ImportError as error:
        skipped["dte-rules on durable-rules"] = str(error)
    for name, make in ENGINES.items():
        try:
            decide = make()
        except Unavailable as error:
            skipped[name] = str(error)
            continue
        for each, ours in zip(flat, decided, strict=True):
            agree(decide(each), ours.failed, name)
        runs[name] = lambda n, decide=decide: decide(flat[n])  # type: ignore[misc]
        if make is ours_by_hand:
            continue  # it stands around nothing: that is the hand-written Decision
        around = Around(decide, by_hand)
        for f, ours in zip(facts, plain, strict=True):
            agree(around.decide(f, AS_OF), ours, f"{name}, facts to Decision")
        runs[f"{name}, facts to Decision"] = lambda n, around=around: around.decide(facts[n], AS_OF)  # type: ignore[misc]
    assert all(failed_by_hand(each) == ours.failed for each, ours in zip(flat, decided, strict=True))
    return runs, skipped


def agree(theirs: Any, ours: Any, name: str) -> None:
    """Stops the run where an engine gives another answer."""
    if theirs != ours:
        raise SystemExit(f"{name} gives another answer:\n{theirs}\n{ours}")


def measured(runs: dict[str, Run], rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """The median and the 99th percentile of each, in microseconds, over all rounds."""
    samples: dict[str, list[float]] = {name: [] for name in runs}
    clock = time.perf_counter_ns
    for _ in range(rounds):
        for name, run in runs.items():
            end = time.process_time() + seconds
            taken = samples[name]
            while time.process_time() < end:
                for number in range(CASES // 4):
                    before = clock()
                    run(number)
                    taken.append((clock() - before) / 1000)
    return {
        name: {"median": statistics.median(taken), "p99": sorted(taken)[len(taken) * 99 // 100], "decisions": len(taken)}
        for name, taken in samples.items()
    }


def machine() -> dict[str, str]:
    """Where it was measured."""
    return {"python": platform.python_version(), "system": platform.system(), "processor": platform.machine()}


def versions() -> dict[str, str]:
    """The versions of what was measured."""
    found = {}
    for name in MEASURED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
