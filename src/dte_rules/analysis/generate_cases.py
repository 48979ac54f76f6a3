"""A small set of cases that reaches what can be reached of a decision's conditions, each with a title that says what it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dte_rules.analysis.coverage import Counter, Coverage
from dte_rules.analysis.coverage_trace import Trace
from dte_rules.analysis.generate import Generator, Made, generator
from dte_rules.analysis.generate_frame import State
from dte_rules.analysis.generate_instances import Instances
from dte_rules.cases import Case, Expect
from dte_rules.engine.decide import Decider
from dte_rules.feel.unparse import literal
from dte_rules.program.nodes import Program
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Vocabulary

SAMPLES = 1500


@dataclass(frozen=True)
class Generated:
    """The cases, and what they reach."""

    cases: tuple[Case, ...]
    coverage: Coverage
    possible: Coverage
    """What all the cases that there were to choose from reach."""


def generate(
    program: Program,
    vocabulary: Vocabulary,
    decision: str,
    lang: Lang,
    *,
    samples: int = SAMPLES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Generated:
    """Cases chosen greedily: each is the one that reaches most of what is not reached yet, with as few departures as will do."""
    own = generator(program, vocabulary, decision)
    everything, counter = Counter(program, [decision]), Counter(program, [decision])
    pool: list[tuple[Made, Trace]] = []
    for number, made in enumerate(islice(own.samples(seed), samples), 1):
        trace = _trace(counter, own, made.state)
        if everything.take(str(number), trace):
            pool.append((made, trace))
        if progress is not None:
            progress(number, samples)
    chosen: list[Made] = []
    while True:
        gains = [(counter.gain(trace), -len(made.departures), -place) for place, (made, trace) in enumerate(pool)]
        best = max(gains, default=(0, 0, 0))
        if not best[0]:
            break
        made = pool.pop(-best[2])[0]
        shorter = own.fewer(made, lambda state, least=best[0]: counter.gain(_trace(counter, own, state)) >= least)
        counter.take(f"g-{len(chosen) + 1}", _trace(counter, own, shorter.state))
        chosen.append(shorter)
    cases = tuple(
        case_of(program, vocabulary, decision, made.state, f"{program.name}-{decision}-{number:02}", _title(own, made, lang))
        for number, made in enumerate(chosen, 1)
    )
    return Generated(cases, counter.coverage(len(cases)), everything.coverage(samples))


def _trace(counter: Counter, own: Generator, state: State) -> Trace:
    return counter.tracer.trace(own.decision, own.runner.builder(state.facts), state.as_of, tuple(sorted(state.readings.items())))


def case_of(program: Program, vocabulary: Vocabulary, decision: str, state: State, id_: str, title: str) -> Case:
    """A state as a case that expects what the program decides."""
    facts = vocabulary.closed(Instances(vocabulary)(state.facts))
    found = Decider(program).decide(decision, facts, state.as_of, state.readings)
    expect: dict[str, Any] = {"verdict": found.verdict}
    for name in ("amount", "effect"):
        if getattr(found, name) is not None:
            expect[name] = getattr(found, name)
    for name in ("dates", "values"):
        if getattr(found, name):
            expect[name] = dict(getattr(found, name))
    if found.failed:
        expect["failed"] = list(found.failed)
    if found.missing:
        expect["missing"] = list(found.missing)
    return Case(
        id=id_,
        title=title,
        region=program.name,
        decision=decision,
        as_of=state.as_of,
        readings=dict(state.readings),
        facts=state.facts,
        expect=Expect(expect, frozenset(name for name in ("failed", "missing") if name in expect)),
    )


def _title(own: Generator, made: Made, lang: Lang) -> str:
    """What a case departs in from the typical one."""
    zh = lang == "zh"
    base = made.base if made.base else 0
    parts = [("典型情形" if zh else "typical case") + (f" {base + 1}" if base else "")]
    for slot, option in made.departures:
        name = own.vocabulary.describe(slot.name, lang) if slot.kind in ("fact", "whole") else slot.name
        match slot.kind:
            case "day":
                value = literal(own.frame.days[option % len(own.frame.days)])[2:-1]
                parts.append(f"判定日 {value}" if zh else f"asked for {value}")
            case "reading":
                parts.append(f"{name} = {own.frame.readings[slot.name][option % slot.count]}")
            case "length":
                lengths = own.frame.options.lengths(slot.path)
                count = lengths[option % len(lengths)]
                parts.append(f"{own.vocabulary.describe(slot.path, lang)} {count} 项" if zh else f"{count} {slot.path}")
            case _ if option < 0:
                parts.append(f"{name}未知" if zh else f"{name} unknown")
            case _:
                values = (
                    own.frame.values(slot, made.state.as_of) if slot.kind == "fact" else own.frame.options.of(slot.path, made.state.as_of)
                )
                shown = literal(values[option % len(values)]).strip('@"') if values else ""
                label = name if slot.kind == "fact" else own.vocabulary.describe(slot.path, lang)
                parts.append(f"{label} = {shown}")
    return ("；" if zh else "; ").join(parts)


def header(found: Generated, lang: Lang) -> str:
    """The comment at the head of a file of generated cases."""
    total, possible = found.coverage.total, found.possible.total
    truths, alone = f"{total.branches.hit}/{total.branches.of}", f"{total.independent.hit}/{total.independent.of}"
    if lang == "zh":
        lines = [
            "由 dte generate-cases 生成；expect 是现有规则的判定结果，须由政策人员对照文件逐条核定后方可采用。",
            f"{len(found.cases)} 个案例；真假取值 {truths}，独立影响 {alone}（全部备选案例可达 {possible.independent.hit}）。",
        ]
    else:
        lines = [
            "Made by dte generate-cases; what the cases expect is what the rules decide today.",
            "Check each against the notice before you keep it.",
            f"{len(found.cases)} cases; truths of conditions {truths}, conditions that matter by themselves {alone} "
            f"(of all candidates: {possible.independent.hit}).",
        ]
    return "".join(f"# {line}\n" for line in lines)
